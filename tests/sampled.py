"""Walks through very many cases: a plain run goes to every tenth of them, CI to every fourth, `make test-all` to all.

Which cases are in the sample depends on the content of witkit: a failure stays as long as the code is the same, and
over the commits all cases have their turn. A test or a module that is named finds all its cases.

Modules whose tests need servers of their own, builds or many processes are sampled as a whole in the same way. Outside
CI, their sample is the same as long as `witkit.componentize` is: the components of the last run are still there. Tests
of object stores, whose promises other backends keep as well, go to one store each.

A plain run leaves out more, which CI runs: tests with the marker `thorough`, which take a second or more and are about
something that cheaper tests cover, and of the modules in `ALIKE`, whose cases are alike and slow, most cases of each
test.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import pytest

VARIABLE = "WITKIT_WALKS"
"""Of how many cases a walk goes to one; 1 for all. Set by `choose`, if it is not set already."""

EVERY = 10
EVERY_IN_CI = 4
AT_LEAST = 3
EXAMPLES = 8
EXAMPLES_IN_CI = 20
CROWD = 3

COSTLY = (
    "backends/*/test_faults*.py",
    "backends/*/test_processes.py",
    "backends/*/test_servers.py",
    "checks/test_javascript.py",
    "examples/test_shop_components.py",
    "guest/test_bundled.py",
    "guest/test_machine_as_in_wasm.py",
    "guest/test_new.py",
    "guest/test_same_as_wasm.py",
    "guest/test_same_program.py",
    "guest/test_sdks_as_in_wasm.py",
    "guest/test_spin_sdk.py",
    "guest/test_twice.py",
    "packaging/*.py",
    "precommit/*.py",
    "program/http/test_slights_demo.py",
    "run/test_frozen_servers.py",
    "run/test_locks_between_hosts.py",
    "run/test_workers.py",
    "services/*.py",
)
"""The modules of which a plain run goes to one test in ten and to one at least, and CI to one in four and to two."""

ALIKE = (
    "backends/messaging/test_nats_crashes.py",
    "bindgen/test_every_name.py",
    "canonical/test_guests.py",
    "canonical/test_lies.py",
    "canonical/test_values.py",
    "checks/test_targets.py",
    "diff/test_random_packages.py",
    "docs/test_readme.py",
    "examples/test_examples.py",
    "examples/test_slight.py",
    "program/http/test_own_servers.py",
    "run/test_serve.py",
    "run/test_signals.py",
    "runtime/core/test_lying_guests.py",
    "wasi/test_files.py",
    "wasi/test_paths.py",
)
"""The modules of which a plain run goes to one case of each test in ten, and to one at least."""

SLOW_SERVERS = ("azure", "s3")
"""The markers of servers that answer slowly: a plain run goes to each test that needs one with one case."""

THOROUGH = "thorough"
"""The marker of tests that a plain run leaves out."""

LEFT_OUT = pytest.StashKey[set[str]]()
"""The tests that this run leaves out, for its last line."""

_WITKIT = Path(__file__).resolve().parents[1] / "witkit"
_T = TypeVar("_T")


def choose(config: pytest.Config) -> None:
    """Decide for this process and for those that it starts."""
    named = any("::" in argument or argument.endswith(".py") for argument in config.args)
    named = named or config.getoption("lf", False)
    every = 1 if named else EVERY_IN_CI if os.environ.get("CI") else EVERY
    os.environ[VARIABLE] = os.environ.get(VARIABLE) or str(every)


def header() -> str:
    return "walks: all cases" if every() == 1 else f"walks: a sample of 1/{every()} (make test-all runs all)"


def sampled(cases: Iterable[_T], of: str = "", at_least: int = AT_LEAST) -> list[_T]:
    """Every Nth case, in order, and never fewer than `at_least`, if there are so many.

    The sample changes with the package `of` witkit, if one is named, and else with any change of witkit.
    """
    found = list(cases)
    step = max(1, min(every(), len(found) // at_least))
    return found[_turn(of) % step :: step]


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> set[str]:
    """Keep a sample of the tests of each costly module, and the thorough tests in CI only. Returns what is left out."""
    if every() == 1:
        return set()
    modules: dict[Path, list[pytest.Item]] = {}
    for item in items:
        if every() <= EVERY_IN_CI or not item.get_closest_marker(THOROUGH):
            modules.setdefault(item.path, []).append(item)
    kept = {id(item) for path, tests in modules.items() for item in _of_module(path, tests)}
    left_out = [item for item in items if id(item) not in kept]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if id(item) in kept]
    return {item.nodeid for item in left_out}


def footer(left_out: set[str]) -> str:
    return f"left out: {len(left_out)} tests that take long (make test-all runs them)"


def _of_module(path: Path, tests: list[pytest.Item]) -> list[pytest.Item]:
    """A sample of the tests of a costly module; of others all, but few cases of those that are slow."""
    if is_costly(path):
        return sampled(tests, of=builds(), at_least=1 if every() > EVERY_IN_CI else 2)
    alike = every() > EVERY_IN_CI and _is_any(path, ALIKE)
    slow: dict[str, list[pytest.Item]] = {}
    for test in tests:
        if alike or any(test.get_closest_marker(server) for server in SLOW_SERVERS):
            slow.setdefault(test.name.partition("[")[0], []).append(test)
    chosen = set[pytest.Item]()
    for number, cases in enumerate(slow.values()):
        step = min(every(), len(cases)) if alike else len(cases)
        chosen.update(cases[(_turn("") + number) % step :: step])
    left_out = {test for cases in slow.values() for test in cases} - chosen
    return [test for test in tests if test not in left_out]


def builds() -> str:
    """The package of witkit with which a sample of what takes long to build changes: in CI the whole of it."""
    return "" if os.environ.get("CI") else "componentize"


def is_costly(path: Path) -> bool:
    """Whether a module is in the list of those with costly tests."""
    return _is_any(path, COSTLY)


def portion(number: int) -> int:
    """How much of what a walk through all cases finds, `number`, a sample has to find at least."""
    return number if every() == 1 else number // (4 * every())


def examples(number: int) -> int:
    """How many examples hypothesis tries, of `number` in a full run."""
    fewest = EXAMPLES if every() > EVERY_IN_CI else EXAMPLES_IN_CI
    return max(min(number, fewest), number // every())


def crowd(number: int) -> int:
    """How many processes do something at once, of `number` in a full run: each takes its time to start."""
    return number if every() == 1 else min(number, CROWD)


def every() -> int:
    return max(1, int(os.environ.get(VARIABLE) or 1))


@cache
def _is_any(path: Path, patterns: tuple[str, ...]) -> bool:
    return any(path.match(f"tests/{pattern}") for pattern in patterns)


@cache
def _turn(package: str) -> int:
    """A number that changes with the content of this package of witkit."""
    found = sha256()
    for path in sorted((_WITKIT / package).rglob("*.py")):
        found.update(path.read_bytes())
    return int.from_bytes(found.digest()[:4])
