"""Calls through the core engine (`witkit.runtime.core`) against `witkit.runtime`, exports and imports, in one run.

    python benchmarks/core_engine.py [--quick] [--only LABEL]

Prints microseconds of CPU a call (the minimum of several rounds) and how many times faster the core engine is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime import CASES, Neutral, Witkit, _bytes, _echo, calls, for_witkit, in_turns, text
from runtime_guest import build

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.runtime.cache import Cache
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked
from witkit.wasm.plan import HostFunc, Lift, PlannedResource

LARGE: list[tuple[str, str, float | None, Neutral]] = [
    ("s", "string 1 MB", None, text(1_000_000)),
    ("b", "list<u8> 1 MB", None, _bytes(1_000_000)),
]


class Echo:
    """The host's side: each function gives back what it gets."""

    def __init__(self) -> None:
        self.types = Descriptions(lambda resource: abi.Resource("resource", "Resource"))

    def function(self, func: HostFunc) -> tuple[abi.Func, Any]:
        described = self.types.func(func.type, func.name)
        return described, _echo(described) if described.params else lambda: None

    def is_observed(self, func: HostFunc) -> bool:
        return False

    def fits(self, resource: PlannedResource) -> None:
        return None


class Core:
    """The guest through the core engine."""

    def __init__(self, content: bytes) -> None:
        self._host = Echo()
        linked = Linked.of(content)
        self._plan = linked.plan
        self.instance = CoreInstance(Blueprint(linked, Modules(Mode(fuel=False), Cache(None))), self._host)

    def _export(self, name: str) -> tuple[Lift, abi.Func]:
        lift = self._plan.exports[name]
        assert isinstance(lift, Lift)
        return lift, self._host.types.func(lift.type, name)

    def function(self, name: str) -> Callable[..., Any]:
        return self.instance.export(*self._export(name))

    def value(self, key: str, value: Neutral) -> Any:
        return for_witkit(self._export(f"echo-{key}")[1].params[0].type, value)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the time, less exact")
    parser.add_argument("--only", help="only the cases whose label holds this")
    options = parser.parse_args()
    budget = 0.1 if options.quick else 0.5
    content = build()
    print(f"{'us a call':26}{'export: now':>14}{'core':>10}{'ratio':>9}{'import: now':>15}{'core':>10}{'ratio':>9}")
    for key, label, _, value in CASES + LARGE:
        if options.only and options.only not in label:
            continue
        now, core = Witkit(content), Core(content)
        (ne, ni), (ce, ci) = calls(now, key, value, budget), calls(core, key, value, budget)
        export, fast, imported, quick = (seconds * 1e6 for seconds in in_turns(ne, ce, ni, ci))
        now.instance.close()
        core.instance.close()
        figures = (
            f"{export:14.2f}{fast:10.2f}{export / fast:8.1f}x{imported:15.2f}{quick:10.2f}{imported / quick:8.1f}x"
        )
        print(f"{label:26}{figures}", flush=True)


if __name__ == "__main__":
    main()
