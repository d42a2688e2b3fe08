"""One bound for all memories together, and one for all tables."""

from __future__ import annotations

import random

import pytest
import wasmtime

from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.runtime import Limits, Reason, Trap
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Modules
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked
from witkit.runtime.core.shares import PAGE, Bounds, Shares, share
from witkit.wasm.core import Sizes, Space
from witkit.wasm.plan import HostFunc, Lift, PlannedResource

MEMORY = """(memory {})
    (func (export "f") (result i32)
      (loop $again (br_if $again (i32.ne (i32.const -1) (memory.grow (i32.const 1))))) (memory.size))"""
TABLE = """(table $t {} funcref)
    (func (export "f") (result i32)
      (loop $again (br_if $again (i32.ne (i32.const -1) (table.grow (ref.null func) (i32.const 1))))) (table.size))"""
HEAP = """(type $array (array (mut i64))) (table $all 100000 (ref null $array)) (global $n (mut i32) (i32.const 0))
    (func (export "f") (result i32)
      (loop $again
        (table.set $all (global.get $n) (array.new_default $array (i32.const 1000)))
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (br $again))
      unreachable)"""
STARTS = "(func $start (drop (memory.grow (i32.const 1)))) (start $start)"


class NoHost:
    """What gives nothing, to components without imports."""

    def function(self, func: HostFunc) -> tuple[abi.Func, object]:
        raise NotImplementedError

    def is_observed(self, func: HostFunc) -> bool:
        return False

    def fits(self, resource: PlannedResource) -> None:
        return None


class Grown:
    """An instance of these modules, each of which gives from `f` how much of something it got."""

    def __init__(self, modules: Modules, limits: Limits, *bodies: str) -> None:
        parts = [
            f"""(core module $m{n} {body}) (core instance $i{n} (instantiate $m{n}))
            (func (export "f{n}") (result u32) (canon lift (core func $i{n} "f")))"""
            for n, body in enumerate(bodies)
        ]
        content = bytes(wasmtime.wat2wasm(f"(component {' '.join(parts)})"))
        self.instance = CoreInstance(Blueprint(Linked.of(content), modules), NoHost(), limits)
        self._types = Descriptions(lambda resource: abi.Resource("resource", "Resource"))

    def sizes(self) -> list[int]:
        """Let all of them take what they get."""
        return [self._size(name, lift) for name, lift in self.instance.blueprint.plan.exports.items()]

    def _size(self, name: str, lift: object) -> int:
        assert isinstance(lift, Lift)
        return int(self.instance.export(lift, self._types.func(lift.type, name))())


def test_one_memory_gets_all(modules: Modules) -> None:
    assert Grown(modules, Limits(memory=100 * PAGE), MEMORY.format(1)).sizes() == [100]


def test_many_memories_get_no_more_together(modules: Modules) -> None:
    sizes = Grown(modules, Limits(memory=100 * PAGE), *[MEMORY.format(1)] * 40).sizes()
    assert sizes == [2] * 40


def test_a_memory_that_cannot_grow_counts_with_its_size(modules: Modules) -> None:
    sizes = Grown(modules, Limits(memory=100 * PAGE), MEMORY.format("3 3"), MEMORY.format(1), MEMORY.format("0 7"))
    assert sizes.sizes() == [3, 90, 7]


def test_a_memory_that_begins_with_more_than_its_share_leaves_the_rest(modules: Modules) -> None:
    sizes = Grown(modules, Limits(memory=100 * PAGE), MEMORY.format(1), MEMORY.format(80), MEMORY.format(0)).sizes()
    assert sizes == [10, 80, 10]


def test_tables_share_a_bound(modules: Modules) -> None:
    assert Grown(modules, Limits(table=1000), TABLE.format(0)).sizes() == [1000]
    sizes = Grown(modules, Limits(table=1000), *[TABLE.format(10)] * 3, TABLE.format(600)).sizes()
    assert sizes == [133, 133, 133, 600]


def test_a_heap_with_garbage_collection_is_a_memory(modules: Modules) -> None:
    made = Grown(modules, Limits(memory=100 * PAGE), MEMORY.format(1), HEAP)
    with pytest.raises(Trap, match="the guest asked for more memory than its limit") as caught:
        made.sizes()
    assert caught.value.reason is Reason.MEMORY
    assert Grown(modules, Limits(memory=100 * PAGE), HEAP, MEMORY.format(1)).instance.state.bounds.memory == 50 * PAGE


@pytest.mark.parametrize(
    ("limits", "bodies", "reason", "message"),
    [
        (Limits(memory=99 * PAGE), [MEMORY.format(50)] * 2, Reason.MEMORY, "more memory than its limit"),
        (Limits(table=99), [TABLE.format(50)] * 2, Reason.LIMIT, "a larger table than its limit"),
        # A start function could use what is allowed for the larger memory to let the smaller one grow.
        (Limits(memory=100 * PAGE), [MEMORY.format(1), f"{MEMORY.format(80)} {STARTS}"], Reason.MEMORY, "more memory"),
    ],
)
def test_what_begins_with_more_than_the_bound_does_not_begin(
    modules: Modules, limits: Limits, bodies: list[str], reason: Reason, message: str
) -> None:
    with pytest.raises(Trap, match=message) as caught:
        Grown(modules, limits, *bodies)
    assert (caught.value.reason, caught.value.function) == (reason, "instantiate")


def test_a_start_function_gets_no_more_than_its_share(modules: Modules) -> None:
    started = f"(memory 1) (global $n (mut i32) (i32.const 0)) {STARTS.replace('(drop', '(global.set $n')}"
    grows = "memory.grow (i32.const 1)"
    started = started.replace(grows, "memory.grow (i32.const 9)") + '(func (export "f") (result i32) (global.get $n))'
    limits = Limits(memory=100 * PAGE)
    assert Grown(modules, limits, started, MEMORY.format("80 80")).sizes() == [1, 80]
    assert Grown(modules, limits, started, MEMORY.format("95 95")).sizes() == [0xFFFFFFFF, 95]


def test_what_is_shared_never_exceeds_the_bound_and_leaves_next_to_nothing() -> None:
    source = random.Random(7)
    for _ in range(2000):
        sizes: list[Sizes] = []
        for _ in range(source.randint(2, 6)):
            least = source.randint(0, 20)
            sizes.append((least, source.choice([None, least, least + source.randint(0, 30)])))
        bound = sum(least for least, _ in sizes) + source.randint(0, 100)
        found = share(bound, sizes)
        assert found is not None

        def used(size: int, sizes: list[Sizes] = sizes) -> int:
            return sum(max(least, size if most is None else min(size, most)) for least, most in sizes)

        assert used(found) <= bound
        assert found == bound or used(found + 1) > bound


def test_without_a_bound_nothing_is_shared() -> None:
    shares = Shares([Space(memories=((1, None),)), Space(memories=((1, None),), tables=((1, 2),))])
    assert shares.of(Limits()) == Bounds(None, None)
    assert shares.starting(Limits(), Bounds(None, None)) == {}
