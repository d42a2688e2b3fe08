"""What no program should do with handles, and with what else owns memory of the C library: errors, never a crash."""

from __future__ import annotations

import copy
import dataclasses
import gc
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.by_hand.world import Counter, Holder, World, WorldComponent
from tests.runtime.test_resources import Stores
from witkit import abi
from witkit.runtime import Engine, GuestResource, HandleError, InstanceError


@pytest.fixture(scope="module")
def component(engine: Engine) -> WorldComponent:
    return WorldComponent.load(guests.resources(), engine=engine)


@pytest.fixture
def world(component: WorldComponent) -> Iterator[World]:
    with component.instantiate(stores=Stores()) as made:
        yield made


@dataclasses.dataclass
class Pair:
    one: Any
    two: int


@pytest.mark.parametrize("seed", range(4))
def test_a_random_program_that_misuses_handles_is_never_ended_by_it(seed: int, repository: Path) -> None:
    run = [sys.executable, "-m", "tests.runtime.handle_program", str(seed), "1500"]
    done = subprocess.run(run, cwd=repository, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "sound\n", "")


COPIES: dict[str, Callable[[Any], Any]] = {
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "copy.deepcopy of a list": lambda value: copy.deepcopy([value]),
    "pickle": pickle.dumps,
    "pickle, protocol 0": lambda value: pickle.dumps(value, 0),
    "dataclasses.asdict": lambda value: dataclasses.asdict(Pair(value, 1)),
    "dataclasses.astuple": lambda value: dataclasses.astuple(Pair(value, 1)),
}


@pytest.mark.parametrize("way", COPIES)
def test_a_handle_cannot_be_copied(way: str, world: World) -> None:
    with world.counters.Counter(5) as counter:
        with pytest.raises(TypeError, match="Counter objects cannot be copied or pickled"):
            COPIES[way](counter)
        assert counter.next() == 6


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("name", ["instance", "interface", "engine", "state", "mode"])
def test_what_else_owns_memory_cannot_be_copied(name: str, way: str, world: World, engine: Engine) -> None:
    owners = {
        "instance": world, "interface": world.counters, "engine": engine, "state": world._state,
        "mode": engine.mode(fuel=False),
    }  # fmt: skip
    with pytest.raises(TypeError, match="objects cannot be copied or pickled: each owns memory of this process"):
        COPIES[way](owners[name])


def test_replacing_another_field_of_a_record_keeps_the_handle(world: World) -> None:
    with world.counters.Counter(5) as counter:
        pair = dataclasses.replace(Pair(counter, 1), two=2)
        assert pair.one is counter
        assert world.counters.call("unhold", Holder(pair.one, pair.two)) == 5 + 2


def test_two_objects_for_one_handle_drop_it_once(world: World) -> None:
    counter = world.counters.Counter(5)
    twin = object.__new__(type(counter))
    twin.__dict__.update(counter.__dict__)
    assert twin.next() == 6
    twin.close()
    counter.close()
    with pytest.raises(HandleError, match="this Counter was closed, or given away"):
        counter.next()
    assert world.counters.call("dropped") == 1


def test_a_handle_is_closed_once_however_often_it_is_closed(world: World) -> None:
    counter = world.counters.Counter(5)
    with counter:
        counter.close()
        counter.close()
    assert world.counters.call("dropped") == 1


def test_a_handle_is_made_once(world: World) -> None:
    with world.counters.Counter(5) as counter:
        with pytest.raises(TypeError, match="this Counter was already made: call its class for another one"):
            counter.__init__(50)  # type: ignore[misc]
        assert counter.next() == 6
        assert world.counters.call("dropped") == 1, "the one that was made for nothing"
    with pytest.raises(TypeError, match="already made"):
        counter.__init__(50)  # type: ignore[misc]


@pytest.mark.parametrize("cls", [Counter, GuestResource])
def test_an_object_that_was_never_made_is_refused(cls: type[GuestResource], world: World) -> None:
    empty = object.__new__(cls)
    empty.close()
    problem = "this Counter holds no handle" if cls is Counter else r"expected counter \(Counter\), got GuestResource"
    with pytest.raises((HandleError, TypeError), match=problem):
        world.counters.call("sum", empty, empty)
    with pytest.raises((HandleError, TypeError), match=problem):
        world.counters.call("eat", empty)


def test_a_subclass_that_forgets_its_base_is_refused(world: World) -> None:
    class Derived(world.counters.Counter):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            self.own = 1

    with pytest.raises(HandleError, match="this Derived holds no handle: it was not made by calling its class"):
        world.counters.call("eat", Derived())


def test_a_subclass_with_parts_of_its_own_is_a_handle(world: World) -> None:
    class Derived(world.counters.Counter):  # type: ignore[misc,name-defined]
        def __init__(self, start: int) -> None:
            super().__init__(start)
            self.own = 1

    with Derived(5) as derived:
        assert (derived.next(), derived.own) == (6, 1)


def test_an_object_that_claims_to_be_a_counter_is_refused(world: World) -> None:
    class Impostor:
        __class__ = Counter  # type: ignore[assignment]
        _state = world._state
        _number = 12345

    assert isinstance(Impostor(), Counter)
    for name in ("eat", "sum"):
        with pytest.raises(TypeError, match=r"expected counter \(Counter\), got Impostor"):
            world.counters.call(name, *[Impostor()] * (2 if name == "sum" else 1))


