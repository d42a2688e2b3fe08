"""Calls between two component instances: values, handles, what stops them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from witkit.runtime import Engine, Instance, InstanceError, Trap

MEMORY = """(memory (export "memory") 1) (global $top (mut i32) (i32.const 1024))
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
    (local.set $p (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
    (global.set $top (i32.add (local.get $p) (local.get 3))) (local.get $p))"""

OPTIONS = '(memory (core memory $i "memory")) (realloc (core func $i "realloc"))'


def relay(type: str, callee: str, flat: str, body: str, *, encoding: str = "") -> str:
    """The second component calls `g` of the first, whose core function is given, with its own parameters."""
    params = f"(param {flat} i32)"
    return f"""(component
      (component $a
        (core module $m {MEMORY} (func (export "g") (param {flat}) (result i32) {callee}))
        (core instance $i (instantiate $m))
        (func (export "g") {type} (canon lift (core func $i "g") {OPTIONS} {encoding})))
      (instance $a (instantiate $a))
      (component $b
        (import "g" (func $g {type}))
        (core module $l {MEMORY}) (core instance $i (instantiate $l))
        (core func $g' (canon lower (func $g) {OPTIONS}))
        (core module $m (import "" "g" (func $g {params})) (import "" "memory" (memory 1))
          (func (export "f") (param {flat}) (result i32) {body}))
        (core instance $j (instantiate $m (with "" (instance (export "g" (func $g'))
          (export "memory" (memory $i "memory"))))))
        (func (export "f") {type} (canon lift (core func $j "f") {OPTIONS})))
      (instance $b (instantiate $b (with "g" (func $a "g"))))
      (func (export "f") (alias export $b "f")))"""


PASS = "(call $g {} (i32.const 512)) (i32.const 512)"


def instance(text: str) -> Instance:
    return Engine(cache=False).load(text.encode()).instantiate()


ECHO = "(i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8)"


@pytest.mark.parametrize("value", ["", "tea", "Grüße, 世界 🎈", "x" * 20_000])
@pytest.mark.parametrize("encoding", ["", "string-encoding=utf16", "string-encoding=latin1+utf16"])
def test_text_crosses_between_encodings(value: str, encoding: str) -> None:
    pass_on = PASS.format("(local.get 0) (local.get 1)")
    with instance(relay('(param "x" string) (result string)', ECHO, "i32 i32", pass_on, encoding=encoding)) as made:
        assert made.function(None, "f")(value) == value


def test_bytes_cross() -> None:
    text = relay(
        '(param "x" (list u8)) (result (list u8))', ECHO, "i32 i32", PASS.format("(local.get 0) (local.get 1)")
    )
    with instance(text) as made:
        assert made.function(None, "f")(bytes(range(256)) * 40) == bytes(range(256)) * 40


def test_a_trap_in_one_guest_stops_both() -> None:
    text = relay(
        '(param "x" string) (result string)', "unreachable", "i32 i32", PASS.format("(local.get 0) (local.get 1)")
    )
    made = instance(text)
    with pytest.raises(Trap, match="`f` stopped: the guest reached an `unreachable` instruction") as caught:
        made.function(None, "f")("x")
    assert len(caught.value.backtrace) >= 2, "frames of both guests"
    with pytest.raises(InstanceError):
        made.function(None, "f")("x")


def test_a_lie_of_one_guest_is_found_before_the_other_sees_it() -> None:
    wrong = "(i32.store (i32.const 8) (i32.const 65530)) (i32.store (i32.const 12) (i32.const 100)) (i32.const 8)"
    text = relay('(param "x" string) (result string)', wrong, "i32 i32", PASS.format("(local.get 0) (local.get 1)"))
    with pytest.raises(Trap, match="`f` stopped: string pointer/length out of bounds of memory"):
        instance(text).function(None, "f")("x")


HANDLES = """(component
  (component $a
    (core module $d (memory (export "memory") 1) (global $dropped (mut i32) (i32.const 0))
      (func (export "destroy") (param i32) (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
      (func (export "dropped") (result i32) (global.get $dropped)))
    (core instance $d (instantiate $d))
    (type $r (resource (rep i32) (dtor (core func $d "destroy"))))
    (core func $new (canon resource.new $r))
    (core module $m (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "look") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (export $e "r" (type $r))
    (func (export "make") (param "n" u32) (result (own $e)) (canon lift (core func $m "make")))
    (func (export "look") (param "x" (borrow $e)) (result u32) (canon lift (core func $m "look")))
    (func (export "dropped") (result u32) (canon lift (core func $d "dropped"))))
  (instance $a (instantiate $a))
  (alias export $a "r" (type $r))
  (component $b
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (param "n" u32) (result (own $r))))
    (import "look" (func $look (param "x" (borrow $r)) (result u32)))
    (core func $make' (canon lower (func $make))) (core func $look' (canon lower (func $look)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32))) (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "use") (param i32) (result i32) (local $h i32)
        (local.set $h (call $make (local.get 0)))
        (call $look (local.get $h))
        (call $drop (local.get $h)))
      (func (export "give") (param i32) (result i32) (call $make (local.get 0)))
      (func (export "take") (param i32) (call $drop (local.get 0)))
      (func (export "peek") (param i32) (result i32) (call $look (local.get 0)) (call $drop (local.get 0)))
      (func (export "keep") (param i32) (result i32) (call $look (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance (export "make" (func $make'))
      (export "look" (func $look')) (export "drop" (func $drop))))))
    (func (export "use") (param "n" u32) (result u32) (canon lift (core func $m "use")))
    (func (export "give") (param "n" u32) (result (own $r)) (canon lift (core func $m "give")))
    (func (export "take") (param "x" (own $r)) (canon lift (core func $m "take")))
    (func (export "peek") (param "x" (borrow $r)) (result u32) (canon lift (core func $m "peek")))
    (func (export "keep") (param "x" (borrow $r)) (result u32) (canon lift (core func $m "keep"))))
  (instance $b (instantiate $b (with "r" (type $r)) (with "make" (func $a "make")) (with "look" (func $a "look"))))
  (export $e "r" (type $r))
  (func (export "use") (alias export $b "use"))
  (export "give" (func $b "give") (func (param "n" u32) (result (own $e))))
  (export "take" (func $b "take") (func (param "x" (own $e))))
  (export "peek" (func $b "peek") (func (param "x" (borrow $e)) (result u32)))
  (export "keep" (func $b "keep") (func (param "x" (borrow $e)) (result u32)))
  (func (export "dropped") (alias export $a "dropped")))"""


@pytest.fixture
def call() -> Iterator[Callable[..., Any]]:
    """Calls an export of two guests: the first implements a resource, the second uses it."""
    with instance(HANDLES) as made:
        yield lambda name, *values: made.function(None, name)(*values)


def test_the_destructor_runs_in_the_guest_that_implements_the_resource(call: Callable[..., Any]) -> None:
    assert call("use", 5) == 5
    assert call("dropped") == 5


def test_a_resource_of_one_guest_goes_through_another_to_the_host_and_back(call: Callable[..., Any]) -> None:
    one, other = call("give", 7), call("give", 30)
    assert [call("peek", one), call("peek", other), call("peek", one)] == [7, 30, 7]
    call("take", one)
    assert call("dropped") == 7
    with pytest.raises(ValueError, match="was closed, or given away"):
        call("peek", one)
    other.close()
    assert call("dropped") == 37


def test_a_guest_that_keeps_what_it_was_lent_is_stopped(call: Callable[..., Any]) -> None:
    lent = call("give", 7)
    with pytest.raises(Trap, match="`keep` stopped: borrow handles still remain at the end of the call"):
        call("keep", lent)
    lent.close()
