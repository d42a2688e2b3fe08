"""Walks through very many cases: a plain run goes to one in twenty of them, CI to one in four, `make test-all` to all.

Which cases are in the sample depends on the content of witkit: a failure stays as long as the code is the same, and
over the commits all cases have their turn. A test or a module that is named finds all its cases.

Modules whose tests need servers of their own, builds or many processes are sampled in the same way: CI goes to a part
of each module, a plain run to a part of all in one folder. Outside CI, their sample is the same as long as
`witkit.componentize` is: the components of the last run are still there. Tests of object stores, whose promises other
backends keep as well, go to one store each.

A plain run leaves out more, which CI runs: tests with the marker `thorough`, which take long and are about something
that cheaper tests cover, and most cases of the tests in `REPEATED` and `ALIKE`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import pytest

VARIABLE = "WITKIT_WALKS"
"""Of how many cases a walk goes to one; 1 for all. Set by `choose`, if it is not set already."""

EVERY = 20
EVERY_IN_CI = 4
AT_LEAST = 3
FEWEST = 2
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
"""CI goes to one in four of the tests of each of these modules and to two at least, a plain run to one in twenty of the
tests of those in one folder, and to one at least."""

RARE = (
    "backends/*/test_clocks.py",
    "backends/messaging/test_mqtt_*.py",
    "backends/messaging/test_nats_*.py",
    "backends/objects/test_refusals.py",
    "backends/objects/test_streams.py",
    "backends/test_contention.py",
    "backends/test_full_disk.py",
    "backends/test_postgresql_tables.py",
    "bindgen/test_every_name.py",
    "bindgen/test_host_corpus.py",
    "bindgen/test_layouts_of_others.py",
    "bindgen/test_payloads.py",
    "checks/test_fixing_corpus.py",
    "cli/test_damaged_bytecode.py",
    "conformance/test_every_backend.py",
    "diff/test_releases.py",
    "examples/test_components.py",
    "examples/test_demo.py",
    "examples/test_on_servers.py",
    "examples/test_shop.py",
    "examples/test_slight.py",
    "examples/test_sql_on_servers.py",
    "fuzz/*.py",
    "guest/test_clean.py",
    "guest/test_fuzzed_*.py",
    "guest/test_host_values_as_in_wasm.py",
    "guest/test_outdated.py",
    "guest/test_own_modules.py",
    "guest/test_project_file.py",
    "guest/test_run_native.py",
    "guest/test_watch.py",
    "program/http/test_own_servers.py",
    "run/test_events.py",
    "run/test_secrets_of_servers.py",
    "runtime/core/test_leaks.py",
    "runtime/core/test_processes.py",
)
"""The modules of which a plain run goes to one test in twenty and to one at least. CI goes to all of them."""

ALIKE = (
    "canonical/test_guests.py",
    "canonical/test_lies.py",
    "canonical/test_values.py",
    "checks/test_cost.py",
    "checks/test_targets.py",
    "diff/test_edits.py::test_wasm_tools_says_the_same_or_the_case_says_why_not",
    "diff/test_random_packages.py",
    "docs/test_readme.py",
    "examples/test_examples.py",
    "guest/test_returned_values.py",
    "ir/test_sizes.py::test_twice_as_many_are_twice_the_work",
    "run/test_push.py",
    "run/test_serve.py",
    "run/test_signals.py",
    "runtime/core/test_lying_guests.py",
    "syntax/test_repeated.py",
    "wasi/test_files.py",
    "wasi/test_paths.py",
)
"""The modules and tests of which a plain run goes to one case of each test in twenty, and to one at least."""

REPEATED = (
    "backends/*/*.py",
    "bindgen/test_host_dummies.py",
    "bindgen/test_long_types.py",
    "canonical/*.py",
    "checks/test_releases.py",
    "component_model/*.py",
    "ir/test_alike_names.py",
    "ir/test_attributes.py",
    "ir/test_sizes.py",
    "run/test_secrets.py",
    "runtime/core/*.py",
    "runtime/test_digests.py",
    "runtime/test_handle_tricks.py",
    "wasi/*.py",
    "wasm/linking/test_hostile.py",
    "wasm/test_damaged.py",
)
"""The modules that repeat their tests on many backends or with many types: a plain run goes to one case of each test in
twenty, and to two at least. Neighbouring tests go to other cases, so that each backend has its share."""

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
    """Keep a sample of the tests that take long, and the thorough tests in CI only. Returns what is left out."""
    if every() == 1:
        return set()
    together: dict[Path, list[pytest.Item]] = {}
    for item in items:
        if not is_plain() or not item.get_closest_marker(THOROUGH):
            together.setdefault(_together(item.path), []).append(item)
    kept = {id(item) for path, tests in together.items() for item in _sample(path, tests)}
    left_out = [item for item in items if id(item) not in kept]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if id(item) in kept]
    return {item.nodeid for item in left_out}


def footer(left_out: set[str]) -> str:
    return f"left out: {len(left_out)} tests that take long (make test-all runs them)"


def _together(path: Path) -> Path:
    """A sample is made of the tests of each module, and in a plain run of all costly ones of a folder."""
    return path.with_name("costly") if is_plain() and is_costly(path) else path


def _sample(path: Path, tests: list[pytest.Item]) -> list[pytest.Item]:
    if not is_plain():
        return sampled(tests, of=builds(), at_least=2) if is_costly(path) else _cases(tests)
    if path.name == "costly" or _is_any(path, RARE):
        return sampled(tests, of=builds(), at_least=1)
    return _cases(tests)


def _cases(tests: list[pytest.Item]) -> list[pytest.Item]:
    """All tests, but of each not more cases than it needs."""
    cases: dict[tuple[str, int], list[pytest.Item]] = {}
    for test in tests:
        name = test.name.partition("[")[0]
        cases.setdefault((name, _fewest(test, name)), []).append(test)
    chosen = set[pytest.Item]()
    for number, ((_, fewest), found) in enumerate(cases.items()):
        step = max(1, min(every(), len(found) // fewest)) if fewest else len(found)
        chosen.update(found[(_turn("") + number) % step :: step])
    return [test for test in tests if test in chosen]


def _fewest(test: pytest.Item, name: str) -> int:
    """To how many cases of a test this run goes at least; 0 means to one, however many there are."""
    if is_plain() and (_is_any(test.path, ALIKE) or _is_any(Path(f"{test.path}::{name}"), ALIKE)):
        return 1
    if any(test.get_closest_marker(server) for server in SLOW_SERVERS):
        return 0
    return FEWEST if is_plain() and _is_any(test.path, REPEATED) else sys.maxsize


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
    fewest = EXAMPLES if is_plain() else EXAMPLES_IN_CI
    return max(min(number, fewest), number // every())


def crowd(number: int) -> int:
    """How many processes do something at once, of `number` in a full run: each takes its time to start."""
    return number if every() == 1 else min(number, CROWD)


def is_plain() -> bool:
    """Whether this run leaves out more than CI does."""
    return every() > EVERY_IN_CI


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
