"""Every wait of a guest ends when another thread says so, and by Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import NoReturn

import pytest

from tests.wasi.asking import Asked
from tests.wasi.peers import Peers, peers
from witkit.runtime import Limits, Reason, Trap, Wasi, default_engine
from witkit.wasi import Machine
from witkit.wasi.streams import OutputStream
from witkit.wasi.waits import Waits

SOON = "print('waiting', flush=True)\n"


@pytest.fixture(scope="module")
def servers() -> Iterator[Peers]:
    with peers() as found:
        yield found


LONG = "monotonic_clock.subscribe_duration(10**15)"
WAITS = {
    "a pollable of the clock": f"{LONG}.block()",
    "Python's sleep": "time.sleep(10**6)",
    "several pollables": f"poll.poll([monotonic_clock.subscribe_instant(2**64 - 1), {LONG}])",
    "standard input": "stdin.get_stdin().blocking_read(1)",
    "standard input beside a clock": f"poll.poll([keep(stdin.get_stdin()).subscribe(), {LONG}])",
    "a peer that says nothing": "connected()[1].blocking_read(1)",
    "a peer that never comes": "keep(listening()).subscribe().block()",
    "a datagram": "datagrams()[1].subscribe().block()",
    "a peer that reads nothing": "fill(pair()[1])",
}  # fmt: skip
PAIR = """
def pair():
    l, c = listening(), tcp4()
    c.start_connect(net, l.local_address())
    keep(until(l.accept, l))
    return keep(until(c.finish_connect, c))

def fill(stream):
    while True:
        stream.check_write()
        stream.write(bytes(10**6))
        stream.blocking_flush()
"""


@pytest.mark.parametrize("wait", WAITS)
def test_a_wait_is_ended_by_another_thread(
    wait: str, asked: Asked, servers: Peers, monkeypatch: pytest.MonkeyPatch
) -> None:
    cause = TimeoutError("it took too long")
    reading, writing = os.pipe()

    def begin(data: bytes) -> None:
        if data.strip():
            Thread(target=machine.interrupt, args=(cause,)).start()

    with os.fdopen(reading) as pipe, Machine(Wasi(stdin="inherit", stdout=begin, network=True)) as machine:
        monkeypatch.setattr(sys, "stdin", pipe)
        with asked.running(machine=machine) as instance, pytest.raises(TimeoutError) as caught:
            instance.function(None, "ask")(f"{servers.program}\n{PAIR}\n{SOON}{WAITS[wait]}")
    os.close(writing)
    assert caught.value is cause


@pytest.mark.parametrize("wait", WAITS)
@pytest.mark.parametrize("how", ["interrupt", "close", "timeout", "interrupt of the engine"])
@pytest.mark.parametrize("own", [True, False], ids=["a machine of its own", "a machine that is given"])
def test_what_stops_a_call_ends_its_wait(
    own: bool, how: str, wait: str, asked: Asked, servers: Peers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(data: bytes) -> None:
        if data.strip() and how != "timeout":
            stop = default_engine().interrupt if how == "interrupt of the engine" else getattr(instance, how)
            Thread(target=stop).start()

    bounds = Limits.untrusted(timeout=60)
    granted = Wasi(stdin="inherit", stdout=begin, network=True)
    reading, writing = os.pipe()
    with os.fdopen(reading) as pipe, Machine(granted) as machine:
        monkeypatch.setattr(sys, "stdin", pipe)
        given = () if own else machine.provided()
        instance = asked.component.instantiate(given, wasi=granted, limits=bounds)
        with instance.limited(Limits(timeout=0.3 if how == "timeout" else 60)), pytest.raises(Trap) as caught:
            instance.function(None, "ask")(f"{servers.program}\n{PAIR}\n{SOON}{WAITS[wait]}")
        assert instance.closed
    os.close(writing)
    assert caught.value.reason is (Reason.TIMEOUT if how == "timeout" else Reason.INTERRUPTED)


@pytest.mark.skipif(sys.platform == "win32", reason="has no pthread_kill")
def test_ctrl_c_ends_a_wait(asked: Asked) -> None:
    main = threading.main_thread().ident
    assert main is not None

    def begin(data: bytes) -> None:
        if data.strip():
            Thread(target=signal.pthread_kill, args=(main, signal.SIGINT)).start()

    with asked.running(Wasi(stdout=begin)) as instance, pytest.raises(KeyboardInterrupt):
        instance.function(None, "ask")(f"{SOON}time.sleep(10**6)")


def fill(stream: OutputStream) -> NoReturn:
    """Write without end."""
    while True:
        stream.blocking_write_and_flush(bytes(4096))


@pytest.mark.skipif(sys.platform == "win32", reason="cannot wait for a pipe")
@pytest.mark.parametrize("name", ["stdout", "stderr"])
@pytest.mark.parametrize("inherited", [True, False])
def test_a_wait_for_the_reader_of_a_pipe_is_ended(
    inherited: bool, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reading, writing = os.pipe()
    path = tmp_path / "pipe"
    path.symlink_to(f"/dev/fd/{writing}")
    granted = Wasi(**{name: "inherit" if inherited else path})  # type: ignore[arg-type]
    cause = TimeoutError("it took too long")
    with os.fdopen(writing, "wb", buffering=0) as pipe, Machine(granted) as machine:
        monkeypatch.setattr(sys, name, pipe)
        stream = getattr(machine.implementation(f"wasi:cli/{name}@0.2.0"), f"get_{name}")()
        other = threading.Timer(0.05, machine.interrupt, [cause])
        other.start()
        with pytest.raises(TimeoutError) as caught:
            fill(stream)
        other.join()
    assert caught.value is cause
    assert len(os.read(reading, 1 << 20)) % 4096 == 0
    os.close(reading)


def test_a_machine_that_was_interrupted_waits_no_more() -> None:
    waits, cause = Waits(), TimeoutError()
    waits.interrupt(cause)
    waits.interrupt(ValueError("a later one"))
    for _ in range(2):
        with pytest.raises(TimeoutError) as caught:
            waits.wait([], [], 3600)
        assert caught.value is cause
    waits.close()


def test_a_nudge_before_the_wait_is_not_lost() -> None:
    waits = Waits()
    waits.prepare()
    for _ in range(100_000):  # more than the system keeps
        waits.nudge()
    began = time.monotonic()
    waits.wait([], [], 60)
    assert time.monotonic() - began < 30
    waits.close()
