"""Tasks of one component instance that another one cancels, and those that wait beside them."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.runtime.core.described import Described
from tests.runtime.core.test_streams import MEMORY, OPTIONS, built_ins

MORE = {
    "return": ("(canon task.return (result u32))", "(param i32)"),
    "stop": ("(canon task.cancel)", ""),
    "yield": ("(canon thread.yield)", "(result i32)"),
    "cancel": ("(canon subtask.cancel async)", "(param i32) (result i32)"),
    "drop": ("(canon subtask.drop)", "(param i32)"),
}
CANCELLED = "(i32.eq (local.get 0) (i32.const 6))"
WAIT = "(i32.or (i32.const 2) (i32.shl (global.get $all) (i32.const 4)))"


def component(name: str, core: str, *, imports: str = "", given: str = "", before: str = "") -> str:
    """A component with built-ins and `f: async func(n: u32) -> u32`, given the functions `f` and `back`, and `g` of the
    same type, which has no callback. The global `$all` has a waitable set."""
    definitions, known, parts = built_ins(" u8")
    made = "".join(f"(core func ${each} {canon})" for each, (canon, _) in MORE.items())
    known += "".join(f'(import "" "{each}" (func ${each} {type}))' for each, (_, type) in MORE.items())
    parts += "".join(f'(export "{each}" (func ${each}))' for each in MORE)
    return f"""(component ${name} {before} {MEMORY} {definitions} {made}
      (core module $m {known} {imports}
        (global $all (mut i32) (i32.const 0)) (global $one (mut i32) (i32.const 0))
        (global $r (mut i32) (i32.const 0)) (global $w (mut i32) (i32.const 0))
        (func $start (global.set $all (call $set))) (start $start)
        {core} {"" if '"g"' in core else '(func (export "g") (param i32) unreachable)'})
      (core instance $i (instantiate $m (with "" (instance {parts} {given}))))
      (func (export "f") async (param "n" u32) (result u32)
        (canon lift (core func $i "f") async {OPTIONS} (callback (core func $i "back"))))
      (func (export "g") async (param "n" u32) (result u32) (canon lift (core func $i "g") async {OPTIONS})))"""


def calling(core: str) -> str:
    """As `component`, for the one that calls `f` of the first as `$call`."""
    return component(
        "b", core,
        before="""(import "f" (func $f async (param "n" u32) (result u32)))
          (core module $m0 (memory (export "mem") 1)) (core instance $m0 (instantiate $m0))
          (core func $call (canon lower (func $f) async (memory (core memory $m0 "mem"))))""",
        imports='(import "" "call" (func $call (param i32 i32) (result i32)))', given='(export "call" (func $call))',
    )  # fmt: skip


def run(callee: str, caller: str, *names: str) -> list[Any]:
    """The results of concurrent calls of the caller's functions."""
    text = f"""(component {component("a", callee)} (instance $a (instantiate $a))
      {calling(caller)} (instance $b (instantiate $b (with "f" (func $a "f"))))
      (func (export "f") (alias export $b "f")) (func (export "g") (alias export $b "g")))"""

    async def main() -> list[Any]:
        with Described(text) as made:
            return list(await asyncio.wait_for(asyncio.gather(*(made[name](0) for name in names)), 10))

    return asyncio.run(main())


STOPS = f"(if {CANCELLED} (then (call $stop) (return (i32.const 0))))"


def test_an_event_that_a_cancelled_task_has_not_taken_is_for_another_one_that_waits() -> None:
    # Task 1 reads a future and waits, task 2 waits with the same set, task 3 writes the future.
    callee = f"""(func (export "f") (param i32) (result i32) (local i64)
        (if (i32.eq (local.get 0) (i32.const 1)) (then
          (local.set 1 (call $future)) (global.set $r (i32.wrap_i64 (local.get 1)))
          (global.set $w (i32.wrap_i64 (i64.shr_u (local.get 1) (i64.const 32))))
          (drop (call $get (global.get $r) (i32.const 16))) (call $join (global.get $r) (global.get $all))))
        (if (i32.eq (local.get 0) (i32.const 3)) (then
          (drop (call $put (global.get $w) (i32.const 32))) (call $return (i32.const 3)) (return (i32.const 0))))
        {WAIT})
      (func (export "back") (param i32 i32 i32) (result i32) {STOPS}
        (call $return (i32.add (i32.const 100) (local.get 0))) (i32.const 0))"""
    caller = """(func (export "f") (param i32) (result i32) (local $one i32) (local $two i32)
        (local.set $one (i32.shr_u (call $call (i32.const 1) (i32.const 64)) (i32.const 4)))
        (local.set $two (i32.shr_u (call $call (i32.const 2) (i32.const 72)) (i32.const 4)))
        (if (i32.ne (call $call (i32.const 3) (i32.const 80)) (i32.const 2)) (then unreachable))
        (if (i32.ne (call $cancel (local.get $one)) (i32.const 4)) (then unreachable))
        (call $join (local.get $two) (global.get $all))
        (i32.or (i32.const 2) (i32.shl (global.get $all) (i32.const 4))))
      (func (export "back") (param i32 i32 i32) (result i32)
        (call $return (local.get 2)) (i32.const 0))"""
    assert run(callee, caller, "f") == [2]


def test_a_task_whose_instance_is_taken_learns_afterwards_that_it_is_cancelled() -> None:
    # Task 1 waits. Task 2 has the instance, and lets the caller's other call go on, which cancels task 1.
    callee = f"""(func (export "f") (param i32) (result i32)
        (if (i32.eq (local.get 0) (i32.const 1)) (then (return {WAIT})))
        (drop (call $yield)) (call $return (i32.const 2)) (i32.const 0))
      (func (export "back") (param i32 i32 i32) (result i32) {STOPS} unreachable)"""
    caller = """(func (export "f") (param i32) (result i32)
        (global.set $one (i32.shr_u (call $call (i32.const 1) (i32.const 64)) (i32.const 4))) (i32.const 1))
      (func (export "back") (param i32 i32 i32) (result i32)
        (if (i32.eqz (local.get 0)) (then
          (if (i32.ne (call $cancel (global.get $one)) (i32.const -1)) (then unreachable))
          (call $join (global.get $one) (global.get $all))
          (return (i32.or (i32.const 2) (i32.shl (global.get $all) (i32.const 4))))))
        (call $return (local.get 2)) (i32.const 0))
      (func (export "g") (param i32) (call $return (call $call (i32.const 2) (i32.const 72))))"""
    assert run(callee, caller, "f", "g") == [4, 2]
