"""What comes out of a call that fails, and what becomes of the instance."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.runtime import guests
from witkit import abi
from witkit.runtime import Engine, Instance, InstanceError, MissingImport, Reason, Trap, UntypedComponent
from witkit.runtime.core import callbacks
from witkit.runtime.core.callbacks import LOST

HOST = "t:behave/host"


class Plain:
    """A host that raises what a test asks for."""

    def __init__(self, hit: Callable[[int], int] = lambda n: n) -> None:
        self.hit = hit
        self.reported: list[str] = []

    def tell(self, text: str) -> None:
        self.reported.append(text)

    def ask(self) -> str:
        return "answer"

    def maybe(self, n: int) -> int:
        if n > 5:
            raise abi.Err("too big")
        return n


@pytest.fixture(scope="module")
def component(engine: Engine) -> UntypedComponent:
    return engine.load(guests.behaviour())


def start(component: UntypedComponent, hit: Callable[[int], int] = lambda n: n) -> Instance:
    return component.instantiate({HOST: Plain(hit)})


@pytest.mark.parametrize(
    ("export", "arguments", "reason", "frame"),
    [
        ("panic", (), Reason.UNREACHABLE, "panic"),
        ("divide", (0,), Reason.ARITHMETIC, "function"),
        ("outside", (), Reason.MEMORY, "function"),
        ("recurse", (), Reason.STACK, "recurse"),
    ],
)
def test_a_trap_has_its_reason_and_the_guests_frames(
    component: UntypedComponent, export: str, arguments: tuple[int, ...], reason: Reason, frame: str
) -> None:
    with start(component) as instance:
        with pytest.raises(Trap) as caught:
            instance.function(None, export)(*arguments)
        assert caught.value.reason is reason
        assert caught.value.function == export
        assert frame in caught.value.backtrace[0]
        assert f"`{export}` stopped" in str(caught.value)


def test_after_a_trap_the_instance_is_closed_and_says_why_and_the_next_one_works(component: UntypedComponent) -> None:
    instance = start(component)
    add = instance.function(None, "add")
    with pytest.raises(Trap):
        instance.function(None, "panic")()
    assert instance.closed
    with pytest.raises(InstanceError, match="closed after an earlier error: `panic` stopped"):
        add(1, 2)
    with start(component) as other:
        assert other.function(None, "add")(1, 2) == 3


def test_a_host_exception_comes_out_as_the_same_object_with_the_call_as_a_note(component: UntypedComponent) -> None:
    problem = KeyError("no such thing")

    def hit(n: int) -> int:
        raise problem

    instance = start(component, hit)
    with pytest.raises(KeyError) as caught:
        instance.function(None, "call")(1)
    assert caught.value is problem
    assert problem.__notes__ == ["raised by the host in the WIT call t:behave/host#hit"]
    names = []
    trace = caught.value.__traceback__
    while trace is not None:
        names.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    assert "hit" in names
    assert instance.closed


@pytest.mark.parametrize("ends", ["raises", "traps"])
def test_deep_reentrance_gives_one_note(component: UntypedComponent, ends: str) -> None:
    def hit(n: int) -> int:
        if n:
            return int(call(n - 1))
        if ends == "traps":
            panic()
        raise LookupError("at the bottom")

    with start(component, hit) as instance:
        call, panic = instance.function(None, "call"), instance.function(None, "panic")
        with pytest.raises((LookupError, Trap)) as caught:
            call(50)
    assert caught.value.__notes__ == ["raised by the host in the WIT call t:behave/host#hit"]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_exceptions_that_are_not_an_exception_come_out_too(
    component: UntypedComponent, kind: type[BaseException]
) -> None:
    problem = kind("stop")

    def hit(n: int) -> int:
        raise problem

    with start(component, hit) as instance, pytest.raises(kind) as caught:
        instance.function(None, "call")(1)
    assert caught.value is problem


def test_a_signal_while_the_guest_runs_is_raised_and_nothing_crashes(component: UntypedComponent) -> None:
    for round in range(10):
        entered = threading.Event()

        def interrupt(entered: threading.Event = entered, after: float = round / 1000) -> None:
            assert entered.wait(60)
            time.sleep(after)
            os.kill(os.getpid(), signal.SIGINT)

        def hit(n: int, entered: threading.Event = entered) -> int:
            entered.set()
            return n

        thread = threading.Thread(target=interrupt)
        thread.start()
        with start(component, hit) as instance:
            many = instance.function(None, "call-many")
            with pytest.raises(KeyboardInterrupt):
                many(2_000_000_000)
            assert instance.closed
        thread.join()


@pytest.mark.parametrize("names_itself", [True, False], ids=["until Python 3.12", "from Python 3.13 on"])
def test_an_interruption_as_a_callback_ends_is_kept(
    names_itself: bool, component: UntypedComponent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ctypes hands it to `sys.unraisablehook`, with the callback itself or only with its name in the message."""
    struck, callback = KeyboardInterrupt(), callbacks._called
    said = "Exception ignored on calling ctypes callback function"
    if not names_itself:
        said = f"{said} {callback!r}"
    lost = SimpleNamespace(
        exc_type=KeyboardInterrupt,
        exc_value=struck,
        exc_traceback=None,
        object=callback if names_itself else None,
        err_msg=said,
    )
    heard: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    start(component, lambda n: n).close()
    sys.unraisablehook(cast(Any, lost))
    lost.object, lost.err_msg = None, "of somebody else"
    sys.unraisablehook(cast(Any, lost))
    assert heard == [lost]
    assert LOST.pop(threading.get_ident()) is struck
    ours = sys.unraisablehook
    start(component, lambda n: n).close()
    assert sys.unraisablehook is ours, "one hook is enough"


