"""A store: whose turn it is, what stops a guest, what comes out of it, and how it ends."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from tests.runtime.core.conftest import Guest
from witkit.canonical.errors import Violation
from witkit.runtime import InstanceError, Reason, Trap
from witkit.runtime.cache import Cache
from witkit.runtime.core import callbacks
from witkit.runtime.core.callbacks import BITS
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.state import HostFunction

Make = Callable[..., Guest]

RELAY = """(module
  (import "host" "ask" (func $ask (param i32) (result i32)))
  (func (export "relay") (param i32) (result i32) (i32.add (i32.const 1) (call $ask (local.get 0)))))"""

WRONG = """(module (memory 1)
  (func $inner (param i32) (result i32) (i32.load (local.get 0)))
  (func $outer (export "fault") (param i32) (result i32) (call $inner (local.get 0)))
  (func (export "spin") (param i32) (result i32) (loop $l (br $l)) unreachable)
  (func $deep (export "deep") (param i32) (result i32) (call $deep (local.get 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "nop") (param i32) (result i32) (local.get 0)))"""


def test_calls_go_both_ways(guest: Make) -> None:
    assert guest(RELAY, lambda n: n * 10).call("relay", 4) == 41


def test_numbers_of_every_core_type_cross(guest: Make) -> None:
    made = guest("""(module
      (func (export "sum") (param i32 i64 f32 f64) (result i32)
        (i32.add (local.get 0) (i32.wrap_i64 (i64.shr_u (local.get 1) (i64.const 40))))))""")
    assert made.call("sum", 3, 5 << 40, 0, 0, signature="iIfF:i") == 8


def test_a_function_of_another_type_is_never_called(guest: Make) -> None:
    made = guest('(module (func (export "f") (param i64) (result i32) (i32.const 1)))')
    with pytest.raises(Violation, match="a core function has the signature I:i, not i:i"):
        made.call("f", 1)
    with pytest.raises(Violation, match="the signature I:i, not I:"):
        made.call("f", 1, signature="I:")


def test_references_are_a_type_of_their_own(guest: Make) -> None:
    made = guest('(module (func (export "f") (param externref v128) (result i32) (i32.const 1)))')
    with pytest.raises(Violation, match=r"the signature \?\?:i"):
        made.call("f", 1)


def test_what_is_not_a_function_is_never_called(guest: Make) -> None:
    made = guest('(module (memory (export "f") 1))')
    with pytest.raises(Violation, match="a core function is something else"):
        made.call("f", 1)


def test_a_host_exception_comes_out_as_the_same_object_and_names_the_call(guest: Make) -> None:
    problem = LookupError("nothing there")

    def ask(n: int) -> int:
        raise problem

    made = guest(RELAY, ask)
    with pytest.raises(LookupError) as caught:
        made.call("relay", 1)
    assert caught.value is problem
    assert caught.value.__notes__ == ["raised by the host in the WIT call test:host/api#ask"]
    with pytest.raises(InstanceError, match="the instance was closed after LookupError in a host function of `relay`"):
        made.call("relay", 1)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_ends_programs_passes_the_guest(guest: Make, kind: type[BaseException]) -> None:
    def ask(n: int) -> int:
        raise kind

    with pytest.raises(kind):
        guest(RELAY, ask).call("relay", 1)


def test_an_exception_that_struck_before_the_first_line_of_a_callback_is_not_lost(guest: Make) -> None:
    def ask(n: int) -> int:
        callbacks.LOST[threading.get_ident()] = KeyboardInterrupt()
        return 1

    with pytest.raises(KeyboardInterrupt):
        guest(RELAY, ask).call("relay", 1)
    assert not callbacks.LOST


def test_a_trap_has_its_reason_and_its_frames(guest: Make) -> None:
    made = guest(WRONG)
    with pytest.raises(Trap) as caught:
        made.call("fault", -1)
    trap = caught.value
    assert (trap.reason, trap.function) == (Reason.MEMORY, "fault")
    assert [frame.rpartition("!")[2] for frame in trap.backtrace] == ["inner", "outer"]
    assert trap.args == ("`fault` stopped: the guest accessed memory out of its bounds",)


def test_after_a_trap_nothing_runs_any_more(guest: Make) -> None:
    made = guest(WRONG)
    with pytest.raises(Trap):
        made.call("fault", -1)
    assert made.state.closed
    with pytest.raises(InstanceError, match="closed after an earlier error: `fault` stopped"):
        made.call("nop", 1)


def test_endless_recursion_stops(guest: Make) -> None:
    with pytest.raises(Trap) as caught:
        guest(WRONG).call("deep", 1)
    assert caught.value.reason is Reason.STACK


def test_recursion_through_the_host_stops(guest: Make) -> None:
    made: Guest

    def ask(n: int) -> int:
        return made.call("relay", n)

    made = guest(RELAY, ask)
    with pytest.raises((RecursionError, Trap)):
        made.call("relay", 1)


def test_a_host_function_may_call_back(guest: Make) -> None:
    made: Guest

    def ask(n: int) -> int:
        return made.call("relay", n - 1) if n else 0

    made = guest(RELAY, ask)
    assert made.call("relay", 20) == 21


def test_a_guest_without_end_is_stopped_at_its_timeout(guest: Make) -> None:
    made = guest(WRONG, timeout=0.05)
    with pytest.raises(Trap) as caught:
        made.call("spin", 1)
    assert caught.value.reason is Reason.TIMEOUT


def test_a_memory_ends_at_its_limit(guest: Make) -> None:
    made = guest(WRONG, memory=10 << 16)
    assert [made.call("grow", 5), made.call("grow", 5)] == [1, -1]


def test_fuel_ends(tmp_path: Any) -> None:
    made = Guest(Modules(Mode(fuel=True), Cache(tmp_path)), WRONG, fuel=1000)
    assert [made.call("nop", n) for n in range(500)] == list(range(500))
    with pytest.raises(Trap) as caught:
        made.call("spin", 1)
    assert caught.value.reason is Reason.FUEL


def test_another_thread_has_to_wait_for_its_turn(guest: Make) -> None:
    errors: list[BaseException] = []

    def ask(n: int) -> int:
        def other() -> None:
            try:
                made.call("relay", 1)
            except InstanceError as error:
                errors.append(error)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        return n

    made = guest(RELAY, ask)
    assert made.call("relay", 7) == 8
    assert "in use by another thread" in str(errors[0])


def test_exceptions_in_many_threads_reach_their_own_callers(modules: Modules) -> None:
    wrong: list[object] = []

    def work(thread: int) -> None:
        for turn in range(50):

            def ask(n: int) -> int:
                raise LookupError(f"{thread} {n}")

            made = Guest(modules, RELAY, ask)
            try:
                made.call("relay", turn)
            except LookupError as error:
                if error.args != (f"{thread} {turn}",):
                    wrong.append(error)
            except BaseException as error:
                wrong.append(error)
            else:
                wrong.append("nothing")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_store_that_is_closed_during_a_call_is_freed_after_it(guest: Make) -> None:
    def ask(n: int) -> int:
        made.state.close()
        assert not made.state.closed
        return n

    made = guest(RELAY, ask)
    assert made.call("relay", 1) == 2
    assert made.state.closed
    with pytest.raises(InstanceError, match="the instance is closed"):
        made.call("relay", 1)


def test_closing_forgets_every_function(guest: Make) -> None:
    class Target:
        def __call__(self, n: int) -> int:
            return n

        __name__ = "ask"

    target = Target()
    made = guest(RELAY, target)
    serial = made.state._base >> BITS
    assert made.call("relay", 1) == 2
    gone = weakref.ref(target)
    made.state.close()
    assert not [number for number in callbacks.RUNS if number >> BITS == serial]
    assert serial not in callbacks.STATES
    del target, made
    gc.collect()
    assert gone() is None


def test_a_function_can_be_made_at_its_first_call(modules: Modules) -> None:
    made: list[str] = []

    class Lazy(Guest):
        def imported(self, target: Callable[..., int | None]) -> Any:
            def make() -> Callable[[int], None]:
                made.append("made")
                return lambda at: None

            return self.state.extern(HostFunction(self.modules.mode.function_type("i:i"), make))

    guest = Lazy(modules, RELAY, lambda n: n)
    assert made == []
    assert [guest.call("relay", n) for n in (1, 2, 3)] == [2, 3, 4]
    assert made == ["made"]
    guest.state.close()
