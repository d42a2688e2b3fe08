"""Every wait of a guest ends when another thread says so, and by Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from threading import Thread

import pytest

from tests.wasi.asking import Asked
from tests.wasi.peers import Peers, peers
from witkit.runtime import Wasi
from witkit.wasi import Machine
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


@pytest.mark.skipif(sys.platform == "win32", reason="has no pthread_kill")
def test_ctrl_c_ends_a_wait(asked: Asked) -> None:
    main = threading.main_thread().ident
    assert main is not None

    def begin(data: bytes) -> None:
        if data.strip():
            Thread(target=signal.pthread_kill, args=(main, signal.SIGINT)).start()

    with asked.running(Wasi(stdout=begin)) as instance, pytest.raises(KeyboardInterrupt):
        instance.function(None, "ask")(f"{SOON}time.sleep(10**6)")


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
