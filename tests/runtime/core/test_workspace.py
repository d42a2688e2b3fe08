"""Instances of one component are made in the same memory, one after the other, and have nothing of each other's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import wasmtime

from tests.runtime.core.described import Given
from witkit.runtime import Trap
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Modules
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked
from witkit.wasm.plan import Lift

SPEAKS = """(component
  (import "say" (func $say (param "text" string)))
  (core module $memory (memory (export "memory") 1))
  (core instance $m (instantiate $memory))
  (core func $say' (canon lower (func $say) (memory (core memory $m "memory"))))
  (core module $main
    (import "m" "memory" (memory 1))
    (import "h" "say" (func $say (param i32 i32)))
    (global $sum (mut i32) (i32.const 0))
    (data (i32.const 8) "hello")
    (func $start (call $say (i32.const 8) (i32.const 5)))
    (start $start)
    (func (export "add") (param i32) (result i32)
      (global.set $sum (i32.add (global.get $sum) (local.get 0)))
      (call $say (i32.const 8) (i32.const 4))
      (global.get $sum)))
  (core instance $i (instantiate $main (with "m" (instance $m)) (with "h" (instance (export "say" (func $say'))))))
  (func (export "add") (param "n" u32) (result u32) (canon lift (core func $i "add")))
)"""


class Speakers:
    """Instances of the component, whose `say` is a Python function."""

    def __init__(self, modules: Modules) -> None:
        self.blueprint = Blueprint(Linked.of(bytes(wasmtime.wat2wasm(SPEAKS))), modules)

    def made(self, say: Callable[[str], None]) -> tuple[CoreInstance, Callable[[int], int]]:
        """An instance and its function `add`."""
        host = Given({"say": say})
        instance, lift = CoreInstance(self.blueprint, host), self.blueprint.plan.exports["add"]
        assert isinstance(lift, Lift)
        return instance, instance.export(lift, host.types.func(lift.type, "add"))


@pytest.fixture
def speakers(modules: Modules) -> Speakers:
    return Speakers(modules)


def test_instances_that_follow_each_other_are_apart(speakers: Speakers) -> None:
    said: list[str] = []
    (first, one), (second, other) = speakers.made(said.append), speakers.made(said.append)
    assert [one(1), other(10), one(1), other(10)] == [1, 10, 2, 20]
    assert said == ["hello", "hello", "hell", "hell", "hell", "hell"]
    first.close()
    assert other(1) == 21
    second.close()


def test_a_start_may_make_another_instance_of_the_same_component(speakers: Speakers) -> None:
    inner: list[tuple[CoreInstance, Callable[[int], int]]] = []
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if not inner:
            inner.append(speakers.made(lambda text: said.append(f"inner {text}")))
            assert inner[0][1](5) == 5

    outer, add = speakers.made(say)
    assert [add(1), inner[0][1](5), add(1)] == [1, 10, 2]
    assert said[:3] == ["hello", "inner hello", "inner hell"]
    outer.close()
    inner[0][0].close()


def test_a_start_that_fails_leaves_the_memory_to_others(speakers: Speakers) -> None:
    def refuse(text: str) -> None:
        raise ZeroDivisionError(text)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError, match="hello"):
            speakers.made(refuse)
    instance, add = speakers.made(lambda text: None)
    assert add(3) == 3
    instance.close()


def test_threads_make_instances_of_one_component_at_once(speakers: Speakers) -> None:
    def use(number: int) -> list[Any]:
        found: list[Any] = []
        for turn in range(20):
            said: list[str] = []
            instance, add = speakers.made(said.append)
            found.append((add(number), add(turn), said))
            instance.close()
        return found

    with ThreadPoolExecutor(8) as pool:
        for number, found in enumerate(pool.map(use, range(40))):
            assert found == [(number, number + turn, ["hello", "hell", "hell"]) for turn in range(20)]


def test_few_of_many_workspaces_are_kept(speakers: Speakers) -> None:
    depth = 0

    def say(text: str) -> None:
        nonlocal depth
        depth += 1
        if depth < 12:
            made.append(speakers.made(say)[0])

    made: list[CoreInstance] = []
    made.append(speakers.made(say)[0])
    assert len(made) == 12
    assert 0 < len(speakers.blueprint._workspaces) <= 4
    for instance in made:
        instance.close()


def test_a_start_that_traps_is_reported(modules: Modules) -> None:
    text = "(component (core module $m (func $f unreachable) (start $f)) (core instance (instantiate $m)))"
    blueprint = Blueprint(Linked.of(bytes(wasmtime.wat2wasm(text))), modules)
    for _ in range(2):
        with pytest.raises(Trap, match="`instantiate` stopped: the guest reached an `unreachable` instruction"):
            CoreInstance(blueprint, Given({}))
