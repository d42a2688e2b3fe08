"""What a stream of NATS keeps and forgets: hosts remove what is done, and a crash takes nothing else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.backends.errors import soon
from tests.backends.messaging.backends import Backend
from tests.backends.messaging.test_faults import done
from tests.backends.messaging.test_promises import SHORT, taken
from tests.services.names import new_name
from tests.services.private.nats import PrivateNats
from witkit.backends.failure import Failure, Kind
from witkit.backends.messaging import nats_tidying
from witkit.backends.messaging.nats import OURS
from witkit.backends.messaging.protocol import Messages

pytestmark = pytest.mark.nats

COUNT = 200


@pytest.fixture
def server() -> Iterator[PrivateNats]:
    with PrivateNats() as running:
        yield running


@pytest.fixture
def backend(server: PrivateNats) -> Backend:
    return Backend("nats", {"url": server.url, "stream": new_name(), "timeout": 10})


def stream(backend: Backend) -> Any:
    """What the server says about the stream."""

    async def asked() -> Any:
        import nats

        client = await nats.connect(backend.settings["url"])
        info = await client.jetstream().stream_info(backend.settings["stream"])
        await client.close()
        return info

    return asyncio.run(asked())


@pytest.mark.parametrize("every", [0.0, nats_tidying.EVERY])
@pytest.mark.parametrize(("slow", "fast"), [("a", "z"), ("z", "a")])
def test_a_crash_takes_nothing_from_a_group_while_another_is_ahead(
    server: PrivateNats, backend: Backend, slow: str, fast: str, every: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NATS 2.9 reads consumers in the order of their names, and lost all of it if the one ahead came last."""
    monkeypatch.setattr(nats_tidying, "EVERY", every)
    sent = [b"%d" % number for number in range(COUNT)]
    with backend.spoken(again=5) as messages:
        behind, ahead = (messages.subscribe("broker", "orders", group) for group in (slow, fast))
        elsewhere = messages.subscribe("broker", "others", fast)
        for message in sent:
            messages.publish("broker", "orders", message)
            messages.publish("broker", "others", message)
        assert [done(messages, behind), *(done(messages, ahead) for _ in sent[1:])] == [sent[0], *sent[:-1]]
        assert [done(messages, elsewhere) for _ in sent] == sent
        server.kill()
        server.start()
        found = {done(messages, behind)}
        while not found >= {*sent[1:], b"last"}:
            if found >= {*sent[1:]}:
                soon(lambda: messages.publish("broker", "orders", b"last"))
            found.add(done(messages, behind))
        assert found <= {*sent, b"last"}


def test_what_all_groups_are_done_with_is_removed(backend: Backend) -> None:
    with backend.spoken() as messages:
        tokens = [messages.subscribe("broker", "orders", group) for group in ("workers", "others", None)]
        for number in range(20):
            messages.publish("broker", "orders", b"%d" % number)
            messages.publish("broker", "nobody listens", b"%d" % number)
        for token in tokens:
            assert [done(messages, token) for _ in range(20)] == [b"%d" % number for number in range(20)]
    assert stream(backend).state.messages == 1
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"tea")
        assert done(messages, token) == b"tea"
        assert messages.receive(token, SHORT) is None


def test_what_a_group_has_not_acknowledged_stays(backend: Backend) -> None:
    backend = Backend(backend.name, {**backend.settings, "again": 5})
    with backend.spoken() as messages:
        tokens = [messages.subscribe("broker", "orders", group) for group in ("workers", "others")]
        for number in range(20):
            messages.publish("broker", "orders", b"%d" % number)
        assert [done(messages, tokens[0]) for _ in range(20)] == [b"%d" % number for number in range(20)]
        held = [taken(messages, tokens[1]) for _ in range(10)]
        for received in held[5:]:
            messages.acknowledge(tokens[1], received)
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders", "others")
        kept = {b"%d" % number for number in (*range(5), *range(10, 20))}
        assert {done(messages, token) for _ in kept} == kept