def test_a_handle_that_another_thread_closes_during_a_call_stays(component: WorldComponent) -> None:
    said: list[str] = []

    class Closing(Stores):
        def same(self, a: Stores.Store, b: Stores.Store) -> bool:
            def close() -> None:
                with pytest.raises(InstanceError) as caught:
                    counter.close()
                said.append(str(caught.value))

            thread = threading.Thread(target=close)
            thread.start()
            thread.join()
            return counter.next() == 6

    with component.instantiate(stores=Closing()) as world:
        counter = world.counters.Counter(5)
        assert world.call("two") is True
        assert "in use by another thread" in said[0]
        counter.close()
        assert world.counters.call("dropped") == 1


def test_a_handle_that_the_host_closes_within_a_call_is_closed(component: WorldComponent) -> None:
    class Closing(Stores):
        def same(self, a: Stores.Store, b: Stores.Store) -> bool:
            counter.close()
            return a is b

    with component.instantiate(stores=Closing()) as world:
        counter = world.counters.Counter(5)
        world.call("two")
        with pytest.raises(HandleError):
            counter.next()
        assert world.counters.call("dropped") == 1


def test_an_instance_that_another_thread_closes_during_a_call_is_closed_after_it(component: WorldComponent) -> None:
    class Closing(Stores):
        def same(self, a: Stores.Store, b: Stores.Store) -> bool:
            thread = threading.Thread(target=lambda: made[0].close())
            thread.start()
            thread.join()
            return a is b

    world = component.instantiate(stores=Closing())
    made = [world]
    counter = world.counters.Counter(1)
    assert world.call("two") is False
    assert world.closed
    counter.close()


def test_handles_in_a_circle_are_dropped_at_the_next_call(world: World) -> None:
    def leave() -> None:
        one: Any = world.counters.Counter(1)
        two: Any = world.counters.Counter(2)
        one.other, two.other = two, one

    leave()
    with pytest.warns(ResourceWarning, match="Counter was never closed"):
        gc.collect()
    assert world.counters.call("dropped") == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_and_its_parent_use_and_close_the_same_handles(repository: Path) -> None:
    program = """
import os
from tests.runtime import guests
from tests.runtime.by_hand.world import WorldComponent
from tests.runtime.test_resources import Stores
from witkit.runtime import Engine, Limits
world = WorldComponent.load(guests.resources(), engine=Engine(cache=False)).instantiate(stores=Stores())
with world.limited(Limits(timeout=60)):
    counter = world.counters.Counter(5)
child = os.fork()
with world.limited(Limits(timeout=60)):
    assert [counter.next() for _ in range(3)] == [6, 7, 8]
counter.close()
assert world.counters.call("dropped") == 1
world.close()
if child:
    assert os.waitpid(child, 0)[1] == 0
    print("sound")
"""
    run = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program]  # of threads, from Python 3.12 on
    done = subprocess.run(run, cwd=repository, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "sound\n", "")


TWO_TYPES = """
package t:r;
interface a {
  resource x { constructor(n: u32); get: func() -> u32; }
  resource y { constructor(n: u32); }
  eat: func(all: list<x>);
}
interface b { use a.{x}; look: func(x: borrow<x>) -> u32; }
world w { export a; export b; }
"""
TWO_TYPES_CODE = """
(module
  (import "[export]t:r/a" "[resource-new]x" (func $new-x (param i32) (result i32)))
  (import "[export]t:r/a" "[resource-new]y" (func $new-y (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "t:r/a#[constructor]x") (param i32) (result i32) (call $new-x (local.get 0)))
  (func (export "t:r/a#[method]x.get") (param i32) (result i32) (local.get 0))
  (func (export "t:r/a#[constructor]y") (param i32) (result i32) (call $new-y (local.get 0)))
  (func (export "t:r/a#eat") (param i32 i32))
  (func (export "t:r/b#look") (param i32) (result i32) (local.get 0))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
)
"""


def test_a_handle_to_another_resource_of_the_component_is_refused_and_nothing_is_lost(engine: Engine) -> None:
    with engine.load(guests.component(TWO_TYPES, TWO_TYPES_CODE)).instantiate() as instance:
        x = instance.function("t:r/a", "[constructor]x")(8)
        y = instance.function("t:r/a", "[constructor]y")(9)
        get, look = instance.function("t:r/a", "[method]x.get"), instance.function("t:r/b", "look")
        eat = instance.function("t:r/a", "eat")
        for call, values in [(get, y), (look, y), (eat, [x, y])]:
            with pytest.raises(TypeError, match="expected x, got a handle to another resource of the component"):
                call(values)
        with pytest.raises(HandleError, match="was closed, or given away"):
            eat([x, x])
        assert (get(x), look(x)) == (8, 8)
        y.close()
        eat([x])


def test_a_resource_that_is_not_a_handle_at_all_is_refused(world: World) -> None:
    for wrong in (None, 5, "counter", Counter, object(), abi.Some(1), world):
        with pytest.raises(TypeError, match="expected counter"):
            world.counters.call("eat", wrong)
