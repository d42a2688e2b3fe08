"""Random values from the host through two guests and back, in all encodings of text, at once and asynchronously.

The types are those that need no name. Each guest hands on what it is given, as it lies in its memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.canonical import sorts
from tests.runtime.core.described import Described
from tests.runtime.core.test_subtasks import MEMORY
from tests.sampled import examples
from witkit import abi

SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
ENCODINGS = ["utf8", "utf16", "latin1+utf16"]

LEAVES = st.sampled_from(sorts.PRIMITIVES)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text("aé", max_size=40)


def types() -> st.SearchStrategy[abi.Type]:
    """Types without names, a few levels deep."""
    return st.recursive(LEAVES, sorts.unnamed, max_leaves=6)


def spelled(type: abi.Type) -> str:
    """A type in the text format of components."""
    match type:
        case abi.Primitive(name):
            return name
        case abi.List(element, length):
            return f"(list {spelled(element)}{'' if length is None else f' {length}'})"
        case abi.Option(element):
            return f"(option {spelled(element)})"
        case abi.Map(key, value):
            return f"(map {spelled(key)} {spelled(value)})"
        case abi.Tuple(elements):
            return f"(tuple {' '.join(map(spelled, elements))})"
        case abi.Result(ok, err):
            sides = [spelled(ok) if ok else "", f"(error {spelled(err)})" if err else ""]
            return f"(result {' '.join(sides)})"
    raise AssertionError(type)


def options(encoding: str) -> str:
    return f'(memory (core memory $mem "mem")) (realloc (core func $mem "realloc")) string-encoding={encoding}'


def sync(type: str, outer: str, inner: str) -> str:
    """The first guest gives back what it is given, the second one calls it."""
    function = f'(param "x" (list {type})) (result (list {type}))'
    return f"""(component
      (component $a {MEMORY}
        (core module $m (import "" "mem" (memory 1))
          (func (export "g") (param i32 i32) (result i32)
            (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8)))
        (core instance $i (instantiate $m (with "" (instance $mem))))
        (func (export "g") {function} (canon lift (core func $i "g") {options(inner)})))
      (instance $a (instantiate $a))
      (component $b (import "g" (func $g {function})) {MEMORY}
        (core func $g' (canon lower (func $g) {options(outer)}))
        (core module $m (import "" "g" (func $g (param i32 i32 i32)))
          (func (export "f") (param i32 i32) (result i32)
            (call $g (local.get 0) (local.get 1) (i32.const 16)) (i32.const 16)))
        (core instance $i (instantiate $m (with "" (instance (export "g" (func $g'))))))
        (func (export "f") {function} (canon lift (core func $i "f") {options(outer)})))
      (instance $b (instantiate $b (with "g" (func $a "g"))))
      (func (export "f") (alias export $b "f")))"""


def asynchronous(type: str, outer: str, inner: str) -> str:
    """As `sync`, but the first guest returns only when it is called back, and the second one waits for that."""
    function = f'async (param "x" (list {type})) (result (list {type}))'
    memory = '(import "" "mem" (memory 1)) (import "" "return" (func $return (param i32 i32)))'
    given = '(export "mem" (memory $mem "mem")) (export "return" (func $return))'

    def returns(encoding: str) -> str:
        without = options(encoding).replace('(realloc (core func $mem "realloc"))', "")
        return f"(core func $return (canon task.return (result (list {type})) {without}))"

    def lifted(name: str, encoding: str) -> str:
        return f'(canon lift (core func $i "{name}") async {options(encoding)} (callback (core func $i "back")))'

    return f"""(component
      (component $a {MEMORY} {returns(inner)}
        (core module $m {memory}
          (func (export "g") (param i32 i32) (result i32)
            (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 1))
          (func (export "back") (param i32 i32 i32) (result i32)
            (call $return (i32.load (i32.const 8)) (i32.load (i32.const 12))) (i32.const 0)))
        (core instance $i (instantiate $m (with "" (instance {given}))))
        (func (export "g") {function} {lifted("g", inner)}))
      (instance $a (instantiate $a))
      (component $b (import "g" (func $g {function})) {MEMORY} {returns(outer)}
        (core func $g' (canon lower (func $g) async {options(outer)}))
        (core func $new (canon waitable-set.new)) (core func $join (canon waitable.join))
        (core module $m {memory} (import "" "g" (func $g (param i32 i32 i32) (result i32)))
          (import "" "new" (func $new (result i32))) (import "" "join" (func $join (param i32 i32)))
          (func (export "f") (param i32 i32) (result i32) (local $set i32)
            (local.set $set (call $new))
            (call $join
              (i32.shr_u (call $g (local.get 0) (local.get 1) (i32.const 16)) (i32.const 4)) (local.get $set))
            (i32.or (i32.const 2) (i32.shl (local.get $set) (i32.const 4))))
          (func (export "back") (param i32 i32 i32) (result i32)
            (call $return (i32.load (i32.const 16)) (i32.load (i32.const 20))) (i32.const 0)))
        (core instance $i (instantiate $m (with "" (instance {given} (export "g" (func $g'))
          (export "new" (func $new)) (export "join" (func $join))))))
        (func (export "f") {function} {lifted("f", outer)}))
      (instance $b (instantiate $b (with "g" (func $a "g"))))
      (func (export "f") (alias export $b "f")))"""


@pytest.mark.parametrize("make", [sync, asynchronous])
def test_random_values_pass_two_guests(make: Callable[[str, str, str], str]) -> None:
    @settings(
        max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(types(), st.data())
    def all_types(type: abi.Type, data: st.DataObject) -> None:
        values = data.draw(st.lists(st.lists(sorts.values(type), max_size=4), min_size=1, max_size=4))
        for outer, inner in data.draw(st.lists(st.sampled_from(list(product(ENCODINGS, repeat=2))), max_size=3)):
            check(make(spelled(type), outer, inner), [bytes(value) if type == abi.U8 else value for value in values])

    all_types()


@pytest.mark.parametrize("make", [sync, asynchronous])
@pytest.mark.parametrize(("outer", "inner"), list(product(ENCODINGS, repeat=2)))
def test_random_text_passes_two_guests(make: Callable[[str, str, str], str], outer: str, inner: str) -> None:
    @settings(
        max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(st.lists(TEXTS, max_size=8))
    def all_texts(value: list[str]) -> None:
        check(make("string", outer, inner), [value])

    all_texts()


def check(text: str, values: list[Any]) -> None:
    with Described(text) as made:
        call = made["f"]

        async def calls() -> list[Any]:
            return [await call(value) for value in values]

        results = asyncio.run(calls()) if asyncio.iscoroutinefunction(call) else list(map(call, values))
    assert results == values
