"""Globals are looked up once for a component, and each instance still has its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import wasmtime

from tests.runtime.core.described import Given
from witkit.runtime.core import capi
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Modules
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked
from witkit.wasm.plan import Lift

HOLDS = """(core module ${name}
    (global (export "a") (mut i32) (i32.const {a})) (global (export "b") i32 (i32.const {b})))"""

COUNTS = f"""(component
  (import "names" (func $names (result (list string))))
  (core module $memory
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 64))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $top) (global.set $top (i32.add (global.get $top) (i32.and (i32.add (local.get 3) (i32.const 7))
        (i32.const -8))))))
  (core instance $m (instantiate $memory))
  (core func $names' (canon lower (func $names)
    (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  (core module $asks
    (import "h" "names" (func $names (param i32)))
    (func $start (call $names (i32.const 8)))
    (start $start))
  (core instance (instantiate $asks (with "h" (instance (export "names" (func $names'))))))
  {HOLDS.format(name="first", a=1, b=2)}
  {HOLDS.format(name="second", a=300, b=40)}
  (core instance $first (instantiate $first))
  (core instance $second (instantiate $second))
  (core module $main
    (import "g" "a" (global $a (mut i32)))
    (import "g" "b" (global $b i32))
    (import "g" "again" (global $again (mut i32)))
    (func (export "next") (result i32)
      (global.set $a (i32.add (global.get $a) (i32.const 1)))
      (i32.add (global.get $again) (global.get $b))))
  (core instance $i (instantiate $main (with "g" (instance
    (export "a" (global $second "a")) (export "b" (global $second "b")) (export "again" (global $second "a"))))))
  (func (export "next") (result u32) (canon lift (core func $i "next")))
)"""

FEW, MANY = ["one"], ["four", "names", "or", "more"]
"""With few names, the host calls the guest's allocator for each; with many, it makes a core instance that does."""


class Counters:
    """Instances whose start asks the host for `names`, and their function `next`."""

    def __init__(self, modules: Modules) -> None:
        self.blueprint = Blueprint(Linked.of(bytes(wasmtime.wat2wasm(COUNTS))), modules)

    def made(self, names: list[str]) -> tuple[CoreInstance, Callable[[], int]]:
        host = Given({"names": lambda: names})
        instance, lift = CoreInstance(self.blueprint, host), self.blueprint.plan.exports["next"]
        assert isinstance(lift, Lift)
        return instance, instance.export(lift, host.types.func(lift.type, "next"))

    def counted(self, names: list[str]) -> list[int]:
        instance, count = self.made(names)
        found = [count(), count()]
        instance.close()
        return found


@pytest.fixture
def counters(modules: Modules) -> Counters:
    return Counters(modules)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The names of all exports that are looked up."""
    names: list[bytes] = []
    get = capi.instance_export_get

    def counting(context: object, instance: object, name: bytes, *rest: object) -> object:
        names.append(name)
        return get(context, instance, name, *rest)

    monkeypatch.setattr(capi, "instance_export_get", counting)
    return names


def test_each_instance_has_its_own_globals(counters: Counters) -> None:
    made = [counters.made(FEW) for _ in range(5)]
    for turn in range(3):
        assert [count() for _, count in made] == [341 + turn] * 5
    for instance, _ in made:
        instance.close()
    assert counters.counted(FEW) == [341, 342]


def test_from_the_fourth_instance_on_one_global_stands_for_its_core_instance(
    counters: Counters, asked: list[bytes]
) -> None:
    looked_up = []
    for _ in range(5):
        counters.counted(FEW)
        looked_up.append([name for name in asked if name in (b"a", b"b")])
        asked.clear()
    assert looked_up == [[b"a", b"b"]] * 3 + [[b"a"]] * 2


@pytest.mark.parametrize("order", [[FEW] * 3 + [MANY, FEW, MANY], [MANY] * 3 + [FEW, MANY], [FEW, MANY] * 4])
def test_core_instances_that_the_host_makes_meanwhile_change_nothing(
    counters: Counters, order: list[list[str]]
) -> None:
    assert [counters.counted(names) for names in order] == [[341, 342]] * len(order)


def test_globals_that_have_changed_their_numbers_are_looked_up_again(counters: Counters, asked: list[bytes]) -> None:
    for names in (FEW, FEW, FEW, MANY):
        counters.counted(names)
    asked.clear()
    assert counters.counted(FEW) == [341, 342]
    assert [name for name in asked if name in (b"a", b"b")] == [b"a", b"b"]
