"""What keeps an instance open: anything that can still use it. And what is freed: all of it, when nothing can."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.by_hand.world import COUNTERS, WorldComponent
from tests.runtime.growth import growth
from tests.runtime.test_resources import Stores
from witkit.runtime import Engine, Instance, InstanceError, Limits, Trap


def untyped(limits: Limits | None = None) -> Instance:
    return Engine(cache=False).load(guests.behaviour()).instantiate(optional=["t:behave/host"], limits=limits)


def typed() -> Any:
    return WorldComponent.load(guests.resources(), engine=Engine(cache=False)).instantiate(stores=Stores())


CHAINS: dict[str, tuple[Callable[[], Any], object]] = {
    "a function": (lambda: untyped().function(None, "add")(1, 2), 3),
    "a function of an interface": (lambda: typed().function("t:r/counters", "dropped")(), 0),
    "an interface": (lambda: typed().counters.call("dropped"), 0),
    "a resource's class": (lambda: typed().counters.Counter(5).next(), 6),
    "a resource's static function": (lambda: typed().counters.Counter.make(5).next(), 6),
    "a handle from a function": (lambda: typed().counters.call("many", 3)[2].next(), 3),
    "a handle in a record": (lambda: typed().counters.call("hold").one.next(), 41),
    "a handle of a type without a class": (
        lambda: (made := typed()).function("t:r/counters", "sum")(*[made.counters.Counter(4)] * 2), 8,
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_runs_whatever_is_collected_on_the_way(chain: str) -> None:
    run, expected = CHAINS[chain]
    assert run() == expected


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_function_that_is_all_that_is_left_can_be_called_again() -> None:
    add = untyped().function(None, "add")
    gc.collect()
    assert [add(1, n) for n in range(3)] == [1, 2, 3]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_timeout_counts_for_a_function_that_is_all_that_is_left() -> None:
    spin = untyped(Limits(timeout=0.2)).function(None, "spin")
    gc.collect()
    began = time.monotonic()
    with pytest.raises(Trap, match="longer than its timeout"):
        spin()
    assert time.monotonic() - began < 60


def test_a_handle_has_its_class_though_its_interface_was_never_asked_for() -> None:
    with typed() as world:
        (many,) = (func for func in COUNTERS.functions if func.name == "many")
        (counter,) = world._binder.bind("t:r/counters", many)(1)
        assert counter.next() == 1
        assert type(counter) is world.counters.Counter
        counter.close()


def test_what_nobody_holds_is_closed_with_a_warning() -> None:
    made = typed()
    made.counters.call("dropped")
    del made
    with pytest.warns(ResourceWarning, match="World was never closed"):
        gc.collect()


def test_an_instance_without_resources_that_nobody_holds_is_closed_at_once() -> None:
    made: list[Instance] = [untyped()]
    made[0].function(None, "add")(1, 2)
    with pytest.warns(ResourceWarning, match="Instance was never closed"):
        made.clear()


def test_what_was_closed_stays_closed_for_what_holds_it() -> None:
    world = typed()
    dropped = world.function("t:r/counters", "dropped")
    world.close()
    with pytest.raises(InstanceError, match="the instance is closed"):
        dropped()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_instances_leave_nothing_behind(engine: Engine) -> None:
    component = WorldComponent.load(guests.resources(), engine=engine)

    def use(count: int) -> None:
        for _ in range(count):
            with component.instantiate(stores=Stores()) as world, world.counters.Counter(1) as counter:
                assert counter.next() == 2
                assert world.call("two") is False

    assert growth(use, 700) < 4 << 20