LATE = """
import witkit.runtime.core.callbacks as callbacks
class Late:
    def __del__(self):
        raise ValueError("late")
callbacks.late = Late()
"""


def test_an_exception_after_the_names_of_modules_are_gone_is_reported_by_python_as_always() -> None:
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, check=True)
    assert done.stderr.endswith("\nValueError: late\n")
    assert "unraisablehook" not in done.stderr


def test_no_exception_is_lost_or_swapped_among_threads(component: UntypedComponent) -> None:
    rounds = 400
    kinds: tuple[type[BaseException], ...] = (ValueError, KeyboardInterrupt, LookupError, SystemExit)

    def work(thread: int) -> int:
        right = 0
        for round in range(rounds):
            kind = kinds[round % len(kinds)]
            problem = kind(f"{thread}-{round}")

            def hit(n: int, problem: BaseException = problem) -> int:
                raise problem

            with start(component, hit) as instance:
                if round % 5 == 4:
                    with pytest.raises(Trap):
                        instance.function(None, "panic")()
                    right += 1
                    continue
                with pytest.raises(kind) as caught:
                    instance.function(None, "call")(1)
                right += caught.value is problem
        return right

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [rounds] * 8


def test_a_wrong_result_of_a_host_function_is_named(component: UntypedComponent) -> None:
    for result, kind, message in [
        (-1, ValueError, "hit() result: expected u32, got -1"),
        ("7", TypeError, "hit() result: expected u32, got '7'"),
        (None, TypeError, "hit() result: expected u32, got None"),
    ]:

        def hit(n: int, wrong: Any = result) -> Any:
            return wrong

        with start(component, hit) as instance, pytest.raises(kind) as caught:
            instance.function(None, "call")(1)
        assert message in str(caught.value)


def test_a_result_type_is_returned_or_raised(component: UntypedComponent) -> None:
    with start(component) as instance:
        maybe = instance.function(None, "maybe")
        assert maybe(3) == 3
        with pytest.raises(abi.Err) as caught:
            maybe(9)
        assert caught.value.value == "too big"
        assert maybe(4) == 4, "an error that the WIT declares leaves the instance alone"


def test_an_err_of_another_type_is_named(component: UntypedComponent) -> None:
    class Odd(Plain):
        def maybe(self, n: int) -> int:
            raise abi.Err(7)

    wrong = pytest.raises(TypeError, match=r"maybe\(\) error: expected string, got 7")
    with component.instantiate({HOST: Odd()}) as instance, wrong:
        instance.function(None, "maybe")(9)


def test_a_host_function_may_call_the_guest_again(component: UntypedComponent) -> None:
    instances: list[Instance] = []

    def hit(n: int) -> int:
        if n == 0:
            return 0
        inner: int = instances[0].function(None, "call")(n - 1)
        return inner + 1

    with start(component, hit) as instance:
        instances.append(instance)
        assert instance.function(None, "call")(20) == 20


def test_an_error_in_a_nested_call_stops_the_outer_call_too(component: UntypedComponent) -> None:
    instances: list[Instance] = []

    def hit(n: int) -> int:
        with pytest.raises(Trap):
            instances[0].function(None, "panic")()
        with pytest.raises(InstanceError, match="earlier error"):
            instances[0].function(None, "nop")()
        return 5

    instance = start(component, hit)
    instances.append(instance)
    with pytest.raises(InstanceError, match="earlier error"):
        instance.function(None, "call")(1)
    assert instance.closed


def test_an_instance_closed_within_a_call_is_closed_after_it(component: UntypedComponent) -> None:
    instances: list[Instance] = []

    def hit(n: int) -> int:
        instances[0].close()
        assert not instances[0].closed
        return n

    instance = start(component, hit)
    instances.append(instance)
    assert instance.function(None, "call")(3) == 3
    assert instance.closed


def test_a_second_thread_is_refused_while_a_call_runs(component: UntypedComponent) -> None:
    inside, done = threading.Event(), threading.Event()

    def hit(n: int) -> int:
        inside.set()
        assert done.wait(60)
        return n

    with start(component, hit) as instance:
        call, add = instance.function(None, "call"), instance.function(None, "add")
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(call, 1)
            assert inside.wait(60)
            with pytest.raises(InstanceError, match="in use by another thread"):
                add(1, 2)
            done.set()
            assert running.result(60) == 1
        assert add(1, 2) == 3


def test_threads_share_a_component_each_with_its_own_instance(component: UntypedComponent) -> None:
    def work(thread: int) -> int:
        with start(component) as instance:
            call = instance.function(None, "call")
            return sum(call(thread) for _ in range(500))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [500 * n for n in range(8)]


def test_an_unclosed_instance_is_a_resource_warning(component: UntypedComponent) -> None:
    instance = start(component)
    state = instance._state
    with pytest.warns(ResourceWarning, match="Instance was never closed"):
        del instance
    assert state.closed


def test_calling_an_optional_import_that_is_missing_raises_missing_import(component: UntypedComponent) -> None:
    with component.instantiate(optional=[HOST]) as instance:
        assert instance.function(None, "add")(1, 2) == 3
        with pytest.raises(MissingImport, match="t:behave/host#hit"):
            instance.function(None, "call")(1)


def test_an_unknown_export_is_refused_with_what_there_is(component: UntypedComponent) -> None:
    from witkit.text import WitkitError

    with start(component) as instance:
        with pytest.raises(WitkitError, match="does not export `addd`"):
            instance.function(None, "addd")
        with pytest.raises(WitkitError, match="has no export `t:behave/other`"):
            instance.function("t:behave/other", "add")
