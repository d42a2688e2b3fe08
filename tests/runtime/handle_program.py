"""A random program that does with handles what no program should; run as a process, since a mistake ends it.

    python -m tests.runtime.handle_program SEED STEPS

Every step succeeds or raises one of the errors that are promised. Prints `sound` at the end.
"""

from __future__ import annotations

import copy
import dataclasses
import faulthandler
import gc
import pickle
import random
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

from tests.runtime import guests
from tests.runtime.by_hand.world import Counter, Holder, World, WorldComponent
from tests.runtime.test_resources import Stores
from witkit import abi
from witkit.runtime import Engine, GuestResource, InstanceError


@dataclasses.dataclass
class Pair:
    """A record with handles, as generated packages have them."""

    one: Any
    two: Any


class Impostor:
    """It claims to be a counter, and has none of its parts."""

    __class__ = Counter  # type: ignore[assignment]


class Program:
    """Handles of two instances, used in every way."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.component = WorldComponent.load(guests.resources(), engine=Engine(cache=False))
        self.worlds = [self._world(), self._world()]
        self.held: list[Any] = []

    def _world(self) -> World:
        return self.component.instantiate(stores=Stores())

    def any(self) -> Any:
        """A handle in any condition, or something that only looks like one."""
        return self.chance.choice(self.held) if self.held else self.make()

    def world(self) -> World:
        return self.chance.choice(self.worlds)

    def make(self) -> Any:
        self.held.append(self.world().counters.Counter(self.chance.randrange(100)))
        return self.held[-1]

    def make_many(self) -> None:
        self.held += self.world().counters.call("many", self.chance.randrange(4))

    def use(self) -> None:
        ways: list[Callable[[], Any]] = [
            lambda: self.any().next(),
            lambda: self.world().counters.call("eat", self.any()),
            lambda: self.world().counters.call("sum", self.any(), self.any()),
            lambda: self.world().counters.call("unhold", Holder(self.any(), self.chance.choice([1, 10**10]))),
        ]  # fmt: skip
        self.chance.choice(ways)()

    def close(self) -> None:
        self.any().close()

    def close_in_threads(self) -> None:
        """The same handle closed by several threads at once, its instance in use or not."""
        handle = self.any()
        threads = [threading.Thread(target=quietly, args=(handle.close,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        quietly(self.use)
        for thread in threads:
            thread.join()

    def forget(self) -> None:
        """Drop references, also in a circle that only the collector finds."""
        if self.held:
            handle = self.held.pop(self.chance.randrange(len(self.held)))
            if self.chance.random() < 0.5:
                quietly(lambda: setattr(handle, "circle", handle))
            del handle
            gc.collect(0)

    def duplicate(self) -> None:
        handle = self.any()
        ways: list[Callable[[], Any]] = [
            lambda: copy.copy(handle),
            lambda: copy.deepcopy(handle),
            lambda: copy.deepcopy({"a": [handle]})["a"][0],
            lambda: pickle.loads(pickle.dumps(handle)),
            lambda: dataclasses.asdict(Pair(handle, 1))["one"],
            lambda: dataclasses.replace(Pair(handle, 1), two=handle).two,
            lambda: self._by_parts(handle),
            lambda: self._reduced(handle),
        ]
        self.held.append(self.chance.choice(ways)())

    def _by_parts(self, handle: Any) -> Any:
        twin = object.__new__(type(handle))
        twin.__dict__.update(handle.__dict__)
        return twin

    def _reduced(self, handle: Any) -> Any:
        reduced: Any = object.__reduce_ex__(handle, 2)
        twin = reduced[0](*reduced[1])
        twin.__dict__.update(reduced[2])
        return twin

    def imitate(self) -> None:
        """Things of the right class that nobody made, and of another class that say they are of the right one."""
        cls = self.world().counters.Counter

        class Derived(cls):  # type: ignore[misc,valid-type]
            def __init__(self) -> None:
                """A subclass that forgets to call its base."""

        ways: list[Callable[[], Any]] = [
            lambda: cls.__new__(cls), Derived, lambda: object.__new__(Counter), Impostor,
            lambda: object.__new__(GuestResource), lambda: cls.make(self.chance.randrange(200)),
        ]  # fmt: skip
        self.held.append(self.chance.choice(ways)())

    def disguise(self) -> None:
        self.any().__class__ = self.world().counters.Counter

    def forge(self) -> None:
        handle = self.any()
        handle._number = self.chance.choice(
            [0, 1, 5, 10**6, -1, None, handle._number, getattr(self.any(), "_number", 7)]
        )
        handle._state = self.chance.choice([None, handle._state, self.world()._state])

    def make_again(self) -> None:
        self.any().__init__(self.chance.randrange(100))

    def restart(self) -> None:
        """Close an instance, whose handles live on, and take another one."""
        if self.chance.random() < 0.1:
            at = self.chance.randrange(2)
            self.worlds[at].close()
            self.worlds[at] = self._world()

    def step(self) -> None:
        self.chance.choice([
            self.make, self.make_many, self.use, self.use, self.close, self.close_in_threads, self.forget,
            self.duplicate, self.imitate, self.disguise, self.forge, self.make_again, self.restart,
        ])()  # fmt: skip


def quietly(action: Callable[[], object]) -> None:
    """Do it; what may come out of a handle that cannot be used are these errors and no other."""
    try:
        action()
    except (TypeError, ValueError, InstanceError, abi.Err, pickle.PicklingError):
        pass
    except AttributeError as error:
        if type(error.obj) not in (Impostor, GuestResource):  # neither has the methods of a counter
            raise


def main(seed: int, steps: int) -> None:
    faulthandler.enable()
    warnings.simplefilter("ignore", ResourceWarning)
    program = Program(random.Random(seed))
    for _ in range(steps):
        quietly(program.step)
    program.held.clear()
    gc.collect()
    for world in program.worlds:
        assert world.counters.call("sum", *(world.counters.Counter(n) for n in (2, 3))) == 5
        world.close()
        assert len(world._state.handles) == 0
    print("sound")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
