"""Stopping the calls of an instance: `interrupt`, `close`, and Ctrl-C."""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Callable
from threading import Thread

import pytest

from tests.runtime import guests
from tests.runtime.moments import when_the_guest_runs
from witkit.runtime import Engine, Instance, InstanceError, Reason, Trap, UntypedComponent

HOST = "t:behave/host"
STOPS: dict[str, tuple[Callable[[Instance], None], str]] = {
    "interrupt": (Instance.interrupt, "the guest was interrupted"),
    "close": (Instance.close, "the instance was closed"),
}


@pytest.fixture(scope="module")
def component(engine: Engine) -> UntypedComponent:
    return engine.load(guests.behaviour())


@pytest.mark.parametrize("how", STOPS)
def test_another_thread_stops_a_guest_that_computes(how: str, component: UntypedComponent) -> None:
    stop, message = STOPS[how]
    with component.instantiate(optional=[HOST]) as instance, component.instantiate(optional=[HOST]) as other:
        stopping = when_the_guest_runs(lambda: stop(instance))
        with pytest.raises(Trap) as caught:
            instance.function(None, "spin")()
        stopping.join()
        assert (caught.value.reason, caught.value.args) == (Reason.INTERRUPTED, (f"`spin` stopped: {message}",))
        assert instance.closed
        assert other.function(None, "add")(1, 2) == 3


@pytest.mark.parametrize("how", STOPS)
def test_a_second_thread_that_stops_a_guest_does_no_harm(how: str, component: UntypedComponent) -> None:
    stop, _ = STOPS[how]
    with component.instantiate(optional=[HOST]) as instance:
        spin = instance.function(None, "spin")
        threads = [Thread(target=lambda: [stop(instance) for _ in range(1000)]) for _ in range(4)]

        def start() -> None:
            for thread in threads:
                thread.start()

        starting = when_the_guest_runs(start)
        with pytest.raises(Trap):
            spin()
        starting.join()
        for thread in threads:
            thread.join()
        with pytest.raises(InstanceError):
            spin()


def test_an_interruption_without_a_call_does_nothing(component: UntypedComponent) -> None:
    with component.instantiate(optional=[HOST]) as instance:
        instance.interrupt()
        assert instance.function(None, "add")(1, 2) == 3
    instance.interrupt()


@pytest.mark.skipif(sys.platform == "win32", reason="has no setitimer")
def test_ctrl_c_at_any_moment_closes_an_instance_or_leaves_it_usable(component: UntypedComponent) -> None:
    source, before = random.Random(5), signal.signal(signal.SIGALRM, signal.default_int_handler)
    instance = component.instantiate(optional=[HOST])
    call = instance.function(None, "add")

    def calls() -> bool:
        """Make calls until a signal comes."""
        try:
            signal.setitimer(signal.ITIMER_REAL, source.uniform(2e-5, 2e-4))
            while True:
                call(1, 2)
        except KeyboardInterrupt:
            return True

    try:
        for _ in range(500):
            assert calls()
            try:
                assert call(1, 2) == 3
            except InstanceError as closed:
                assert str(closed) == "the instance was closed after KeyboardInterrupt in a call of `add`"  # noqa: PT017
                assert instance.closed
                instance = component.instantiate(optional=[HOST])
                call = instance.function(None, "add")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        instance.close()
