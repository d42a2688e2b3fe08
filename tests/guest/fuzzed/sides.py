"""A guest's two ways to run, over the same host: what a case gives in each of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import witkit.guest
from tests.generated import write
from tests.guest.building import built
from witkit.abi import Err
from witkit.bindgen import generate
from witkit.ir import load
from witkit.native import WouldTrap
from witkit.runtime import Trap

Run = Callable[[], AbstractContextManager[Any]]
ENDS = (Trap, WouldTrap)


@dataclass(frozen=True)
class Project:
    """A guest's project: its generated host package, and its component."""

    name: str
    package: Any
    component: Any

    def sides(self, host: dict[str, Any]) -> tuple[Run, Run]:
        """How to run it as a component, and natively."""

        @contextmanager
        def native() -> Any:
            with witkit.guest.bind(f"{self.name}_world", **host) as bound:
                yield bound.load(f"{self.name}_app", self.package.WORLD)

        return lambda: self.component.instantiate(**host), native


def project(folder: Path, name: str, to: Path) -> Project:
    """The project in `folder`, whose world, app and bindings are called by `name`; `to` is a folder of the test."""
    world = load(folder / "wit").world()
    for side, made in (("host", f"{name}_host"), ("guest", f"{name}_world")):
        write(generate(world, side, package=made), to)
    sys.path[:0] = [str(to), str(folder)]
    package: Any = import_module(f"{name}_host")
    return Project(name, package, getattr(package, f"{name.capitalize()}Component").load(built(folder, name, to)))


class Side:
    """One way to run: an instance lives until something ends it."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._open: ExitStack | None = None
        self._instance: Any = None

    def outcome(self, call: Callable[[Any], Any], shown: Callable[[Any], str]) -> str:
        """What a call gives: a value, an error of the interface, the instance's end, or that its host was refused."""
        if self._open is None:
            self._open = ExitStack()
            self._instance = self._open.enter_context(self._run())
        try:
            return f"gives {shown(call(self._instance))}"
        except Err as error:
            return f"fails with {shown(error)}"
        except ENDS:
            told = "traps"
        except Exception as problem:
            told = "is refused" if isinstance(problem, TypeError | ValueError) else f"raises {type(problem).__name__}"
        self.close()
        return told

    def close(self) -> None:
        """End the instance, if any."""
        if self._open is not None:
            opened, self._open = self._open, None
            opened.close()
