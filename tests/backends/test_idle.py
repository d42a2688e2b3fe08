"""Connections that are kept between calls, and commands for Redis over them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.patience import eventually
from tests.services.connections import has_heard_of_the_end
from tests.services.names import new_name
from witkit.backends.failure import Failure, Kind
from witkit.backends.idle import Idle
from witkit.backends.redis_commands import Commands


def closed() -> Failure:
    return Failure(Kind.CLOSED, "the storage is closed")


def test_the_connection_that_was_used_last_is_taken_first() -> None:
    idle = Idle[str](closed)
    assert idle.take() is None
    assert idle.put("a")
    assert idle.put("b")
    assert [idle.take(), idle.take(), idle.take()] == ["b", "a", None]


def test_nothing_is_taken_or_kept_after_the_end() -> None:
    idle = Idle[str](closed)
    idle.put("a")
    assert idle.close() == ["a"]
    assert idle.close() == []
    assert not idle.put("b")
    for asked in (idle.take, idle.check):
        with pytest.raises(Failure) as refused:
            asked()
        assert refused.value.kind is Kind.CLOSED


FORKING = """
import os, sys
from witkit.backends.idle import Idle

idle = Idle(ValueError)
idle.put("a")
for has_none in (lambda: idle.take() is None, lambda: idle.close() == []):
    child = os.fork()
    if not child:
        os._exit(0 if has_none() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert idle.take() == "a"
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_a_child_of_a_fork_has_none_of_its_parents() -> None:
    subprocess.run([sys.executable, "-c", FORKING], check=True)


@pytest.fixture
def commands(redis_url: str) -> Iterator[Commands]:
    found = Commands(redis_url, 30, closed)
    yield found
    found.close()


@pytest.mark.redis
def test_a_connection_goes_on_after_an_answer_that_is_an_error(commands: Commands, redis_prefix: str) -> None:
    first = commands.run("CLIENT", "ID")
    commands.run("SET", redis_prefix, "tea")
    with pytest.raises(Failure, match="the value is not a number"):
        commands.run("INCR", redis_prefix)
    assert commands.run("CLIENT", "ID") == first


@pytest.mark.redis
def test_a_connection_that_was_lost_while_idle_is_replaced(commands: Commands, redis_url: str) -> None:
    import redis

    first = commands.run("CLIENT", "ID")
    with redis.Redis.from_url(redis_url) as other:
        (listed,) = other.client_list(client_id=[str(first)])
        end = _address(listed["addr"]), _address(listed["laddr"])
        assert other.client_kill_filter(_id=first) == 1
    assert eventually(lambda: has_heard_of_the_end(end))
    assert commands.run("CLIENT", "ID") != first


def _address(written: str) -> tuple[str, int]:
    host, _, port = written.rpartition(":")
    return host, int(port)


@pytest.mark.redis
def test_a_script_is_sent_once_and_then_called_by_its_name(commands: Commands, redis_prefix: str) -> None:
    script = commands.script(f"return redis.call('INCRBY', KEYS[1], ARGV[1]) -- {new_name()}")
    assert [script(1, redis_prefix, 2), script(1, redis_prefix, 3)] == [2, 5]
    wrong = commands.script(f"return redis.call('GET', '{redis_prefix}', 'b') -- {new_name()}")
    for _ in range(2):
        with pytest.raises(Failure, match="the server refuses the operation"):
            wrong(0)


@pytest.mark.redis
def test_nothing_is_sent_after_the_end(redis_url: str) -> None:
    made = Commands(redis_url, 30, closed)
    assert made.run("PING")
    made.close()
    with pytest.raises(Failure) as refused:
        made.run("PING")
    assert refused.value.kind is Kind.CLOSED
