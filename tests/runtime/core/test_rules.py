"""A trap for each rule of the canonical ABI that a guest can break, if the other engine has one, too."""

from __future__ import annotations

import re
from typing import Any

import pytest

from witkit.runtime import Engine, Instance, InstanceError, Trap

MEMORY = """
  (memory (export "memory") 1)
  (global $realloc-gives (mut i32) (i32.const 1024))
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) (global.get $realloc-gives))"""

OPTIONS = '(memory (core memory $i "memory")) (realloc (core func $i "realloc"))'


def lifted(type: str, body: str, *, options: str = OPTIONS) -> str:
    """A component whose export `f` is lifted from a core function with this body."""
    return f"""(component
      (core module $m {MEMORY} {body})
      (core instance $i (instantiate $m))
      (func (export "f") {type} (canon lift (core func $i "f") {options})))"""


def returning(result: str, *words: int, at: int = 16) -> str:
    """A component whose export `f` returns what these words of its memory stand for."""
    stores = "".join(f"(i32.store (i32.const {at + 4 * n}) (i32.const {word}))" for n, word in enumerate(words))
    return lifted(f"(result {result})", f'(func (export "f") (result i32) {stores} (i32.const {at}))')


def flat(result: str, value: int) -> str:
    """A component whose export `f` returns what this number stands for."""
    return lifted(f"(result {result})", f'(func (export "f") (result i32) (i32.const {value}))')


def with_resource(body: str, *, type: str = "") -> str:
    """A component with a resource type of its own and one more, and its built-ins."""
    return f"""(component
      (type $r (resource (rep i32)))
      (type $other (resource (rep i32)))
      (core func $new (canon resource.new $r)) (core func $rep (canon resource.rep $r))
      (core func $drop (canon resource.drop $r)) (core func $drop-other (canon resource.drop $other))
      (core module $m
        (import "r" "new" (func $new (param i32) (result i32))) (import "r" "rep" (func $rep (param i32) (result i32)))
        (import "r" "drop" (func $drop (param i32))) (import "r" "drop-other" (func $drop-other (param i32)))
        {body})
      (core instance $i (instantiate $m (with "r" (instance
        (export "new" (func $new)) (export "rep" (func $rep))
        (export "drop" (func $drop)) (export "drop-other" (func $drop-other))))))
      (export $e "r" (type $r))
      (func (export "f") {type} (canon lift (core func $i "f"))))"""


def lending(body: str) -> str:
    """Two components: the first has a resource and `use`, which is lent one; the second has `f`."""
    return f"""(component
      (component $a
        (type $r (resource (rep i32)))
        (core func $new (canon resource.new $r))
        (core module $m (import "" "new" (func $new (param i32) (result i32)))
          (func (export "make") (result i32) (call $new (i32.const 7)))
          (func (export "use") (param i32)) (func (export "eat") (param i32)))
        (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
        (export $e "r" (type $r))
        (func (export "make") (result (own $e)) (canon lift (core func $i "make")))
        (func (export "use") (param "x" (borrow $e)) (canon lift (core func $i "use")))
        (func (export "eat") (param "x" (own $e)) (canon lift (core func $i "eat"))))
      (instance $a (instantiate $a))
      (alias export $a "r" (type $r))
      (component $b
        (import "r" (type $r (sub resource)))
        (import "make" (func $make (result (own $r))))
        (import "use" (func $use (param "x" (borrow $r))))
        (import "eat" (func $eat (param "x" (own $r))))
        (core func $make' (canon lower (func $make))) (core func $use' (canon lower (func $use)))
        (core func $eat' (canon lower (func $eat))) (core func $drop (canon resource.drop $r))
        (core module $m
          (import "" "make" (func $make (result i32))) (import "" "use" (func $use (param i32)))
          (import "" "eat" (func $eat (param i32))) (import "" "drop" (func $drop (param i32)))
          {body})
        (core instance $i (instantiate $m (with "" (instance (export "make" (func $make')) (export "use" (func $use'))
          (export "eat" (func $eat')) (export "drop" (func $drop))))))
        (func (export "keep") (param "x" (borrow $r)) (canon lift (core func $i "keep")))
        (func (export "f") (canon lift (core func $i "f"))))
      (instance $b (instantiate $b (with "r" (type $r)) (with "make" (func $a "make")) (with "use" (func $a "use"))
        (with "eat" (func $a "eat"))))
      (func (export "f") (alias export $b "f")))"""


KEEP = '(func (export "keep") (param i32))'


def leaving(*, in_realloc: bool) -> str:
    """A component that drops a handle while it allocates, or while it cleans up after a call."""
    realloc, post = ("(call $drop (i32.const 1))", "") if in_realloc else ("", "(call $drop (i32.const 1))")
    type = '(param "x" string)' if in_realloc else "(result u32)"
    core = "(param i32 i32)" if in_realloc else "(result i32)"
    body = "" if in_realloc else "(i32.const 1)"
    after = "" if in_realloc else '(post-return (core func $i "post"))'
    return f"""(component
      (type $r (resource (rep i32)))
      (core func $new (canon resource.new $r)) (core func $drop (canon resource.drop $r))
      (core module $m
        (import "r" "new" (func $new (param i32) (result i32))) (import "r" "drop" (func $drop (param i32)))
        (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) {realloc} (i32.const 1024))
        (func (export "post") (param i32) {post})
        (func (export "f") {core} (drop (call $new (i32.const 1))) {body})
        (func $start (drop (call $new (i32.const 1)))) (start $start))
      (core instance $i (instantiate $m (with "r" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
      (func (export "f") {type} (canon lift (core func $i "f") {OPTIONS} {after})))"""


