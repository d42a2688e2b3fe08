"""Tests of one module stay in one worker, and what takes long begins first."""

from __future__ import annotations

import pytest

from tests.conftest import TESTS
from tests.sampled import VARIABLE
from tests.spread import costly_first, unit

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
