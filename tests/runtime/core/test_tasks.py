"""Async exports: the tasks that their calls are, and the traps for guests that break a rule of them."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from tests.patience import eventually
from tests.runtime.core.described import Described
from witkit.runtime import InstanceError, Limits, Reason, Trap

BUILT_INS = {
    "return": "(canon task.return (result u32))",
    "other": '(canon task.return (result string) (memory (core memory $mem "mem")))',
    "encoded": "(canon task.return (result u32) string-encoding=utf16)",
    "cancel": "(canon task.cancel)",
    "yield": "(canon thread.yield)",
    "suspend": "(canon thread.suspend)",
    "new": "(canon waitable-set.new)",
    "wait": '(canon waitable-set.wait (memory (core memory $mem "mem")))',
    "poll": '(canon waitable-set.poll (memory (core memory $mem "mem")))',
    "drop": "(canon waitable-set.drop)",
    "join": "(canon waitable.join)",
    "cancel-subtask": "(canon subtask.cancel)",
    "drop-subtask": "(canon subtask.drop)",
    "inc": "(canon backpressure.inc)",
    "dec": "(canon backpressure.dec)",
    "get": "(canon context.get i32 0)",
    "set": "(canon context.set i32 0)",
}
SIGNATURES = {
    "return": "(param i32)", "other": "(param i32 i32)", "encoded": "(param i32)", "cancel": "",
    "yield": "(result i32)", "suspend": "(result i32)",
    "new": "(result i32)", "wait": "(param i32 i32) (result i32)", "poll": "(param i32 i32) (result i32)",
    "drop": "(param i32)", "join": "(param i32 i32)", "cancel-subtask": "(param i32) (result i32)",
    "drop-subtask": "(param i32)", "inc": "", "dec": "", "get": "(result i32)", "set": "(param i32)",
}  # fmt: skip


def guest(begin: str, back: str = "unreachable", more: str = "", lifts: str = "") -> str:
    """A component with `run: async func(n: u32) -> u32`, given the bodies of its core function and of its callback."""
    imports = "\n".join(f'(import "" "{name}" (func ${name} {text}))' for name, text in SIGNATURES.items())
    made = "\n".join(f"(core func ${name} {text})" for name, text in BUILT_INS.items())
    given = " ".join(f'(export "{name}" (func ${name}))' for name in BUILT_INS)
    return f"""(component
      (core module $memory (memory (export "mem") 1)) (core instance $mem (instantiate $memory))
      {made}
      (core module $m {imports}
        (import "" "mem" (memory 1)) (global $kept (mut i32) (i32.const 0))
        (func (export "run") (param i32) (result i32) {begin})
        (func (export "back") (param i32 i32 i32) (result i32) {back}) {more})
      (core instance $i (instantiate $m (with "" (instance {given} (export "mem" (memory $mem "mem"))))))
      (func (export "run") async (param "n" u32) (result u32)
        (canon lift (core func $i "run") async (memory (core memory $mem "mem")) (callback (core func $i "back"))))
      {lifts})"""


def run(text: str, *values: int) -> list[Any]:
    """The results of concurrent calls of `run`."""

    async def main() -> list[Any]:
        with Described(text) as made:
            return list(await asyncio.gather(*map(made["run"], values)))

    return asyncio.run(asyncio.wait_for(main(), 20))


RETURN = "(call $return (local.get 0)) (i32.const 0)"
WAIT = "(i32.or (i32.const 2) (i32.shl (call $new) (i32.const 4)))"

ONE_COMPUTES = "(if (i32.eq (local.get 0) (i32.const 2)) (then (loop $l (br $l)))) (i32.const 1)"

# A callback that returns what `run` was given, which it finds in the storage of its task, after three more turns.
COUNTED = """(call $set (i32.or (i32.shl (local.get 0) (i32.const 8)) (i32.const 3))) (i32.const 1)"""
COUNTING = """(if (i32.and (call $get) (i32.const 255))
    (then (call $set (i32.sub (call $get) (i32.const 1))) (return (i32.const 1))))
  (call $return (i32.shr_u (call $get) (i32.const 8))) (i32.const 0)"""


def test_a_call_may_end_in_its_first_step() -> None:
    assert run(guest(RETURN), 5, 6) == [5, 6]


def test_calls_of_one_instance_are_under_way_together_each_with_its_own_storage() -> None:
    assert run(guest(COUNTED, COUNTING), *range(100)) == list(range(100))


def test_a_call_of_another_loop_follows_the_calls_of_the_first() -> None:
    with Described(guest(COUNTED, COUNTING)) as made:
        call = made["run"]
        assert [asyncio.run(call(n)) for n in range(3)] == [0, 1, 2]


def test_two_loops_cannot_have_calls_of_one_instance_at_once() -> None:
    problems: list[BaseException] = []

    async def main() -> None:
        with Described(guest(WAIT)) as made:
            first = asyncio.create_task(made["run"](1))
            await asyncio.sleep(0)

            def other() -> None:
                try:
                    asyncio.run(made["run"](2))
                except InstanceError as problem:
                    problems.append(problem)

            await asyncio.to_thread(other)
            first.cancel()

    asyncio.run(asyncio.wait_for(main(), 20))
    assert [str(problem) for problem in problems] == [
        "an async call of the instance is under way in another event loop: await it first"
    ]


def test_a_sync_call_of_another_thread_goes_between_the_steps() -> None:
    lifts = '(func (export "plain") (result u32) (canon lift (core func $i "plain")))'
    text = guest(
        "(i32.const 1)",
        "(if (i32.eqz (global.get $kept)) (then (return (i32.const 1)))) (call $return (i32.const 7)) (i32.const 0)",
        '(func (export "plain") (result i32) (global.set $kept (i32.const 1)) (i32.const 8))', lifts,
    )  # fmt: skip

    async def main() -> None:
        with Described(text) as made:
            call, plain, seen, busy = made["run"], made["plain"], list[int](), list[str]()

            def other() -> None:
                while not seen:
                    try:
                        seen.append(plain())
                    except InstanceError as problem:
                        busy.append(str(problem))

            thread = threading.Thread(target=other)
            task = asyncio.create_task(call(1))
            await asyncio.sleep(0)
            thread.start()
            assert await task == 7
            thread.join()
            assert seen == [8]
            assert all("in use by another thread" in problem for problem in busy)

    asyncio.run(asyncio.wait_for(main(), 20))


def test_sync_calls_are_served_while_an_async_call_waits() -> None:
    lifts = '(func (export "plain") (result u32) (canon lift (core func $i "plain")))'
    plain = '(func (export "plain") (result i32) (call $set (i32.const 9)) (call $get))'

    async def main() -> None:
        with Described(guest(COUNTED, COUNTING, plain, lifts)) as made:
            task = asyncio.create_task(made["run"](5))
            await asyncio.sleep(0)
            assert made["plain"]() == 9
            assert await task == 5

    asyncio.run(asyncio.wait_for(main(), 20))


def test_a_guest_goes_on_after_its_result_was_returned() -> None:
    begin = "(call $set (i32.const 3)) (call $return (local.get 0)) (i32.const 1)"
    back = """(global.set $kept (i32.add (global.get $kept) (i32.const 1)))
      (call $set (i32.sub (call $get) (i32.const 1))) (i32.ne (call $get) (i32.const 0))"""
    lifts = '(func (export "kept") (result u32) (canon lift (core func $i "kept")))'
    text = guest(begin, back, '(func (export "kept") (result i32) (global.get $kept))', lifts)

    async def main() -> None:
        with Described(text) as made:
            assert await made["run"](4) == 4
            while made["kept"]() < 3:
                await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(main(), 20))


def test_a_guest_that_stops_after_its_result_closes_the_instance_and_tells_the_loop() -> None:
    reports: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, report: reports.append(report))
        made = Described(guest("(call $return (local.get 0)) (i32.const 1)"))
        call = made["run"]
        assert await call(4) == 4
        while not made.closed:
            await asyncio.sleep(0)
        with pytest.raises(InstanceError, match="closed after an earlier error: `run` stopped: the guest reached"):
            await call(4)

    asyncio.run(asyncio.wait_for(main(), 20))
    assert [report["message"] for report in reports] == ["what the call `run` has begun failed after it had returned"]
    assert isinstance(reports[0]["exception"], Trap)


def test_backpressure_holds_new_calls_back() -> None:
    begin = "(call $inc) (global.set $kept (local.get 0)) (i32.const 1)"
    back = "(call $dec) (call $return (global.get $kept)) (i32.const 0)"
    assert run(guest(begin, back), *range(20)) == list(range(20))


def test_a_call_that_is_cancelled_while_it_waits_to_begin_leaves_the_instance_alone() -> None:
    begin = "(call $inc) (global.set $kept (local.get 0)) (i32.const 1)"
    back = "(call $dec) (call $return (global.get $kept)) (i32.const 0)"

    async def main() -> list[Any]:
        with Described(guest(begin, back)) as made:
            tasks = [asyncio.create_task(made["run"](n)) for n in range(3)]
            await asyncio.sleep(0)
            tasks[1].cancel()
            return list(await asyncio.gather(*tasks, return_exceptions=True))

    first, second, third = asyncio.run(asyncio.wait_for(main(), 20))
    assert (first, third) == (0, 2)
    assert isinstance(second, asyncio.CancelledError)


def test_a_call_that_is_cancelled_while_it_waits_leaves_the_instance_when_no_other_thread_uses_it() -> None:
    async def main() -> None:
        with Described(guest(f"(call $inc) {WAIT}")) as made:
            state, inst = made.raw.state, made.raw.component_instances[0]
            run = made["run"]
            first, second = asyncio.ensure_future(run(1)), asyncio.ensure_future(run(2))
            await asyncio.sleep(0)
            assert len(inst.entering) == 1
            assert state.acquire()  # as another thread does
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            assert len(inst.entering) == 1
            state.leave(False)
            while inst.entering:
                await asyncio.sleep(0.001)
            assert not first.done()

    asyncio.run(asyncio.wait_for(main(), 20))


def test_wrong_arguments_leave_no_call_behind() -> None:
    async def main() -> None:
        with Described(guest(COUNTED, COUNTING)) as made:
            call = made["run"]
            with pytest.raises(ValueError, match=r"run\(n\): expected u32, got -1"):
                await call(-1)
            assert await call(3) == 3

    asyncio.run(asyncio.wait_for(main(), 20))


def test_to_close_the_instance_ends_the_calls_that_are_under_way() -> None:
    async def main() -> None:
        made = Described(guest("(i32.const 1)", "(i32.const 1)"))
        task = asyncio.create_task(made["run"](1))
        await asyncio.sleep(0)
        made.close()
        with pytest.raises(InstanceError, match="the instance is closed"):
            await task

    asyncio.run(asyncio.wait_for(main(), 20))


def test_a_trap_in_one_call_ends_the_others() -> None:
    begin = "(if (i32.eqz (local.get 0)) (then unreachable)) (i32.const 1)"

    async def main() -> list[Any]:
        made = Described(guest(begin, "(i32.const 1)"))
        calls = [made["run"](n) for n in (1, 2, 0)]
        return list(await asyncio.gather(*calls, return_exceptions=True))

    one, other, last = asyncio.run(asyncio.wait_for(main(), 20))
    assert isinstance(last, Trap)
    assert last.reason is Reason.UNREACHABLE
    for error in (one, other):
        assert isinstance(error, InstanceError)
        assert "closed after an earlier error: `run` stopped" in str(error)


@pytest.mark.parametrize(
    ("begin", "back"),
    [("(i32.const 1)", "(i32.const 1)"), (WAIT, "unreachable"), ("(loop $l (br $l)) unreachable", "unreachable")],
    ids=["yields", "waits", "computes"],
)
def test_a_timeout_ends_a_call(begin: str, back: str) -> None:
    async def main() -> None:
        made = Described(guest(begin, back), Limits(timeout=0.05))
        with pytest.raises(Trap, match="`run` stopped: the guest ran longer than its timeout") as caught:
            await made["run"](1)
        assert caught.value.reason is Reason.TIMEOUT
        assert made.closed

    asyncio.run(asyncio.wait_for(main(), 20))


@pytest.mark.parametrize(
    ("begin", "back"),
    [("(i32.const 1)", "(i32.const 1)"), (WAIT, "unreachable"), (ONE_COMPUTES, "(i32.const 1)")],
    ids=["yields", "waits", "computes"],
)
def test_another_thread_interrupts_all_calls(begin: str, back: str) -> None:
    async def main() -> list[Any]:
        made = Described(guest(begin, back))
        begun = list[int]()

        async def run(number: int) -> object:
            begun.append(number)
            return await made["run"](number)

        def interrupt() -> None:
            assert eventually(lambda: len(begun) == 2)
            while not made.closed:  # An interruption before they are in the guest does nothing.
                made.raw.state.interrupt()
                time.sleep(0.05)

        other = threading.Thread(target=interrupt)
        other.start()
        ended = await asyncio.gather(run(1), run(2), return_exceptions=True)
        other.join()
        assert made.closed
        return list(ended)

    for stopped in asyncio.run(asyncio.wait_for(main(), 20)):
        assert isinstance(stopped, Trap)
        assert (stopped.reason, stopped.args) == (Reason.INTERRUPTED, ("`run` stopped: the guest was interrupted",))


def test_an_interruption_between_calls_does_nothing() -> None:
    async def main() -> int:
        with Described(guest(RETURN)) as made:
            assert await made["run"](1) == 1
            made.raw.state.interrupt()
            await asyncio.sleep(0)
            return int(await made["run"](2))

    assert asyncio.run(asyncio.wait_for(main(), 20)) == 2


def test_fuel_is_that_of_the_whole_call() -> None:
    async def main() -> None:
        made = Described(guest("(i32.const 1)", "(i32.const 1)"), Limits(fuel=2000))
        with pytest.raises(Trap, match="`run` stopped: the guest used up its fuel"):
            await made["run"](1)

    asyncio.run(asyncio.wait_for(main(), 20))


RULES = {
    "two results": ("(call $return (local.get 0)) (call $return (local.get 0)) (i32.const 0)", "called more than once"),
    "no result": ("(i32.const 0)", "async-lifted export failed to produce a result"),
    "a result of another type": ("(call $other (i32.const 0) (i32.const 0)) (i32.const 0)", "invalid `task.return`"),
    "a result of another encoding": ("(call $encoded (i32.const 0)) (i32.const 0)", "invalid `task.return`"),
    "an unknown code": ("(i32.const 3)", "unsupported callback code"),
    "an unknown set": ("(i32.const 0x52)", "unknown handle index 5"),
    "cancelled unasked": ("(call $cancel) (i32.const 0)", "`task.cancel` called by task which has not been cancelled"),
    "cancelled after the result": ("(call $return (i32.const 1)) (call $cancel) (i32.const 0)", "more than once"),
    "nothing to wait for": ("(call $wait (call $new) (i32.const 8))", "deadlock detected"),
    "nobody to resume it": ("(call $suspend)", "deadlock detected"),
    "an unaligned event": ("(call $poll (call $new) (i32.const 3))", "unaligned pointer"),
    "an event out of bounds": ("(call $poll (call $new) (i32.const 65532))", "out of bounds"),
    "no set": ("(call $drop (i32.const 1)) (i32.const 0)", "unknown handle index 1"),
    "a set as a waitable": ("(call $join (call $new) (call $new)) (i32.const 0)", "unknown handle index"),
    "a set as a subtask": ("(call $drop-subtask (call $new)) (i32.const 0)", "unknown handle index"),
    "too little backpressure": ("(call $dec) (i32.const 0)", "backpressure counter overflow"),
    "an unknown subtask": ("(drop (call $cancel-subtask (i32.const 9))) (i32.const 0)", "unknown handle index 9"),
}


@pytest.mark.parametrize(("begin", "message"), RULES.values(), ids=RULES.keys())
def test_a_guest_that_breaks_a_rule_of_tasks_is_stopped(begin: str, message: str) -> None:
    with pytest.raises(Trap) as caught:
        run(guest(begin), 1)
    assert str(caught.value).startswith("`run` stopped: ")
    assert message in str(caught.value)


def test_a_set_that_a_task_waits_with_cannot_be_dropped() -> None:
    begin = f"""(if (local.get 0) (then (call $drop (global.get $kept)) unreachable))
      (global.set $kept (call $new)) {WAIT.replace("(call $new)", "(global.get $kept)")}"""

    async def main() -> None:
        made = Described(guest(begin))
        asyncio.ensure_future(made["run"](0)).add_done_callback(lambda task: task.exception())
        await asyncio.sleep(0)
        with pytest.raises(Trap, match="cannot drop waitable set with waiters"):
            await made["run"](1)

    asyncio.run(asyncio.wait_for(main(), 20))


def test_a_call_that_is_not_asynchronous_has_no_task() -> None:
    bodies = {
        "result": ("(call $return (i32.const 1)) (i32.const 1)", "invalid `task.return`"),
        "cancel": ("(call $cancel) (i32.const 1)", "has not been cancelled"),
        "wait": ("(call $wait (call $new) (i32.const 8))", "cannot block a synchronous task before returning"),
        "suspend": ("(call $suspend)", "cannot block a synchronous task before returning"),
    }
    for name, (body, message) in bodies.items():
        lifts = f'(func (export "{name}") (result u32) (canon lift (core func $i "{name}")))'
        with Described(guest(RETURN, more=f'(func (export "{name}") (result i32) {body})', lifts=lifts)) as made:
            call = made[name]
            with pytest.raises(Trap, match=message):
                call()


def test_a_call_that_is_not_asynchronous_may_poll_and_yield() -> None:
    body = "(drop (call $yield)) (call $poll (call $new) (i32.const 8))"
    lifts = '(func (export "look") (result u32) (canon lift (core func $i "look")))'
    with Described(guest(RETURN, more=f'(func (export "look") (result i32) {body})', lifts=lifts)) as made:
        assert made["look"]() == 0


STACKFUL = '(func (export "deep") async (param "n" u32) (result u32) (canon lift (core func $i "deep") async))'


def test_a_function_without_a_callback_returns_before_it_ends() -> None:
    more = '(func (export "deep") (param i32) (drop (call $yield)) (call $return (local.get 0)))'
    with Described(guest(RETURN, more=more, lifts=STACKFUL)) as made:
        assert asyncio.run(made["deep"](6)) == 6


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("nop", "async-lifted export failed to produce a result"),
        ("(drop (call $wait (call $new) (i32.const 8)))", "deadlock detected"),
    ],
)
def test_a_function_without_a_callback_that_breaks_a_rule_is_stopped(body: str, message: str) -> None:
    made = Described(guest(RETURN, more=f'(func (export "deep") (param i32) {body})', lifts=STACKFUL))
    with pytest.raises(Trap, match=message):
        asyncio.run(made["deep"](6))


def test_an_async_func_may_be_lifted_as_a_plain_function() -> None:
    lifts = '(func (export "flat") async (param "n" u32) (result u32) (canon lift (core func $i "flat")))'
    more = '(func (export "flat") (param i32) (result i32) (local.get 0))'
    with Described(guest(RETURN, more=more, lifts=lifts)) as made:
        assert asyncio.run(made["flat"](6)) == 6
