"""Async imports: what guests call of the host's, whether it has to be awaited or not, and of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import pytest

from tests.runtime.core.described import Described
from witkit import Err
from witkit.runtime import InstanceError, Limits, Reason, Trap
from witkit.runtime.core import jobs

MEMORY = """(core module $memory (memory (export "mem") 1) (global $top (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
      (local.set $p (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $p) (local.get 3))) (local.get $p)))
  (core instance $mem (instantiate $memory))"""

BUILT_INS = """
  (core func $return (canon task.return (result u32)))
  (core func $stop (canon task.cancel))
  (core func $new (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $drop (canon subtask.drop))
  (core func $cancel (canon subtask.cancel))
  (core func $cancel-async (canon subtask.cancel async))
  (core func $wait (canon waitable-set.wait (memory (core memory $mem "mem"))))
  (core func $get (canon context.get i32 0)) (core func $set (canon context.set i32 0))
  (core func $kept (canon context.get i32 1)) (core func $keep (canon context.set i32 1))
  (core func $drop-set (canon waitable-set.drop))"""

IMPORTS = """(import "" "return" (func $return (param i32))) (import "" "new" (func $new (result i32)))
  (import "" "stop" (func $stop))
  (import "" "join" (func $join (param i32 i32))) (import "" "drop" (func $drop (param i32)))
  (import "" "cancel" (func $cancel (param i32) (result i32)))
  (import "" "cancel-async" (func $cancel-async (param i32) (result i32)))
  (import "" "wait" (func $wait (param i32 i32) (result i32)))
  (import "" "get" (func $get (result i32))) (import "" "set" (func $set (param i32)))
  (import "" "kept" (func $kept (result i32))) (import "" "keep" (func $keep (param i32)))
  (import "" "drop-set" (func $drop-set (param i32)))
  (import "" "mem" (memory 1)) (import "" "f" (func $f (param i32 i32) (result i32)))"""

GIVEN = """(with "" (instance (export "return" (func $return)) (export "new" (func $new)) (export "stop" (func $stop))
  (export "join" (func $join)) (export "drop" (func $drop)) (export "cancel" (func $cancel))
  (export "cancel-async" (func $cancel-async)) (export "wait" (func $wait))
  (export "get" (func $get)) (export "set" (func $set)) (export "kept" (func $kept)) (export "keep" (func $keep))
  (export "drop-set" (func $drop-set)) (export "mem" (memory $mem "mem")) (export "f" (func $f'))))"""

# `run(n)` gives the result of `f(n)`, which is left at the address 16 * n; its subtask and set are in the
# task's storage.
BEGIN = """(local $s i32)
  (local.set $s (call $f (local.get 0) (i32.shl (local.get 0) (i32.const 4))))
  (if (i32.eq (local.get $s) (i32.const 2))
    (then (call $return (i32.load (i32.shl (local.get 0) (i32.const 4)))) (return (i32.const 0))))
  (if (i32.ne (i32.and (local.get $s) (i32.const 15)) (i32.const 1)) (then unreachable))
  (local.set $s (i32.shr_u (local.get $s) (i32.const 4)))
  (call $set (i32.or (i32.shl (local.get $s) (i32.const 16)) (local.get 0)))
  (call $keep (call $new)) (call $join (local.get $s) (call $kept))
  (i32.or (i32.const 2) (i32.shl (call $kept) (i32.const 4)))"""
BACK = """
  (if (i32.ne (local.get 0) (i32.const 1)) (then unreachable))
  (if (i32.ne (local.get 1) (i32.shr_u (call $get) (i32.const 16))) (then unreachable))
  (if (i32.ne (local.get 2) (i32.const 2)) (then unreachable))
  (call $drop (local.get 1)) (call $drop-set (call $kept))
  (call $return (i32.load (i32.shl (i32.and (call $get) (i32.const 65535)) (i32.const 4)))) (i32.const 0)"""


def caller(begin: str = BEGIN, back: str = BACK, *, more: str = "", lifts: str = "") -> str:
    """A component with `run: async func(n: u32) -> u32`, which imports `f` of the same type."""
    return f"""(component
      (import "f" (func $f async (param "n" u32) (result u32)))
      {MEMORY}{BUILT_INS}
      (core func $f' (canon lower (func $f) async (memory (core memory $mem "mem"))))
      (core module $m {IMPORTS}
        (func (export "run") (param i32) (result i32) {begin})
        (func (export "back") (param i32 i32 i32) (result i32) {back}) {more})
      (core instance $i (instantiate $m {GIVEN}))
      (func (export "run") async (param "n" u32) (result u32)
        (canon lift (core func $i "run") async (memory (core memory $mem "mem")) (callback (core func $i "back"))))
      {lifts})"""


def results(text: str, count: int, f: Callable[[int], Any], limits: Limits | None = None) -> list[Any]:
    """The results of concurrent calls of `run`, or what they raised."""

    async def main() -> list[Any]:
        with Described(text, limits, f=f) as made:
            return list(await asyncio.gather(*map(made["run"], range(1, count + 1)), return_exceptions=True))

    return asyncio.run(asyncio.wait_for(main(), 30))


def only(found: list[Any]) -> Any:
    (one,) = found
    return one


def test_a_plain_function_returns_at_once() -> None:
    assert results(caller(), 3, lambda n: n * 2) == [2, 4, 6]


def test_a_thousand_calls_await_coroutines_together() -> None:
    waiting, most = 0, 0

    async def f(n: int) -> int:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        while most < 1000:
            await asyncio.sleep(0)
        waiting -= 1
        return n * 2

    assert results(caller(), 1000, f) == [2 * n for n in range(1, 1001)]
    assert most == 1000


def test_every_step_of_a_call_has_the_context_variables_of_who_made_it() -> None:
    caller_of, seen = ContextVar[int]("caller_of"), list[tuple[int, int]]()

    def f(n: int) -> int:
        seen.append((n, caller_of.get()))
        return n

    async def one(run: Callable[[int], Awaitable[int]], number: int) -> None:
        caller_of.set(number)
        await run(number)

    begin = "(call $set (local.get 0)) (i32.const 1)"
    back = """(drop (call $f (call $get) (i32.const 64))) (call $return (i32.load (i32.const 64))) (i32.const 0)"""

    async def main() -> None:
        with Described(caller(begin, back), f=f) as made:
            await asyncio.gather(*(one(made["run"], number) for number in range(5)))

    asyncio.run(asyncio.wait_for(main(), 20))
    assert seen == [(number, number) for number in range(5)]


def test_whatever_can_be_awaited_is() -> None:
    class Later:
        def __await__(self) -> Any:
            yield from asyncio.sleep(0).__await__()
            return 7

    def f(n: int) -> Awaitable[int]:
        return Later()

    assert results(caller(), 2, f) == [7, 7]


@pytest.mark.parametrize("late", [False, True])
def test_what_the_host_raises_comes_out_of_the_await_as_the_same_object(late: bool) -> None:
    problem = LookupError("on the host")

    async def f(n: int) -> int:
        if late:
            await asyncio.sleep(0)
        raise problem

    error = only(results(caller(), 1, f))
    assert error is problem
    assert error.__notes__ == ["raised by the host in the WIT call f"]


def test_a_wrong_result_of_a_coroutine_is_named() -> None:
    async def f(n: int) -> Any:
        return "text"

    error = only(results(caller(), 1, f))
    assert isinstance(error, TypeError)
    assert str(error) == "f() result: expected u32, got 'text'"


def test_a_guest_that_lies_about_where_the_result_goes_is_stopped() -> None:
    begin = BEGIN.replace("(call $f (local.get 0) (i32.shl (local.get 0) (i32.const 4)))",
                          "(call $f (local.get 0) (i32.const 65536))")  # fmt: skip

    async def f(n: int) -> int:
        return n

    error = only(results(caller(begin), 1, f))
    assert isinstance(error, Trap)
    assert "out of bounds" in str(error)


def test_a_timeout_ends_a_call_that_waits_for_a_coroutine_and_cancels_it() -> None:
    ended: list[str] = []

    async def f(n: int) -> int:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cancelled")
        return n

    error = only(results(caller(), 1, f, Limits(timeout=1)))
    assert isinstance(error, Trap)
    assert error.reason is Reason.TIMEOUT
    assert ended == ["cancelled"]


def test_to_close_the_instance_cancels_its_coroutines() -> None:
    ended: list[str] = []
    begun = asyncio.Event()

    async def f(n: int) -> int:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return n

    async def main() -> None:
        made = Described(caller(), f=f)
        task = asyncio.create_task(made["run"](1))
        await begun.wait()
        made.close()
        with pytest.raises(InstanceError, match="the instance is closed"):
            await task
        await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(main(), 20))
    assert ended == ["cancelled"]


def test_a_coroutine_may_call_the_instance_that_waits_for_it() -> None:
    async def main() -> int:
        async def f(n: int) -> int:
            return n if n > 4 else int(await made["run"](n + 1)) + 10

        with Described(caller(), f=f) as made:
            return int(await made["run"](1))

    assert asyncio.run(asyncio.wait_for(main(), 20)) == 45


DROPPED = BEGIN.replace("(call $join", "(call $drop (local.get $s)) (call $join")
CANCELLED = """(local $s i32)
  (local.set $s (i32.shr_u (call $f (local.get 0) (i32.const 64)) (i32.const 4)))
  (call $return (call $cancel (local.get $s))) (call $drop (local.get $s)) (i32.const 0)"""


async def forever(n: int) -> int:
    await asyncio.sleep(60)
    return n


def test_a_subtask_cannot_be_dropped_before_its_end() -> None:
    error = only(results(caller(DROPPED), 1, forever))
    assert "cannot drop a subtask which has not yet resolved" in str(error)


def test_a_guest_can_cancel_a_coroutine_that_has_not_begun() -> None:
    assert results(caller(CANCELLED), 1, forever) == [4]


def test_a_guest_can_cancel_a_coroutine_that_waits() -> None:
    ended: list[str] = []

    async def f(n: int) -> int:
        try:
            return await forever(n)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    begin = """(local $s i32)
      (local.set $s (i32.shr_u (call $f (local.get 0) (i32.const 64)) (i32.const 4)))
      (call $set (local.get $s)) (i32.const 1)"""
    back = "(call $return (call $cancel (call $get))) (call $drop (call $get)) (i32.const 0)"
    assert results(caller(begin, back), 1, f) == [4]
    assert ended == ["cancelled"]


def test_a_guest_cannot_have_more_coroutines_made_than_handles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST", 50)
    begin = """(local $s i32) (loop $again
        (local.set $s (i32.shr_u (call $f (i32.const 1) (i32.const 64)) (i32.const 4)))
        (drop (call $cancel (local.get $s))) (call $drop (local.get $s))
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (call $return (i32.const 7)) (i32.const 0)"""

    async def main(count: int) -> Any:
        with Described(caller(begin), f=forever) as made:
            return await made["run"](count)

    assert asyncio.run(main(50)) == 7
    with pytest.raises(Trap) as caught:
        asyncio.run(main(51))
    assert caught.value.reason is Reason.HANDLES


def test_a_subtask_cannot_be_cancelled_twice() -> None:
    twice = CANCELLED.replace("(call $return", "(drop (call $cancel-async (local.get $s))) (call $return")
    assert "after terminal status delivered" in str(only(results(caller(twice), 1, forever)))


def test_a_subtask_in_a_set_cannot_be_cancelled_without_waiting_for_the_set() -> None:
    joined = CANCELLED.replace("(call $return", "(call $join (local.get $s) (call $new)) (call $return")
    assert "waitable cannot be used synchronously" in str(only(results(caller(joined), 1, forever)))


SYNC = """(component
  (import "f" (func $f async (param "n" u32) (result u32)))
  (core func $f' (canon lower (func $f)))
  (core module $m (import "" "f" (func $f (param i32) (result i32)))
    (func (export "run") (param i32) (result i32) (call $f (local.get 0))))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f'))))))
  (func (export "plain") (param "n" u32) (result u32) (canon lift (core func $i "run")))
  (func (export "run") async (param "n" u32) (result u32) (canon lift (core func $i "run"))))"""


def test_a_call_that_waits_within_the_guest_gets_what_a_plain_function_gives() -> None:
    with Described(SYNC, f=lambda n: n + 1) as made:
        assert made["plain"](4) == 5
        assert asyncio.run(made["run"](4)) == 5


def test_a_call_that_waits_within_the_guest_cannot_wait_for_a_coroutine() -> None:
    error = only(results(SYNC, 1, forever))
    assert isinstance(error, NotImplementedError)
    assert "the guest waits within a call for a coroutine of the host's, which cannot go on meanwhile" in str(error)


def test_a_coroutine_needs_an_event_loop() -> None:
    with Described(SYNC, f=forever) as made:
        plain = made["plain"]
        with pytest.raises(
            InstanceError, match="the guest called `f`, whose implementation is a coroutine, but no event"
        ):
            plain(1)


FALLIBLE = f"""(component
  (type $t (func async (param "n" u32) (result (result string (error u32)))))
  (import "f" (func $f (type $t)))
  {MEMORY}
  (core func $f' (canon lower (func $f) async (memory (core memory $mem "mem")) (realloc (core func $mem "realloc"))))
  (core func $return (canon task.return (result (result string (error u32))) (memory (core memory $mem "mem"))))
  (core func $new (canon waitable-set.new)) (core func $join (canon waitable.join))
  (core module $m (import "" "f" (func $f (param i32 i32) (result i32)))
    (import "" "return" (func $return (param i32 i32 i32))) (import "" "mem" (memory 1))
    (import "" "new" (func $new (result i32))) (import "" "join" (func $join (param i32 i32)))
    (func $done (call $return (i32.load8_u (i32.const 64)) (i32.load (i32.const 68)) (i32.load (i32.const 72))))
    (func (export "run") (param i32) (result i32) (local $s i32)
      (local.set $s (call $f (local.get 0) (i32.const 64)))
      (if (i32.eq (local.get $s) (i32.const 2)) (then (call $done) (return (i32.const 0))))
      (call $join (i32.shr_u (local.get $s) (i32.const 4)) (local.tee $s (call $new)))
      (i32.or (i32.const 2) (i32.shl (local.get $s) (i32.const 4))))
    (func (export "back") (param i32 i32 i32) (result i32) (call $done) (i32.const 0)))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f')) (export "return" (func $return))
    (export "new" (func $new)) (export "join" (func $join)) (export "mem" (memory $mem "mem"))))))
  (func (export "run") async (param "n" u32) (result (result string (error u32)))
    (canon lift (core func $i "run") async (memory (core memory $mem "mem")) (realloc (core func $mem "realloc"))
      (callback (core func $i "back")))))"""


@pytest.mark.parametrize("late", [False, True])
def test_an_error_of_an_import_goes_through_the_guest(late: bool) -> None:
    def now(n: int) -> str:
        if n == 2:
            raise Err(n * 100)
        return "tea" * n

    async def later(n: int) -> str:
        await asyncio.sleep(0)
        return now(n)

    with Described(FALLIBLE, f=later if late else now) as made:
        assert asyncio.run(made["run"](1)) == "tea"
        with pytest.raises(Err) as caught:
            asyncio.run(made["run"](2))
        assert caught.value.value == 200
        assert made.raw.state.refused == ("f", 200)


def both(begin: str, back: str, callee: str, callee_back: str) -> str:
    """As `caller`, but `f` is another component's, given the bodies of its core function and of its callback."""
    return f"""(component
      (component $a {MEMORY}{BUILT_INS}
        (core module $m {IMPORTS.rpartition("(import")[0]} (global $kept (mut i32) (i32.const 0))
          (func (export "f") (param i32) (result i32) {callee})
          (func (export "back") (param i32 i32 i32) (result i32) {callee_back}))
        (core instance $i (instantiate $m {GIVEN.replace('''(export "f" (func $f'))''', "")}))
        (func (export "f") async (param "n" u32) (result u32)
          (canon lift (core func $i "f") async (memory (core memory $mem "mem")) (callback (core func $i "back")))))
      {caller(begin, back).replace("(component", "(component $b", 1)}
      (instance $a (instantiate $a))
      (instance $b (instantiate $b (with "f" (func $a "f"))))
      (func (export "run") (alias export $b "run")))"""


SLOW = "(call $set (i32.or (i32.shl (local.get 0) (i32.const 8)) (i32.const 3))) (i32.const 1)"
SLOWLY = """(if (i32.and (call $get) (i32.const 255))
    (then (call $set (i32.sub (call $get) (i32.const 1))) (return (i32.const 1))))
  (call $return (i32.add (i32.shr_u (call $get) (i32.const 8)) (i32.const 1000))) (i32.const 0)"""


STOPS = "(if (i32.ne (local.get 0) (i32.const 6)) (then unreachable)) (call $stop) (i32.const 0)"


def run_both(text: str, count: int = 1) -> list[Any]:
    async def main() -> list[Any]:
        with Described(text) as made:
            return list(await asyncio.gather(*map(made["run"], range(1, count + 1)), return_exceptions=True))

    return asyncio.run(asyncio.wait_for(main(), 30))


def test_guests_call_each_other_asynchronously() -> None:
    assert run_both(both(BEGIN, BACK, SLOW, SLOWLY), 50) == [1000 + n for n in range(1, 51)]


def test_a_guest_may_return_at_once_to_another() -> None:
    assert run_both(both(BEGIN, BACK, "(call $return (i32.const 5)) (i32.const 0)", "unreachable"), 2) == [5, 5]


def test_a_trap_of_the_callee_is_that_of_the_call_that_led_to_it() -> None:
    error = only(run_both(both(BEGIN, BACK, "(i32.const 1)", "unreachable")))
    assert isinstance(error, Trap)
    assert error.reason is Reason.UNREACHABLE
    assert error.function == "run"


@pytest.mark.parametrize("waits", ["(i32.const 1)", "(i32.or (i32.const 2) (i32.shl (call $new) (i32.const 4)))"])
def test_a_callee_learns_that_it_is_cancelled(waits: str) -> None:
    assert run_both(both(CANCELLED, "unreachable", waits, STOPS)) == [4]


def test_a_callee_may_return_although_it_is_cancelled() -> None:
    returns = "(call $return (i32.const 5)) (i32.const 0)"
    assert run_both(both(CANCELLED, "unreachable", "(i32.const 1)", returns)) == [2]


def test_a_callee_that_goes_on_although_it_is_cancelled_blocks_who_waits_for_it() -> None:
    again = """(if (i32.eq (local.get 0) (i32.const 6)) (then (return (i32.const 1))))
      (call $stop) (i32.const 0)"""
    assert run_both(both(CANCELLED, "unreachable", "(i32.const 1)", again)) == [4]


def test_a_callee_that_has_nothing_to_wait_for_blocks_forever() -> None:
    hangs = "(i32.or (i32.const 2) (i32.shl (call $new) (i32.const 4)))"
    waits = """(local $s i32) (local.set $s (call $new))
      (call $join (i32.shr_u (call $f (local.get 0) (i32.const 64)) (i32.const 4)) (local.get $s))
      (call $wait (local.get $s) (i32.const 8))"""
    assert "deadlock detected" in str(only(run_both(both(waits, "unreachable", hangs, "unreachable"))))
