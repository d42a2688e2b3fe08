"""Which modules each worker of pytest-xdist collects: to import all of them, and to prepare their tests, takes long.

The last run of all tests has left how long each unit of work took. Each worker collects the modules of its own units,
and those of a pool, from which the workers take what they have time for. Without such figures all collect everything,
and modules that the last run had not are collected by all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from tests.conftest import KEPT
from tests.sampled import every
from tests.seen import write

POOL = 0.15
"""The part of the time that is not given to a worker in advance."""
SMALL = 5.0
"""The most seconds of a unit in the pool: a long one must not begin last."""

_FIGURES = KEPT / "units.json"


@dataclass(slots=True)
class Unit:
    """Tests that stay in one worker: those of a module, or those of a group, which may be from several modules."""

    seconds: float = 0.0
    tests: int = 0
    modules: set[str] = field(default_factory=set)


class Recorder:
    """Plugin of the process that hands the tests out: writes down how long the units of a run of all tests took."""

    def __init__(self) -> None:
        self._units: dict[str, Unit] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        module, _, name = report.nodeid.partition("::")
        group = name.rpartition("@")[2] if name.rfind("@") > name.rfind("]") else module
        found = self._units.setdefault(group, Unit())
        found.seconds += report.duration
        found.tests += report.when == "call"
        found.modules.add(module)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            keep(self._units)


def record(config: pytest.Config) -> None:
    """Record this run, if it is one of all tests."""
    chosen = any(config.getoption(name, False) for name in ("keyword", "markexpr", "lf", "maxfail"))
    if _is_spread(config) and not chosen and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder())


def left_to_others(config: pytest.Config, worker: str) -> list[str]:
    """The modules that this worker, `gw0` or one with another number, does not collect."""
    number, workers = int(worker.removeprefix("gw")), len(config.getvalue("tx"))
    # One with a higher number replaces a worker that crashed. If each case goes by itself, any worker may get it.
    if not _is_spread(config) or number >= workers or every() == 1:
        return []
    units = kept()
    return sorted(set().union(*(unit.modules for unit in units.values())) - shares(units, workers)[number])


def _is_spread(config: pytest.Config) -> bool:
    return bool(config.getvalue("dist") == "loadgroup" and config.args == config.getini("testpaths"))


def kept() -> dict[str, Unit]:
    """The units of the last run of all tests; none if there was no such run."""
    if not _FIGURES.exists():
        return {}
    figures = json.loads(_FIGURES.read_text(encoding="utf-8"))
    return {name: Unit(seconds, tests, set(modules)) for name, (seconds, tests, modules) in figures.items()}


def keep(units: Mapping[str, Unit]) -> None:
    figures = {name: [round(unit.seconds, 3), unit.tests, sorted(unit.modules)] for name, unit in units.items()}
    _FIGURES.parent.mkdir(parents=True, exist_ok=True)
    write(_FIGURES, json.dumps(figures, indent=0))


def shares(units: Mapping[str, Unit], workers: int) -> list[set[str]]:
    """The modules that each worker collects, of those in `units`."""
    pool = _pool(units.values())
    found = [set().union(*(unit.modules for unit in pool)) for _ in range(workers)]
    loads = [0.0] * workers
    for unit in sorted(units.values(), key=lambda unit: -unit.seconds):
        if unit not in pool:
            idle = loads.index(min(loads))
            loads[idle] += unit.seconds
            found[idle] |= unit.modules
    return found


def _pool(units: Iterable[Unit]) -> list[Unit]:
    """Units that are collected quickly, compared with the time that they take."""
    found: list[Unit] = []
    every = list(units)
    left = POOL * sum(unit.seconds for unit in every)
    for unit in sorted(every, key=lambda unit: -unit.seconds / max(1, unit.tests)):
        if unit.seconds <= min(SMALL, left):
            found.append(unit)
            left -= unit.seconds
    return found
