"""What guests that nobody trusts cannot do under `Limits.untrusted`."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from witkit.runtime import Engine, Limits, Reason, Trap

MIB = 1 << 20


def guest(body: str) -> str:
    """A component whose export `f` is this core function `f`."""
    return f"""(component
      (core module $m {body}) (core instance $i (instantiate $m))
      (func (export "f") (result u32) (canon lift (core func $i "f"))))"""


def grows(grow: str, size: str) -> str:
    return f"""(func (export "f") (result i32)
      (loop $again (br_if $again (i32.ne (i32.const -1) {grow}))) {size})"""


def f(engine: Engine, text: str, limits: Limits) -> object:
    """What the export `f` of a component gives."""
    with engine.load(text.encode()).instantiate(limits=limits) as instance:
        return instance.function(None, "f")()


def stopped(engine: Engine, text: str, limits: Limits) -> Trap:
    with pytest.raises(Trap) as caught:
        f(engine, text, limits)
    return caught.value


def test_everything_is_bounded_but_what_a_timeout_bounds_better() -> None:
    assert [name for name, value in asdict(Limits.untrusted()).items() if value is None] == ["fuel"]


@pytest.mark.parametrize("name", asdict(Limits()))
def test_each_bound_can_be_chosen(name: str) -> None:
    for value in (7, None):
        chosen = asdict(Limits.untrusted(**{name: value}))
        assert chosen == {**asdict(Limits.untrusted()), name: value}


def test_a_memory_stops_growing(engine: Engine) -> None:
    pages = f(engine, guest(f"(memory 1) {grows('(memory.grow (i32.const 1))', '(memory.size)')}"), Limits.untrusted())
    assert pages == 256 * MIB >> 16


def test_many_memories_stop_growing_together(engine: Engine) -> None:
    loops = "".join(
        f"(loop $l{n} (br_if $l{n} (i32.ne (i32.const -1) (memory.grow $m{n} (i32.const 1)))))" for n in range(10)
    )
    total = "(i32.const 0)"
    for n in range(10):
        total = f"(i32.add {total} (memory.size $m{n}))"
    memories = "".join(f"(memory $m{n} 0)" for n in range(10))
    body = f'{memories} (func (export "f") (result i32) {loops} {total})'
    assert f(engine, guest(body), Limits.untrusted(memory=100 << 16)) == 100


def test_a_table_stops_growing(engine: Engine) -> None:
    body = f"(table $t 0 funcref) {grows('(table.grow $t (ref.null func) (i32.const 1000))', '(table.size $t)')}"
    assert f(engine, guest(body), Limits.untrusted()) == 1_000_000


def test_a_heap_stops_growing(engine: Engine) -> None:
    body = """(type $list (struct (field (ref null $list)) (field i64)))
      (func (export "f") (result i32) (local $all (ref null $list))
        (loop $again (local.set $all (struct.new $list (local.get $all) (i64.const 1))) (br $again)) unreachable)"""
    trap = stopped(engine, guest(body), Limits.untrusted(memory=4 * MIB))
    assert (trap.reason, trap.args) == (Reason.MEMORY, ("`f` stopped: the guest asked for more memory than its limit",))


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("", "the guest has more core instances than its limit"),
        ("(memory 0)", "the guest has more memories than its limit"),
        ("(table 0 funcref)", "the guest has more tables than its limit"),
    ],
)
def test_a_guest_of_too_many_parts_does_not_start(part: str, message: str, engine: Engine) -> None:
    parts = f"(core module $m {part}) {'(core instance (instantiate $m))' * 201}"
    with pytest.raises(Trap) as caught:
        engine.load(f"(component {parts})".encode()).instantiate(limits=Limits.untrusted())
    assert (caught.value.reason, caught.value.args) == (Reason.LIMIT, (f"`instantiate` stopped: {message}",))


def test_a_guest_without_end_is_stopped(engine: Engine) -> None:
    body = '(func (export "f") (result i32) (loop $again (br $again)) unreachable)'
    assert stopped(engine, guest(body), Limits.untrusted(timeout=0.05)).reason is Reason.TIMEOUT


def test_a_guest_that_does_not_even_start_is_stopped(engine: Engine) -> None:
    parts = "(core module $m (func $f (loop $again (br $again))) (start $f)) (core instance (instantiate $m))"
    with pytest.raises(Trap) as caught:
        engine.load(f"(component {parts})".encode()).instantiate(limits=Limits.untrusted(timeout=0.05))
    assert caught.value.reason is Reason.TIMEOUT


def test_a_guest_that_calls_itself_without_end_is_stopped(engine: Engine) -> None:
    body = '(func $f (export "f") (result i32) (i32.add (i32.const 1) (call $f)))'
    assert stopped(engine, guest(body), Limits.untrusted()).reason is Reason.STACK


def test_a_guest_with_too_many_handles_is_stopped(engine: Engine) -> None:
    text = """(component
      (type $r (resource (rep i32))) (core func $new (canon resource.new $r))
      (core module $m (import "" "new" (func $new (param i32) (result i32)))
        (func (export "f") (result i32) (loop $again (drop (call $new (i32.const 1))) (br $again)) unreachable))
      (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
      (func (export "f") (result u32) (canon lift (core func $i "f"))))"""
    assert stopped(engine, text, Limits.untrusted()).reason is Reason.HANDLES


WAITS = """(component
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
    (alias outer 1 $pollable (type $p)) (export "pollable" (type $q (eq $p)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $q))))))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $subscribe (canon lower (func $clock "subscribe-duration")))
  (core module $m
    (import "" "block" (func $block (param i32))) (import "" "subscribe" (func $subscribe (param i64) (result i32)))
    (func (export "f") (result i32) (call $block (call $subscribe (i64.const 1000000000000000))) (i32.const 1)))
  (core instance $i (instantiate $m
    (with "" (instance (export "block" (func $block)) (export "subscribe" (func $subscribe))))))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))"""


def test_a_guest_that_waits_is_stopped(engine: Engine) -> None:
    assert stopped(engine, WAITS, Limits.untrusted(timeout=0.05)).reason is Reason.TIMEOUT
