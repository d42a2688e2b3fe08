"""What a trap says, and that nothing of a guest runs after one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from traceback import walk_tb
from typing import Any

import pytest

from tests.runtime.core.described import Described
from tests.runtime.core.test_subtasks import MEMORY
from witkit.abi.traps import GuestTrap
from witkit.runtime import InstanceError, Reason, Trap
from witkit.runtime.core.callbacks import POISONED
from witkit.runtime.core.fused import PATIENCE

ASKS = "(call $ask (local.get 0))"


def asking(body: str, more: str = "", **functions: Callable[..., Any]) -> Described:
    """An instance with `f`, given its body, and `fail`, which traps. Both take and give a u32, as the import `ask`."""
    return Described(
        f"""(component
          (import "ask" (func $ask (param "n" u32) (result u32)))
          (core func $ask' (canon lower (func $ask)))
          (core module $m (import "" "ask" (func $ask (param i32) (result i32)))
            {more}
            (func (export "f") (param i32) (result i32) {body})
            (func (export "fail") (param i32) (result i32) unreachable))
          (core instance $i (instantiate $m (with "" (instance (export "ask" (func $ask'))))))
          (func (export "f") (param "n" u32) (result u32) (canon lift (core func $i "f")))
          (func (export "fail") (param "n" u32) (result u32) (canon lift (core func $i "fail"))))""",
        None,
        **functions,
    )


def trap(made: Described) -> Trap:
    with pytest.raises(Trap) as caught:
        made["f"](1)
    assert made.closed
    return caught.value


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (GuestTrap("the network is unreachable"), "the network is unreachable"),
        (GuestTrap("all fuel consumed\nby the host"), "all fuel consumed\nby the host"),
        (GuestTrap(), "GuestTrap"),
    ],
)
def test_a_trap_that_the_host_asked_for_has_the_words_of_the_host(error: GuestTrap, text: str) -> None:
    def ask(n: int) -> int:
        raise error

    found = trap(asking(ASKS, ask=ask))
    assert found.args[0] == f"`f` stopped: {text}"
    assert found.reason is Reason.OTHER
    assert found.__cause__ is error
    assert [frame.f_code.co_name for frame, _ in walk_tb(error.__traceback__)][-1] == "ask"


def test_the_names_of_a_guests_functions_say_nothing_about_the_reason() -> None:
    divides = "(func $unreachable_memory (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 0)))"
    found = trap(asking("(call $unreachable_memory (local.get 0))", divides, ask=lambda n: n))
    assert found.reason is Reason.ARITHMETIC
    assert "unreachable_memory" in found.backtrace[0]


def test_a_guest_does_not_go_on_after_a_trap_that_the_host_has_caught() -> None:
    asked: list[int] = []

    def ask(n: int) -> int:
        asked.append(n)
        with pytest.raises(Trap):
            fail(n)
        return n

    made = asking(f"(drop {ASKS}) (call $ask (i32.const 7))", ask=ask)
    f, fail = made["f"], made["fail"]
    with pytest.raises(InstanceError, match="closed after an earlier error: `fail` stopped"):
        f(1)
    assert asked == [1]
    assert made.closed
    assert not POISONED


def test_a_guest_does_not_go_on_after_an_exception_that_has_passed_it() -> None:
    asked: list[int] = []

    def ask(n: int) -> int:
        asked.append(n)
        if n == 1:
            raise LookupError
        with pytest.raises(LookupError):
            f(1)
        return n

    made = asking(ASKS, ask=ask)
    f = made["f"]
    with pytest.raises(InstanceError, match="closed after LookupError in a host function of `f`"):
        f(2)
    assert asked == [2, 1]
    assert made.closed


def test_a_guest_goes_on_after_a_trap_of_another_instance() -> None:
    other = asking("unreachable", ask=lambda n: n)

    def ask(n: int) -> int:
        trap(other)
        return 5

    with asking(ASKS, ask=ask) as made:
        assert made["f"](1) == 5


SAYS = f"""(component
  (import "ask" (func $ask (param "what" string)))
  {MEMORY}
  (core func $ask' (canon lower (func $ask) (memory (core memory $mem "mem"))))
  (core module $m (import "" "ask" (func $ask (param i32 i32)))
    (func (export "f") (param i32 i32) (call $ask (local.get 0) (local.get 1))))
  (core instance $i (instantiate $m (with "" (instance (export "ask" (func $ask'))))))
  (func (export "f") (param "what" string)
    (canon lift (core func $i "f") (memory (core memory $mem "mem")) (realloc (core func $mem "realloc")))))"""


@pytest.mark.parametrize("calls", [1, PATIENCE + 1], ids=["plain", "with an adapter"])
def test_reports_of_errors_may_read_the_local_variables_of_all_frames(calls: int) -> None:
    def ask(what: str) -> None:
        if not what:
            raise LookupError

    f = Described(SAYS, ask=ask)["f"]
    for _ in range(calls - 1):
        f("abc")
    with pytest.raises(LookupError) as caught:
        f("")
    views = list(memories(caught.value))
    assert views
    for view in views:
        with pytest.raises(ValueError, match="released"):
            view[0]


def memories(error: BaseException) -> Iterator[memoryview]:
    """The views of memory that is not Python's own among the local variables of a traceback."""
    for frame, _ in walk_tb(error.__traceback__):
        for value in frame.f_locals.values():
            if isinstance(value, memoryview) and (_is_released(value) or value.obj is None):
                yield value


def _is_released(view: memoryview) -> bool:
    try:
        len(view)
    except ValueError:
        return True
    return False


def test_a_destructor_of_the_hosts_that_fails_shows_no_memory_at_all() -> None:
    class Thing:
        def __wit_dropped__(self) -> None:
            raise LookupError

    made = Described(
        """(component
          (import "r" (type $r (sub resource)))
          (core func $drop (canon resource.drop $r))
          (core module $m (import "" "drop" (func $drop (param i32)))
            (func (export "f") (param i32) (call $drop (local.get 0))))
          (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop))))))
          (func (export "f") (param "r" (own $r)) (canon lift (core func $i "f"))))"""
    )
    with pytest.raises(LookupError) as caught:
        made["f"](Thing())
    assert not list(memories(caught.value))
