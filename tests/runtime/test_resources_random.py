"""Handles through long random histories: calls that succeed, that are refused, and that fail in the middle."""

from __future__ import annotations

import gc
import random
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.by_hand.world import Counter, Holder, World, WorldComponent
from tests.runtime.handles import host_objects
from tests.runtime.test_resources import Stores
from witkit import abi
from witkit.runtime import Engine, InstanceError

STEPS = 4000


class Failing(Stores):
    """The host's side; every now and then it raises instead."""

    def __init__(self, chance: random.Random, rate: float) -> None:
        super().__init__()
        self.chance, self.rate = chance, rate

    def _may_fail(self) -> None:
        if self.chance.random() < self.rate:
            raise LookupError("by chance")

    def same(self, a: Stores.Store, b: Stores.Store) -> bool:
        self._may_fail()
        return a is b

    def count(self, all: list[Stores.Store]) -> int:
        self._may_fail()
        return len(all)

    def give(self, s: Stores.Store) -> int:
        self._may_fail()
        return 7

    def all(self) -> list[Any]:
        self._may_fail()
        made: list[Any] = [self.Store(str(i)) for i in range(5)]
        if self.chance.random() < self.rate:
            made[3] = "no store"  # the first three have their handles by then
        return made


class History:
    """One random history: it knows how many counters the guest must have and must have dropped."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance = world, chance
        self.held: list[Counter] = []
        self.made = 0

    def step(self) -> None:
        """Do something; LookupError, TypeError and ValueError are what may come out."""
        steps = (self.make, self.make_many, self.use, self.drop, self.eat, self.eat_twice, self.refuse, self.hold)
        if self.chance.random() < 0.5:
            self.chance.choice(steps)()
        else:
            self.call_host()

    def make(self) -> None:
        self.made += 1
        self.held.append(self.world.counters.Counter(self.made))

    def make_many(self) -> None:
        count = self.chance.randrange(4)
        self.made += count
        self.held += self.world.counters.call("many", count)

    def take(self) -> Counter:
        if not self.held:
            self.make()
        return self.held.pop(self.chance.randrange(len(self.held)))

    def use(self) -> None:
        one, other = self.take(), self.take()
        assert self.world.counters.call("sum", one, other) >= 0
        self.held += [one, other]

    def drop(self) -> None:
        one = self.take()
        one.close()
        one.close()

    def eat(self) -> None:
        self.world.counters.call("eat", self.take())

    def eat_twice(self) -> None:
        one = self.take()
        self.world.counters.call("eat", one)
        with pytest.raises(ValueError, match="given away"):
            self.world.counters.call("eat", one)

    def refuse(self) -> None:
        one = self.take()
        with pytest.raises(TypeError):
            self.world.counters.call("unhold", Holder(one, "no number"))  # type: ignore[arg-type]
        self.held.append(one)

    def hold(self) -> None:
        self.made += 1
        holder = self.world.counters.call("hold")
        if self.chance.random() < 0.5:
            self.world.counters.call("unhold", holder)
        else:
            self.held.append(holder.one)

    def call_host(self) -> None:
        match self.chance.randrange(6):
            case 0:
                self.world.call("take", Stores.Store("given"))
            case 1:
                self.world.call("look", Stores.Store("lent"))
            case 2:
                assert self.world.call("make").name == "b"
            case 3:
                with pytest.raises(TypeError):
                    self.world.call("take", "no store")
            case _:
                self.world.call(self.chance.choice(["two", "in-list", "pass-on", "drop-all", "open"]))

    def dropped(self) -> int:
        count: int = self.world.counters.call("dropped")
        return count


@pytest.fixture(scope="module")
def component(engine: Engine) -> WorldComponent:
    return WorldComponent.load(guests.resources(), engine=engine)


@pytest.fixture(autouse=True)
def _nothing_else_alive() -> Iterator[None]:
    gc.collect()
    Stores.alive = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        yield


@pytest.mark.parametrize("seed", range(3))
def test_every_handle_is_dropped_exactly_once(component: WorldComponent, seed: int) -> None:
    chance = random.Random(seed)
    with component.instantiate(stores=Failing(chance, 0)) as world:
        history = History(world, chance)
        for _ in range(STEPS):
            history.step()
            assert host_objects(world) == 0, "no host object stays after a call"
        assert Stores.alive == 0
        assert history.dropped() == history.made - len(history.held)
        for counter in history.held:
            counter.close()
        assert history.dropped() == history.made
        assert world._state.garbage == []


@pytest.mark.parametrize("seed", range(3))
def test_calls_that_fail_leave_nothing_behind(component: WorldComponent, seed: int) -> None:
    chance, failures, steps = random.Random(seed), 0, 0
    while steps < STEPS:
        world = component.instantiate(stores=Failing(chance, 0.02))
        history = History(world, chance)
        try:
            while steps < STEPS:
                steps += 1
                history.step()
        except (LookupError, TypeError) as error:
            if isinstance(error, TypeError) and "expected a store resource" not in str(error):
                raise
            failures += 1
        assert world.closed == (steps < STEPS)
        world.close()
        assert host_objects(world) == 0
        for counter in history.held:
            counter.close()
            with pytest.raises(InstanceError):
                counter.next()
    assert failures > 10
    gc.collect()
    assert Stores.alive == 0


def test_an_error_in_the_middle_of_a_list_of_handles_takes_the_first_ones_back(component: WorldComponent) -> None:
    class Wrong(Stores):
        def all(self) -> list[Any]:
            return [self.Store("a"), self.Store("b"), None]

    with component.instantiate(stores=Wrong()) as world:
        with pytest.raises(TypeError, match="expected a store resource, got NoneType"):
            world.call("drop-all")
        assert host_objects(world) == 0
    gc.collect()
    assert Stores.alive == 0


def test_errors_that_the_wit_declares_lose_no_handle(component: WorldComponent) -> None:
    with component.instantiate(stores=Stores()) as world:
        for number in range(1000):
            assert world.call("open") == 1
            if number % 2:
                with pytest.raises(abi.Err):
                    world.counters.Counter.make(101)
            else:
                world.counters.Counter.make(1).close()
        assert host_objects(world) == 0
        assert world.counters.call("dropped") == 500
    assert Stores.alive == 0
