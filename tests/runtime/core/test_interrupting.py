"""Whatever a guest does, another thread, a timeout or a signal stops it, and nobody else."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from tests.runtime.core.conftest import Guest
from tests.runtime.moments import until_the_guest_runs
from witkit import _waiting
from witkit.backends.locking.memory import MemoryLocks, MemorySettings
from witkit.backends.locking.protocol import Locks
from witkit.backends.locking.sqlite import SqliteLocks, SqliteSettings
from witkit.runtime import InstanceError, Reason, Trap
from witkit.runtime.core import interrupting
from witkit.runtime.core.compiling import Modules
from witkit.runtime.core.interrupting import WATCHDOG
from witkit.runtime.core.state import State
from witkit.wasi.waits import Waits

Make = Callable[..., Guest]
Stop = Callable[[Guest], object]

COMPUTES = """(module
  (import "host" "begins" (func $begins (param i32) (result i32)))
  (func (export "run") (param i32) (result i32)
    (drop (call $begins (local.get 0))) (loop $again (br $again)) unreachable)
  (func (export "nop") (param i32) (result i32) (local.get 0)))"""
ASKS = """(module
  (import "host" "ask" (func $ask (param i32) (result i32)))
  (func (export "run") (param i32) (result i32) (call $ask (local.get 0)))
  (func (export "count") (param i32) (result i32)
    (loop $again
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $again (local.get 0)))
    (i32.const 42)))"""

STOPS: dict[str, tuple[Stop, str]] = {
    "an interruption": (lambda guest: guest.state.interrupt(), "`run` stopped: the guest was interrupted"),
    "closing": (lambda guest: guest.state.close(), "`run` stopped: the instance was closed"),
    "an interruption of the engine": (
        lambda guest: guest.modules.mode.clock.interrupt(), "`run` stopped: the guest was interrupted",
    ),
}  # fmt: skip

interrupts_main = pytest.mark.skipif(sys.platform == "win32", reason="has no pthread_kill")


def computing(guest: Make, meanwhile: Stop) -> Guest:
    """A guest that computes without end, and for which `meanwhile` is called in another thread as soon as it does."""
    made: Guest

    def begins(_: int) -> None:
        Thread(target=meanwhile, args=(made,)).start()

    made = guest(COMPUTES, begins)
    return made


def waiting(guest: Make, meanwhile: Stop, **limits: float) -> Guest:
    """The same for a guest that waits."""
    waits = Waits()

    def ask(_: int) -> None:
        Thread(target=meanwhile, args=(made,)).start()
        while True:
            waits.wait([], [], 3600)

    made = guest(ASKS, ask, **limits)
    made.state.at_close.append(waits.close)
    return made


def locked(guest: Make, meanwhile: Stop, locks: Locks) -> Guest:
    """The same for a guest that waits for a lock, which nobody gives back."""
    assert locks.take("tea", b"pot", None, 0) is not None

    def ask(_: int) -> None:
        Thread(target=meanwhile, args=(made,)).start()
        locks.take("tea", b"pot", None, 3600)

    made = guest(ASKS, ask)
    return made


def send(number: int) -> None:
    """Send a signal to the main thread as soon as it computes or waits."""
    signal.pthread_kill(until_the_guest_runs(), number)


@contextmanager
def handled(number: int, handler: Callable[..., object]) -> Iterator[None]:
    """Handle a signal during a `with` statement."""
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("make", [computing, waiting])
@pytest.mark.parametrize("stop", STOPS)
def test_a_call_is_stopped_by_another_thread(stop: str, make: Callable[..., Guest], guest: Make) -> None:
    meanwhile, message = STOPS[stop]
    made = make(guest, meanwhile)
    with pytest.raises(Trap) as caught:
        made.call("run", 1)
    assert (caught.value.reason, caught.value.function) == (Reason.INTERRUPTED, "run")
    assert caught.value.args == (message,)
    assert len(caught.value.backtrace) == 1
    assert made.state.closed
    with pytest.raises(InstanceError, match="closed"):
        made.call("run", 1)


@pytest.mark.parametrize("name", ["memory", "sqlite"])
def test_a_wait_for_a_lock_is_ended(name: str, guest: Make, tmp_path: Path) -> None:
    locks = SqliteLocks(SqliteSettings(path=tmp_path / "db")) if name == "sqlite" else MemoryLocks(MemorySettings())
    made = locked(guest, lambda made: made.state.interrupt(), locks)
    with pytest.raises(Trap) as caught:
        made.call("run", 1)
    assert caught.value.reason is Reason.INTERRUPTED
    assert locks.take("tea", b"other", None, 0) is not None
    locks.close()


def test_a_wait_ends_with_the_timeout_of_its_call(guest: Make) -> None:
    with pytest.raises(Trap, match="longer than its timeout") as caught:
        waiting(guest, lambda _: None, timeout=0.05).call("run", 1)
    assert caught.value.reason is Reason.TIMEOUT


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_wait_that_cannot_be_ended_does_not_keep_others_from_being_stopped(guest: Make) -> None:
    class Stubborn:
        def nudge(self) -> None:
            raise LookupError("cannot be ended")

    def waits(_: int) -> None:
        with _waiting.within(Stubborn()):
            time.sleep(0.5)

    def other() -> None:
        try:
            waiting.call("run", 1)
        except Trap as trap:
            reasons.append(trap.reason)

    reasons: list[Reason] = []
    waiting = guest(ASKS, waits, timeout=0.05)
    thread = Thread(target=other)
    thread.start()
    with pytest.raises(Trap) as caught:
        guest(COMPUTES, lambda n: n, timeout=0.2).call("run", 1)
    thread.join()
    assert [caught.value.reason, *reasons] == [Reason.TIMEOUT, Reason.TIMEOUT]


def test_a_timeout_of_nothing_stops_a_guest_that_computes(guest: Make) -> None:
    with pytest.raises(Trap) as caught:
        guest(COMPUTES, lambda n: n, timeout=0.0).call("run", 1)
    assert caught.value.reason is Reason.TIMEOUT


@interrupts_main
@pytest.mark.parametrize("make", [computing, waiting])
def test_ctrl_c_stops_a_guest_in_the_main_thread(make: Callable[..., Guest], guest: Make) -> None:
    made = make(guest, lambda _: send(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        made.call("run", 1)
    with pytest.raises(InstanceError, match="the instance was closed after KeyboardInterrupt in a call of `run`"):
        made.call("run", 1)


@interrupts_main
def test_ctrl_c_stops_a_guest_after_a_time_without_calls(guest: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupting, "LINGER", 0.02)
    monkeypatch.setattr(interrupting, "KEPT", 0.02)
    made = computing(guest, lambda _: send(signal.SIGINT))
    made.call("nop", 1)
    while any(thread.name == "witkit-watchdog" for thread in threading.enumerate()):
        time.sleep(0.01)
    made.call("nop", 1)
    with pytest.raises(KeyboardInterrupt):
        made.call("run", 1)


@interrupts_main
def test_ctrl_c_stops_a_guest_while_another_one_has_a_timeout(guest: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupting, "LINGER", 0.02)
    other = waiting(guest, lambda _: None, timeout=3600)
    thread = Thread(target=pytest.raises, args=(Trap, other.call, "run", 1))
    thread.start()
    made = computing(guest, lambda _: send(signal.SIGINT))
    while not WATCHDOG.resting:
        time.sleep(0.01)
    with pytest.raises(KeyboardInterrupt):
        made.call("run", 1)
    assert thread.is_alive()
    other.state.interrupt()
    thread.join()


@interrupts_main
def test_a_guest_goes_on_after_a_signal_that_was_handled(guest: Make) -> None:
    seen: list[int] = []

    def handler(number: int, frame: object) -> None:
        seen.append(number)
        made.state.interrupt()

    made = computing(guest, lambda _: send(signal.SIGTERM))
    with handled(signal.SIGTERM, handler), pytest.raises(Trap, match="the guest was interrupted"):
        made.call("run", 1)
    assert seen == [signal.SIGTERM]


@interrupts_main
def test_a_handler_of_a_signal_cannot_call_the_guest_that_it_has_interrupted(guest: Make) -> None:
    def begins(_: int) -> None:
        Thread(target=send, args=[signal.SIGUSR1]).start()

    inner, made = guest(ASKS, lambda n: n), guest(COMPUTES, begins)
    called: list[int] = []

    def handle(*_: object) -> None:
        with pytest.raises(InstanceError, match="has interrupted the guest, and cannot call it"):
            made.call("nop", 1)
        called.append(inner.call("run", 5))
        made.state.interrupt()

    with handled(signal.SIGUSR1, handle), pytest.raises(Trap, match="interrupted"):
        made.call("run", 1)
    assert called == [5]


@interrupts_main
def test_a_handler_of_a_signal_may_call_a_guest_that_waits_for_the_host(guest: Make) -> None:
    def ask(n: int) -> int:
        signal.raise_signal(signal.SIGUSR1)
        return called[0]

    called: list[int] = []
    made = guest(ASKS, ask)
    with handled(signal.SIGUSR1, lambda *_: called.append(made.call("count", 5))):
        assert made.call("run", 1) == 42


def test_only_the_guest_that_is_meant_is_stopped(guest: Make) -> None:
    begun = threading.Barrier(3)
    ended: dict[str, Trap] = {}

    def runs(name: str, made: Guest) -> None:
        with pytest.raises(Trap) as caught:
            made.call("run", 1)
        ended[name] = caught.value

    guests = {name: guest(COMPUTES, lambda _: begun.wait() and None) for name in ("one", "other")}
    threads = {name: Thread(target=runs, args=(name, made)) for name, made in guests.items()}
    for thread in threads.values():
        thread.start()
    begun.wait()
    guests["one"].state.interrupt()
    threads["one"].join()
    assert threads["other"].is_alive()
    guests["other"].state.interrupt()
    threads["other"].join()
    assert [trap.reason for trap in ended.values()] == [Reason.INTERRUPTED] * 2


def test_an_interruption_without_a_call_does_nothing(guest: Make) -> None:
    made = guest(COMPUTES, lambda n: n)
    made.state.interrupt()
    assert made.call("nop", 5) == 5


def test_an_interruption_that_comes_too_late_is_forgotten(guest: Make) -> None:
    made = guest(ASKS, lambda n: n)
    assert made.call("run", 5) == 5
    made.state.owner = threading.get_ident()  # as another thread has read it, before the call ended
    made.state.interrupt()
    made.state.owner = 0
    assert made.call("count", 1_000_000) == 42


def test_a_host_function_may_interrupt_the_guest_that_called_it(guest: Make) -> None:
    made: Guest

    def begins(_: int) -> None:
        made.state.interrupt()

    made = guest(COMPUTES, begins)
    with pytest.raises(Trap, match="the guest was interrupted"):
        made.call("run", 1)


@pytest.mark.parametrize("make", [computing, waiting])
def test_what_stops_a_call_stops_those_that_it_has_led_to(make: Callable[..., Guest], guest: Make) -> None:
    outer: Guest

    def stop(_: Guest) -> None:
        outer.state.interrupt()

    inner = make(guest, stop)
    outer = guest(ASKS, lambda n: inner.call("run", n))
    with pytest.raises(Trap) as caught:
        outer.call("run", 1)
    assert caught.value.reason is Reason.INTERRUPTED
    assert inner.state.closed
    assert outer.state.closed


def test_a_timeout_counts_for_the_calls_that_a_call_has_led_to(guest: Make) -> None:
    inner = computing(guest, lambda _: None)
    with pytest.raises(Trap) as caught:
        guest(ASKS, lambda n: inner.call("run", n), timeout=0.05).call("run", 1)
    assert caught.value.reason is Reason.TIMEOUT


def test_what_stops_an_inner_call_lets_the_outer_one_go_on(guest: Make) -> None:
    inner = computing(guest, lambda made: made.state.interrupt())

    def ask(n: int) -> int:
        with pytest.raises(Trap):
            inner.call("run", n)
        return 7

    assert guest(ASKS, ask).call("run", 1) == 7


def test_interruptions_at_any_moment_stop_a_call_or_none(guest: Make) -> None:
    current: list[State] = []
    done = threading.Event()

    def interrupts() -> None:
        while not done.is_set():
            for state in current[-1:]:
                state.interrupt()

    thread = Thread(target=interrupts)
    thread.start()
    reasons = set[Reason]()
    for _ in range(100):
        made = guest(ASKS, lambda n: n)
        current.append(made.state)
        try:
            for _ in range(100):
                assert made.call("count", 1000) == 42
        except Trap as trap:
            reasons.add(trap.reason)
            assert made.state.closed
    done.set()
    thread.join()
    assert reasons == {Reason.INTERRUPTED}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_timeout_counts_in_a_process_that_was_forked(guest: Make, modules: Modules) -> None:
    guest(COMPUTES, lambda n: n, timeout=60).call("nop", 1)  # the watchdog has a thread in this process
    child = os.fork()
    if child == 0:
        code = 1
        try:
            Guest(modules, COMPUTES, lambda n: n, timeout=0.05).call("run", 1)
        except Trap as trap:
            code = 0 if trap.reason is Reason.TIMEOUT else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_ctrl_c_stops_a_guest_from_before_in_a_process_that_was_forked(guest: Make) -> None:
    made = guest(COMPUTES, lambda n: n)
    made.call("nop", 1)  # from now on, a call has nothing to prepare while the watchdog is awake
    WATCHDOG.wake()
    assert not made.state.todo

    def stop() -> None:
        send(signal.SIGINT)
        time.sleep(60)
        os._exit(2)

    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            Thread(target=stop, daemon=True).start()
            made.call("run", 1)
        except KeyboardInterrupt:
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
