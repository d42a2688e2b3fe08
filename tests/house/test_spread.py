"""Tests of one module stay in one worker, and what takes long begins first."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TESTS
from tests.sampled import VARIABLE
from tests.shares import Unit, shares
from tests.spread import costly_first, possible, unit

COSTLY = "tests/backends/sql/test_faults.py::test_a[1]"
PLAIN = "tests/text/test_span.py::test_a[a::b]"


@pytest.mark.parametrize(("walks", "alone"), [("10", False), ("1", True)], ids=["a sample", "all cases"])
def test_only_costly_tests_of_a_full_run_go_by_themselves(
    walks: str, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, walks)
    assert unit(PLAIN) == "tests/text/test_span.py"
    assert unit(COSTLY) == (COSTLY if alone else "tests/backends/sql/test_faults.py")


class Case(pytest.Item):
    """A test that is only collected."""

    def runtest(self) -> None:
        raise NotImplementedError


def _case(nodeid: str, session: pytest.Session) -> Case:
    module, _, name = nodeid.partition("::")
    return Case.from_parent(session, name=name, path=TESTS.parent / module)


def test_groups_come_first_and_then_costly_modules(request: pytest.FixtureRequest) -> None:
    plain, costly, grouped, other = (_case(nodeid, request.session) for nodeid in (PLAIN, COSTLY, PLAIN, PLAIN))
    grouped.add_marker(pytest.mark.xdist_group("azure"))
    items: list[pytest.Item] = [plain, costly, grouped, other]
    costly_first(items)
    assert items == [grouped, costly, plain, other]


@pytest.mark.xdist_group("spread")
def test_a_worker_knows_the_group_of_a_test(request: pytest.FixtureRequest) -> None:
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("needs -n 2 --dist loadgroup")
    assert request.node.nodeid.endswith("@spread")


UNITS = {
    "azure": Unit(40.0, 90, {"tests/blob.py", "tests/keyvalue.py"}),
    "tests/blob.py": Unit(30.0, 60, {"tests/blob.py"}),
    "tests/keyvalue.py": Unit(20.0, 200, {"tests/keyvalue.py"}),
    "tests/build.py": Unit(4.0, 1, {"tests/build.py"}),
    "tests/page.py": Unit(4.0, 2, {"tests/page.py"}),
    **{f"tests/{number}.py": Unit(1.0, 50, {f"tests/{number}.py"}) for number in range(20)},
}


@pytest.mark.parametrize("workers", [1, 2, 3, 50])
def test_each_unit_is_collected_as_a_whole_by_one_worker(workers: int) -> None:
    found = shares(UNITS, workers)
    assert len(found) == workers
    assert all(any(unit.modules <= share for share in found) for unit in UNITS.values())


def test_workers_take_what_is_collected_quickly_when_they_have_time() -> None:
    one, other = shares(UNITS, 2)
    assert one & other >= {"tests/build.py", "tests/page.py"}
    assert len(one & other) < len(one | other)


def test_workers_have_about_as_much_to_do() -> None:
    units = {f"tests/{number}.py": Unit(number + 1.0, 10, {f"tests/{number}.py"}) for number in range(40)}
    loads = [sum(unit.seconds for unit in units.values() if unit.modules <= share) for share in shares(units, 3)]
    assert max(loads) - min(loads) <= 0.02 * max(loads)


def test_a_group_that_has_become_larger_than_what_any_worker_collects_is_divided() -> None:
    units = {"azure": ["a.py::x@azure", "b.py::y@azure", "b.py::z@azure"], "c.py": ["c.py::x"]}
    assert possible(units, [{*units["azure"]}, {*units["c.py"]}]) == units
    assert possible(units, [{"a.py::x@azure", "c.py::x"}, {"b.py::y@azure", "b.py::z@azure"}]) == {
        "azure in a.py": ["a.py::x@azure"],
        "azure in b.py": ["b.py::y@azure", "b.py::z@azure"],
        "c.py": ["c.py::x"],
    }


MODULE = """
import os, pytest
with open({log!r}, "a") as log:
    log.write(os.environ["PYTEST_XDIST_WORKER"] + " {name}\\n")

@pytest.mark.parametrize("case", range(5))
def test_a_case(case):
    assert case != {wrong}

@pytest.mark.xdist_group("together")
def test_of_a_group():
    pass
"""


@pytest.mark.thorough
def test_all_tests_run_once_whatever_a_worker_collects(tmp_path: Path) -> None:
    """Twice without and with figures of an earlier run; then with a worker that dies, and with a module more."""
    log, project = tmp_path / "log", tmp_path / "project"
    (project / "tests").mkdir(parents=True)
    (project / "pytest.ini").write_text("[pytest]\ntestpaths = tests\naddopts = --import-mode=importlib\n")
    (project / "conftest.py").write_text("from tests.conftest import *\n")

    def module(name: str, wrong: int = 9) -> None:
        text = MODULE.format(log=str(log), name=name, wrong=wrong)
        (project / "tests" / f"test_{name}.py").write_text(text)

    def ran() -> tuple[dict[str, int], list[str]]:
        """How many tests had each outcome, and which worker collected what."""
        log.write_text("")
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider"]
        known = {**os.environ, "PYTHONPATH": str(TESTS.parent), "WITKIT_TEST_CACHE": str(tmp_path / "cache")}
        for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", VARIABLE):
            known.pop(name, None)
        done = subprocess.run(command, cwd=project, env=known, capture_output=True, text=True, check=False)
        found = re.findall(r"(\d+) (passed|failed)", done.stdout.rpartition("\n=")[2])
        assert found, done.stdout + done.stderr
        return {outcome: int(number) for number, outcome in found}, sorted(log.read_text().splitlines())

    names = [f"m{number}" for number in range(8)]
    for name in names:
        module(name)
    assert ran() == ({"passed": 48}, [f"{worker} {name}" for worker in ("gw0", "gw1") for name in names])
    module("m3", wrong=2)
    outcomes, collected = ran()
    assert outcomes == {"passed": 47, "failed": 1}
    assert {line.split()[1] for line in collected} == {*names}
    assert len(collected) < 16
    module("new")
    assert ran()[0] == {"passed": 53, "failed": 1}
    (project / "tests" / "test_m5.py").write_text("import os\ndef test_that_dies():\n    os._exit(1)\n")
    assert ran()[0] == {"passed": 47, "failed": 2}
