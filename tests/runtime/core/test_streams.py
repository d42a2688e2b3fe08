"""Streams and futures of guests: within one component instance, and between two."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.runtime.core.described import Described
from witkit.runtime import Trap

MEMORY = """(core module $memory (memory (export "mem") 1) (global $top (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
      (local.set $p (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $p) (local.get 3))) (local.get $p)))
  (core instance $mem (instantiate $memory))"""

OPTIONS = '(memory (core memory $mem "mem")) (realloc (core func $mem "realloc"))'


def built_ins(element: str) -> tuple[str, str, str]:
    """The built-ins of `stream<element>` and `future<element>`: their definitions, imports, and what is given."""
    three, two, one = "(param i32 i32 i32) (result i32)", "(param i32 i32) (result i32)", "(param i32) (result i32)"
    made = {
        "new": ("(canon stream.new $s)", "(result i64)"),
        "read": (f"(canon stream.read $s async {OPTIONS})", three),
        "write": (f"(canon stream.write $s async {OPTIONS})", three),
        "read-now": (f"(canon stream.read $s {OPTIONS})", three),
        "cancel-read": ("(canon stream.cancel-read $s)", one),
        "cancel-write": ("(canon stream.cancel-write $s)", one),
        "drop-reader": ("(canon stream.drop-readable $s)", "(param i32)"),
        "drop-writer": ("(canon stream.drop-writable $s)", "(param i32)"),
        "future": ("(canon future.new $f)", "(result i64)"),
        "get": (f"(canon future.read $f async {OPTIONS})", two),
        "put": (f"(canon future.write $f async {OPTIONS})", two),
        "cancel-get": ("(canon future.cancel-read $f)", one),
        "drop-getter": ("(canon future.drop-readable $f)", "(param i32)"),
        "drop-putter": ("(canon future.drop-writable $f)", "(param i32)"),
        "set": ("(canon waitable-set.new)", "(result i32)"),
        "wait": ('(canon waitable-set.wait (memory (core memory $mem "mem")))', two),
        "join": ("(canon waitable.join)", "(param i32 i32)"),
    }
    types = f"(type $s (stream{element})) (type $f (future{element}))"
    definitions = types + "".join(f"(core func ${name} {canon})" for name, (canon, _) in made.items())
    imports = "".join(f'(import "" "{name}" (func ${name} {text}))' for name, (_, text) in made.items())
    given = "".join(f'(export "{name}" (func ${name}))' for name in made)
    return definitions, f'{imports} (import "" "mem" (memory 1))', f'{given} (export "mem" (memory $mem "mem"))'


ENDS = """(local $r i32) (local $w i32) (local $both i64)"""
STREAM = """(local.set $both (call $new)) (local.set $r (i32.wrap_i64 (local.get $both)))
  (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $both) (i64.const 32))))"""
FUTURE = STREAM.replace("$new", "$future")


def alone(body: str, element: str = " u8", *, asynchronous: bool = True) -> str:
    """A component with `run: func() -> u32`, given the body of its core function, after the ends were made."""
    definitions, imports, given = built_ins(element)
    kind = "async" if asynchronous else ""
    return f"""(component {MEMORY} {definitions}
      (core module $m {imports} (func (export "run") (result i32) {ENDS} {body}))
      (core instance $i (instantiate $m (with "" (instance {given}))))
      (func (export "run") {kind} (result u32) (canon lift (core func $i "run"))))"""


def run(text: str) -> Any:
    with Described(text) as made:
        return asyncio.run(asyncio.wait_for(made["run"](), 20))


def call(name: str, *values: int | str) -> str:
    given = " ".join(f"(i32.const {value})" if isinstance(value, int) else f"(local.get ${value})" for value in values)
    return f"(call ${name} {given})"


def expect(expression: str, value: int) -> str:
    return f"(if (i32.ne {expression} (i32.const {value})) (then unreachable))"


BLOCKED, ALL_OF_FOUR = -1, 0x40


def test_numbers_are_copied_from_who_comes_first_to_who_comes_second() -> None:
    body = f"""{STREAM} (i32.store (i32.const 16) (i32.const 0x04030201))
      {expect(call("read", "r", 64, 8), BLOCKED)}
      {expect(call("write", "w", 16, 4), ALL_OF_FOUR)}
      (i32.load (i32.const 64))"""
    assert run(alone(body)) == 0x04030201


FILLED = f"""{expect("(call $set)", 3)}
  {expect(call("read", "r", 64, 8), BLOCKED)}
  {expect(call("write", "w", 16, 2), 0x20)}
  {expect(call("write", "w", 18, 4), 0x40)}
  (call $join (local.get $r) (i32.const 3)) {expect(call("wait", 3, 128), 2)}
  (i32.load (i32.const 132))"""


def test_a_buffer_is_filled_by_several_copies_until_the_guest_looks() -> None:
    assert run(alone(f"{STREAM} {FILLED}")) == 0x60


@pytest.mark.parametrize("element", [" u16", " f64", " s32"])
def test_the_size_of_a_number_counts(element: str) -> None:
    size = {" u16": 2, " f64": 8, " s32": 4}[element]
    body = f"""{STREAM} (i64.store (i32.const 16) (i64.const -1)) (i64.store (i32.const 24) (i64.const -1))
      {expect(call("write", "w", 16, 2), BLOCKED)}
      {expect(call("read", "r", 64, 1), 0x10)}
      (i32.popcnt (i32.load16_u (i32.add (i32.const 62) (i32.const {size}))))
      (i32.popcnt (i32.load16_u (i32.add (i32.const 64) (i32.const {size}))))
      i32.sub"""
    assert run(alone(body, element)) == 16


def test_elements_without_values_are_only_counted() -> None:
    body = f"""{STREAM}
      {expect(call("write", "w", 0x7FFFFFF, 3), BLOCKED)}
      {call("read", "r", 0x7FFFFFF, 2)}"""
    assert run(alone(body, "")) == 0x20


def test_a_future_has_one_value() -> None:
    body = f"""{FUTURE} (i32.store8 (i32.const 16) (i32.const 7))
      {expect(call("get", "r", 64), BLOCKED)}
      {expect(call("put", "w", 16), 0)}
      {call("drop-putter", "w")}
      (i32.load8_u (i32.const 64))"""
    assert run(alone(body)) == 7


def test_the_other_end_learns_that_one_was_dropped() -> None:
    body = f"{STREAM} {call('drop-writer', 'w')} {call('read', 'r', 64, 4)}"
    assert run(alone(body)) == 1
    body = f"{STREAM} {call('drop-reader', 'r')} {call('write', 'w', 64, 4)}"
    assert run(alone(body)) == 1
    body = f"{FUTURE} {call('drop-getter', 'r')} {call('put', 'w', 64)}"
    assert run(alone(body)) == 1


def test_a_copy_can_be_cancelled_and_says_what_was_copied() -> None:
    body = f"{STREAM} (drop {call('read', 'r', 64, 4)}) {call('cancel-read', 'r')}"
    assert run(alone(body)) == 2
    body = f"""{STREAM} (drop {call("write", "w", 16, 4)}) (drop {call("read", "r", 64, 3)})
      {call("cancel-write", "w")}"""
    assert run(alone(body)) == 0x32
    body = f"{FUTURE} (drop {call('get', 'r', 64)}) {call('cancel-get', 'r')}"
    assert run(alone(body)) == 2


RULES = {
    "busy": (f"{STREAM} (drop {call('read', 'r', 64, 4)}) {call('drop-reader', 'r')}", "cannot drop busy stream"),
    "twice": (f"{STREAM} (drop {call('read', 'r', 64, 4)}) (drop {call('read', 'r', 64, 4)})", "busy or done"),
    "done": (f"{STREAM} {call('drop-writer', 'w')} (drop {call('read', 'r', 8, 4)}) (drop {call('read', 'r', 8, 4)})",
             "busy or done"),
    "unwritten": (f"{FUTURE} {call('drop-putter', 'w')}", "cannot drop future write end without first writing a value"),
    "other end": (f"{STREAM} (drop {call('read', 'w', 64, 4)})", "another end than `stream.read` is for"),
    "other kind": (f"{FUTURE} (drop {call('read', 'r', 64, 4)})", "another end than `stream.read` is for"),
    "no end": (f"(drop {call('read', 5, 64, 4)})", "unknown handle index 5"),
    "bounds": (f"{STREAM} (drop {call('read', 'r', 65533, 4)})", "out of bounds"),
    "length": (f"{STREAM} (drop {call('read', 'r', 0, 1 << 28)})", "too long"),
    "idle": (f"{STREAM} (drop {call('cancel-read', 'r')})", "not busy"),
    "alone": (f"{STREAM} (drop {call('read-now', 'r', 64, 4)})", "deadlock detected"),
    "member": (f"{STREAM} (call $join (local.get $r) (call $set)) (drop {call('read-now', 'r', 64, 4)})",
               "cannot be used synchronously"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "message"), RULES.values(), ids=RULES.keys())
def test_a_guest_that_breaks_a_rule_of_streams_is_stopped(body: str, message: str) -> None:
    with pytest.raises(Trap) as caught:
        run(alone(f"{body} (i32.const 0)"))
    assert message in str(caught.value)


def test_elements_have_to_be_aligned() -> None:
    with pytest.raises(Trap, match="unaligned pointer"):
        run(alone(f"{STREAM} {call('read', 'r', 63, 4)}", " u32"))


def test_a_guest_cannot_pass_values_other_than_numbers_to_itself() -> None:
    body = f"{STREAM} (drop {call('read', 'r', 64, 1)}) {call('write', 'w', 16, 1)}"
    with pytest.raises(Trap, match="cannot read from and write to intra-component stream"):
        run(alone(body, " string"))


def test_a_call_that_is_not_asynchronous_cannot_wait_for_a_copy() -> None:
    body = f"{STREAM} {call('read-now', 'r', 64, 4)}"
    with Described(alone(body, asynchronous=False)) as made:
        plain = made["run"]
        with pytest.raises(Trap, match="cannot block a synchronous task before returning"):
            plain()


def passed(element: str, store: str, load: str) -> str:
    """Two components: `run` of the second gives its reader to the first, which reads an element that the second then
    writes. `store` puts the element at the address 16, `load` gives a number for the one at the address 64."""
    definitions, imports, given = built_ins(element)
    return f"""(component
      (component $a {MEMORY} {definitions}
        (core func $return (canon task.return (result u32)))
        (core module $m {imports} (import "" "return" (func $return (param i32)))
          (global $set (mut i32) (i32.const 0))
          (func (export "take") (param $r i32) (result i32)
            {expect(call("read", "r", 64, 1), BLOCKED)}
            (global.set $set (call $set)) (call $join (local.get $r) (global.get $set))
            (i32.or (i32.const 2) (i32.shl (global.get $set) (i32.const 4))))
          (func (export "back") (param i32 i32 i32) (result i32)
            (if (i32.ne (local.get 2) (i32.const 0x10)) (then unreachable))
            (call $return {load}) (i32.const 0)))
        (core instance $i (instantiate $m (with "" (instance {given} (export "return" (func $return))))))
        (func (export "take") async (param "r" (stream{element})) (result u32)
          (canon lift (core func $i "take") async {OPTIONS} (callback (core func $i "back")))))
      (instance $a (instantiate $a))
      (component $b (import "take" (func $take async (param "r" (stream{element})) (result u32)))
        {MEMORY} {definitions}
        (core func $take' (canon lower (func $take) async {OPTIONS}))
        (core module $m {imports} (import "" "take" (func $take (param i32 i32) (result i32)))
          (func (export "run") (result i32) {ENDS} (local $s i32)
            {STREAM}
            (local.set $s (i32.shr_u (call $take (local.get $r) (i32.const 256)) (i32.const 4)))
            {store} {expect(call("write", "w", 16, 1), 0x10)}
            (local.set $r (call $set)) (call $join (local.get $s) (local.get $r))
            (drop (call $wait (local.get $r) (i32.const 128)))
            (i32.load (i32.const 256))))
        (core instance $i (instantiate $m (with "" (instance {given} (export "take" (func $take'))))))
        (func (export "run") async (result u32) (canon lift (core func $i "run"))))
      (instance $b (instantiate $b (with "take" (func $a "take"))))
      (func (export "run") (alias export $b "run")))"""


def test_numbers_pass_from_one_guest_to_another() -> None:
    text = passed(" u32", "(i32.store (i32.const 16) (i32.const 77))", "(i32.load (i32.const 64))")
    assert run(text) == 77


def test_text_passes_from_one_guest_to_another() -> None:
    store = """(i32.store (i32.const 16) (i32.const 32)) (i32.store (i32.const 20) (i32.const 3))
      (i32.store (i32.const 32) (i32.const 0x616574))"""
    load = "(i32.add (i32.load (i32.load (i32.const 64))) (i32.shl (i32.load (i32.const 68)) (i32.const 24)))"
    assert run(passed(" string", store, load)) == 0x03616574


def test_text_that_lies_out_of_the_memory_stops_both_guests() -> None:
    store = "(i32.store (i32.const 16) (i32.const 65535)) (i32.store (i32.const 20) (i32.const 3))"
    with pytest.raises(Trap, match="string pointer/length out of bounds of memory"):
        run(passed(" string", store, "(i32.const 0)"))


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ("(call $join (local.get $r) (call $set))", "cannot lift stream while it's in a waitable set"),
        (f"(drop {call('read', 'r', 64, 1)})", "cannot lift stream that is busy or done"),
        ("(local.set $r (local.get $w))", "cannot lift the write end of a stream"),
        ("(local.set $r (call $set))", "unknown handle index"),
    ],
)
def test_an_end_that_cannot_be_given_away_stays(before: str, message: str) -> None:
    text = passed(" u32", "", "(i32.const 0)")
    text = text.replace("(local.set $s (i32.shr_u (call $take", f"{before} (local.set $s (i32.shr_u (call $take")
    with pytest.raises(Trap) as caught:
        run(text)
    assert message in str(caught.value)


def test_an_end_that_was_given_away_is_gone() -> None:
    text = passed(" u32", call("drop-reader", "r"), "(i32.const 0)")
    with pytest.raises(Trap, match="unknown handle index"):
        run(text)