DROP = '(func (export "f") (call $drop (i32.const {})))'
TAKES = '(func (export "f") (param i32 i32)) (func $start (global.set $realloc-gives (i32.const {}))) (start $start)'

BROKEN: dict[str, tuple[str, tuple[Any, ...], str]] = {
    "a string beyond the memory": (returning("string", 65530, 10), (), "string pointer/length out of bounds of memory"),
    "a string of 4 GB": (returning("string", 0, -1), (), "string of 4294967295 bytes is too long"),
    "a string that is not UTF-8": (
        lifted("(result string)", """(func (export "f") (result i32) (i32.store (i32.const 16) (i32.const 64))
          (i32.store (i32.const 20) (i32.const 1)) (i32.store8 (i32.const 64) (i32.const 0xff)) (i32.const 16))"""),
        (), "utf-8",
    ),
    "a list beyond the memory": (returning("(list u32)", 65532, 2), (), "list pointer/length out of bounds of memory"),
    "a list of 4 G elements": (returning("(list u64)", 8, -1), (), "is too long"),
    "a list that is not aligned": (returning("(list u32)", 17, 1), (), "unaligned pointer"),
    "a result that is not aligned": (flat("(tuple u32 u32)", 17), (), "unaligned pointer"),
    "a result beyond the memory": (flat("(tuple u32 u32)", 65532), (), "pointer out of bounds of memory"),
    "a case that a result does not have": (returning("(result u32 (error u32))", 2, 0), (), "discriminant 2"),
    "a case that an option does not have": (returning("(option u32)", 2, 0), (), "discriminant 2"),
    "a character beyond Unicode": (flat("char", 0x110000), (), "invalid `char` bit pattern"),
    "a surrogate as a character": (flat("char", 0xD800), (), "invalid `char` bit pattern"),
    "an allocator that gives what is beyond the memory": (
        lifted('(param "x" string)', TAKES.format(65530)), ("0123456789",), "realloc return: beyond end of memory",
    ),
    "an allocator that gives what is not aligned": (
        lifted('(param "x" (list u32))', TAKES.format(1027)), ([1, 2],), "realloc return: result not aligned",
    ),
    "an allocator that traps": (
        lifted('(param "x" string)', '(func (export "f") (param i32 i32))').replace(
            "(global.get $realloc-gives))", "unreachable)"
        ),
        ("x",), "unreachable",
    ),
    "a handle that there never was": (with_resource(DROP.format(5)), (), "unknown handle index 5"),
    "a handle with index 0": (with_resource(DROP.format(0)), (), "unknown handle index 0"),
    "a handle that was dropped before": (
        with_resource("""(func (export "f") (local i32) (local.set 0 (call $new (i32.const 9)))
          (call $drop (local.get 0)) (call $drop (local.get 0)))"""), (), "unknown handle index 1",
    ),
    "a handle that was dropped and asked for its number": (
        with_resource("""(func (export "f") (local i32) (local.set 0 (call $new (i32.const 9)))
          (call $drop (local.get 0)) (drop (call $rep (local.get 0))))"""), (), "unknown handle index 1",
    ),
    "a handle of another type": (
        with_resource('(func (export "f") (call $drop-other (call $new (i32.const 9))))'), (),
        "used with the wrong type",
    ),
    "a handle that is returned twice": (
        with_resource(
            '(func (export "f") (result i32) (drop (call $new (i32.const 9))) (i32.const 8))', type="(result (own $e))"
        ), (), "unknown handle index 8",
    ),
    "a handle that was given away": (
        lending(f"""{KEEP} (func (export "f") (local i32) (local.set 0 (call $make)) (call $eat (local.get 0))
          (call $drop (local.get 0)))"""), (), "unknown handle index 1",
    ),
    "a handle that was given away and lent": (
        lending(f"""{KEEP} (func (export "f") (local i32) (local.set 0 (call $make)) (call $eat (local.get 0))
          (call $use (local.get 0)))"""), (), "unknown handle index 1",
    ),
    "leaving while it allocates": (leaving(in_realloc=True), ("x",), "cannot leave component instance"),
    "leaving while it cleans up": (leaving(in_realloc=False), (), "cannot leave component instance"),
}  # fmt: skip


def instance(text: str) -> Instance:
    """An instance of a component without imports."""
    return Engine(cache=False).load(text.encode()).instantiate()


@pytest.mark.parametrize("case", BROKEN)
def test_a_guest_that_breaks_a_rule_is_stopped(case: str) -> None:
    text, arguments, reason = BROKEN[case]
    made = instance(text)
    with pytest.raises(Trap, match=re.escape(reason)):
        made.function(None, "f")(*arguments)
    assert made.closed
    with pytest.raises(InstanceError, match="closed after an earlier error"):
        made.function(None, "f")(*arguments)
