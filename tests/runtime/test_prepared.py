"""Imports that are matched and linked once, for many instances: the same as instantiating each time, but cheaper."""

from __future__ import annotations

import copy
import gc
import inspect
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.by_hand.world import World, WorldComponent
from tests.runtime.test_errors import HOST, Plain
from tests.runtime.test_resources import Stores
from witkit.runtime import (
    Engine,
    Instance,
    InstanceError,
    Limits,
    MissingImport,
    Reason,
    Trap,
    UntypedComponent,
)
from witkit.runtime.core import callbacks
from witkit.text import WitkitError


@pytest.fixture(scope="module")
def component(engine: Engine) -> WorldComponent:
    return WorldComponent.load(guests.resources(), engine=engine)


@pytest.fixture(scope="module")
def untyped(engine: Engine) -> UntypedComponent:
    return engine.load(guests.behaviour())


def test_instances_are_of_the_worlds_class_and_know_nothing_of_each_other(component: WorldComponent) -> None:
    prepared = component.prepare(stores=Stores())
    with prepared.instantiate() as one, prepared.instantiate() as other:
        assert type(one) is type(other) is World
        with one.counters.Counter(5) as counter:
            assert counter.next() == 6
            assert (one.call("in-list"), other.call("in-list")) == (3, 3)
            with pytest.raises(ValueError, match="belongs to another instance"):
                other.counters.call("eat", counter)
        assert (one.counters.call("dropped"), other.counters.call("dropped")) == (1, 0)


def test_without_bindings_they_are_plain_instances(untyped: UntypedComponent) -> None:
    with untyped.prepare({HOST: Plain(lambda n: n + 1)}).instantiate() as instance:
        assert type(instance) is Instance
        assert instance.function(None, "call")(5) == 6


def test_what_is_wrong_with_imports_is_said_when_they_are_prepared(component: WorldComponent) -> None:
    with pytest.raises(WitkitError) as caught:
        component.prepare(stores=None)
    assert [d.code for d in caught.value.diagnostics] == ["WIT0710"]


def test_an_optional_import_may_be_left_out(untyped: UntypedComponent) -> None:
    with untyped.prepare(optional=[HOST]).instantiate() as instance, pytest.raises(MissingImport, match=f"{HOST}#hit"):
        instance.function(None, "call")(5)


def test_limits_are_those_of_each_instance(untyped: UntypedComponent) -> None:
    prepared = untyped.prepare({HOST: Plain()})
    with prepared.instantiate(limits=Limits(fuel=1000)) as short, prepared.instantiate() as free:
        with pytest.raises(Trap) as caught:
            short.function(None, "call-many")(1000)
        assert caught.value.reason is Reason.FUEL
        assert free.function(None, "call-many")(1000) is not None


def test_an_exception_belongs_to_the_instance_it_happened_in(untyped: UntypedComponent) -> None:
    def hit(n: int) -> int:
        if n == 3:
            raise LookupError(n)
        return n

    prepared = untyped.prepare({HOST: Plain(hit)})
    with prepared.instantiate() as one, prepared.instantiate() as other:
        with pytest.raises(LookupError) as caught:
            one.function(None, "call")(3)
        assert caught.value.__notes__ == [f"raised by the host in the WIT call {HOST}#hit"]
        assert one.closed
        assert other.function(None, "call")(4) == 4
        with pytest.raises(InstanceError):
            one.function(None, "call")(4)


def test_instances_call_each_other(untyped: UntypedComponent) -> None:
    made: list[Any] = []
    prepared = untyped.prepare({HOST: Plain(lambda n: made[n % 3].function(None, "call")(n - 1) if n else 100)})
    for _ in range(3):
        made.append(prepared.instantiate())
    assert made[0].function(None, "call")(30) == 100
    for each in made:
        each.close()


def test_threads_share_it(component: WorldComponent) -> None:
    prepared = component.prepare(stores=Stores())

    def use(number: int) -> int:
        with prepared.instantiate() as world, world.counters.Counter(number) as counter:
            world.call("two")
            return int(counter.next())

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(use, range(400))) == list(range(1, 401))


def test_instances_outlive_it_and_nothing_outlives_them(component: WorldComponent) -> None:
    stores = Stores()
    gc.collect()  # what earlier tests left
    before, gone, stores_before = len(callbacks.RUNS), weakref.ref(stores), len(callbacks.STATES)
    with component.prepare(stores=stores).instantiate() as world:
        del stores
        gc.collect()
        assert world.call("in-list") == 3
        assert len(callbacks.RUNS) > before
    del world
    gc.collect()
    assert len(callbacks.RUNS) == before
    assert gone() is None
    assert len(callbacks.STATES) == stores_before


def test_it_cannot_be_copied(component: WorldComponent) -> None:
    with pytest.raises(TypeError, match="Prepared objects cannot be copied or pickled"):
        copy.copy(component.prepare(stores=Stores()))


def test_implementations_are_looked_at_when_they_are_prepared_and_not_again(
    component: WorldComponent, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counting(Stores):
        looked = 0

        def __getattribute__(self, name: str) -> Any:
            Counting.looked += name in ("same", "count", "give", "all")
            return super().__getattribute__(name)

    prepared = component.prepare(stores=Counting())
    prepared.instantiate().close()
    once = Counting.looked
    for _ in range(10):
        prepared.instantiate().close()
    assert Counting.looked == once


def test_plain_functions_are_not_inspected(component: WorldComponent, monkeypatch: pytest.MonkeyPatch) -> None:
    """`inspect.signature` was three quarters of what an instance cost."""
    monkeypatch.setattr(inspect, "signature", lambda target: pytest.fail(f"{target} was inspected"))
    with component.instantiate(stores=StaticStores()) as world:
        assert world.call("in-list") == 3


class StaticStores(Stores):
    class Store(Stores.Store):
        pass