def test_a_slow_group_keeps_only_what_is_its_own(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nats_tidying, "EVERY", 0.0)
    with backend.spoken() as messages:
        slow, others = (messages.subscribe("broker", topic, "workers") for topic in ("slow", "orders"))
        for number in range(20):
            messages.publish("broker", "slow", b"%d" % number)
            messages.publish("broker", "orders", b"%d" % number)
        assert [done(messages, others) for _ in range(20)] == [b"%d" % number for number in range(20)]
    assert stream(backend).state.messages <= 22
    with backend.spoken() as messages:
        slow = messages.subscribe("broker", "slow", "workers")
        assert [done(messages, slow) for _ in range(20)] == [b"%d" % number for number in range(20)]


def test_what_one_member_holds_is_not_forgotten_while_others_go_on(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NATS 2.9 forgets it if all of a topic before it is removed at once."""
    monkeypatch.setattr(nats_tidying, "EVERY", 0.0)
    backend = Backend(backend.name, {**backend.settings, "again": 5})
    with backend.spoken() as messages:
        slow, token = (messages.subscribe("broker", topic, "workers") for topic in ("slow", "orders"))
        messages.publish("broker", "slow", b"tea")
        for number in range(20):
            messages.publish("broker", "orders", b"%d" % number)
        before = [done(messages, token) for _ in range(10)]
        held = taken(messages, token)
        after = [done(messages, token) for _ in range(9)]
        assert [*before, held.message, *after] == [b"%d" % number for number in range(20)]
        assert done(messages, token) == held.message
        assert done(messages, slow) == b"tea"


def filled(messages: Messages) -> Iterator[bytes]:
    """What is published until the disk is full."""
    while True:
        try:
            messages.publish("broker", "orders", bytes(100_000))
        except Failure as failure:
            if failure.kind is Kind.FULL:
                return
            raise
        yield bytes(100_000)


def test_a_full_disk_takes_messages_again_when_others_are_done() -> None:
    with PrivateNats(storage=4 << 20) as server:
        backend = Backend("nats", {"url": server.url, "stream": new_name()})
        with backend.spoken() as messages:
            token = messages.subscribe("broker", "orders", "workers")
            sent = list(filled(messages))
            assert len(sent) > 10
            for message in sent:
                assert done(messages, token) == message
            messages.publish("broker", "orders", b"tea")
            assert done(messages, token) == b"tea"


@pytest.fixture
def older(backend: Backend) -> Backend:
    """The backend with a stream of an earlier witkit, in which a group waits for a message."""

    async def made() -> None:
        import nats
        from nats.js.api import RetentionPolicy, StreamConfig

        name = backend.settings["stream"]
        client = await nats.connect(backend.settings["url"])
        config = StreamConfig(name, subjects=[f"{name}.>"], retention=RetentionPolicy.INTEREST)
        await client.jetstream().add_stream(config)
        await client.close()

    asyncio.run(made())
    return backend


def test_a_stream_of_an_earlier_witkit_is_changed_or_the_log_says_what_to_do(
    older: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "witkit"), older.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"tea")
        assert done(messages, token) == b"tea"
    warned = "groups can lose messages; docs/capabilities/messaging.md says how" in caplog.text
    assert (stream(older).config.description == OURS) is not warned


@pytest.mark.parametrize("description", ["Everything that was ever ordered", None])
def test_a_stream_that_somebody_else_has_made_keeps_its_messages(backend: Backend, description: str | None) -> None:
    async def made() -> None:
        import nats
        from nats.js.api import StreamConfig

        name = backend.settings["stream"]
        client = await nats.connect(backend.settings["url"])
        await client.jetstream().add_stream(StreamConfig(name, description, [f"{name}.>"]))
        await client.close()

    asyncio.run(made())
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        for number in range(3):
            messages.publish("broker", "orders", b"%d" % number)
            assert done(messages, token) == b"%d" % number
    assert stream(backend).state.messages == 3
