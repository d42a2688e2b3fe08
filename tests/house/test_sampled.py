"""A sample of a walk is never empty, and over the versions of witkit every case has its turn."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests import sampled
from tests.conftest import TESTS
from tests.sampled import VARIABLE, choose, header


@pytest.fixture
def one_in_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "10")


@pytest.mark.usefixtures("one_in_ten")
@pytest.mark.parametrize("number", [1, 2, 3, 4, 7, 29, 30, 31, 200, 1001])
def test_a_sample_has_every_nth_case_and_three_of_a_few(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for turn in range(10):
        monkeypatch.setattr(sampled, "_turn", lambda package, turn=turn: turn)
        sample = sampled.sampled(range(number))
        assert min(number, 3) <= len(sample) <= max(5, number // 10 + 1)
        found |= set(sample)
    assert found == set(range(number))


@pytest.mark.usefixtures("one_in_ten")
def test_the_sample_of_the_same_code_is_the_same() -> None:
    assert sampled.sampled(range(1000)) == sampled.sampled(range(1000))
    assert sampled.sampled(range(1000), of="bindgen") == sampled.sampled(range(1000), of="bindgen")


@pytest.mark.usefixtures("one_in_ten")
@pytest.mark.parametrize(("ci", "changes"), [("", False), ("true", True)])
def test_what_is_built_changes_with_every_change_of_witkit_in_ci_only(
    ci: str, changes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    samples = []
    for turn in (1, 2):
        monkeypatch.setattr(sampled, "_turn", lambda package, turn=turn: 0 if package else turn)
        samples.append(sampled.sampled(range(1000), of=sampled.builds()))
    assert (samples[0] != samples[1]) == changes


def test_all_cases_are_all_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    assert sampled.sampled(range(1000)) == list(range(1000))
    assert (sampled.examples(400), sampled.portion(400)) == (400, 400)


@pytest.mark.parametrize(
    ("variables", "arguments", "said"),
    [
        ({}, ["tests"], "walks: a sample of 1/20 (make test-all runs all)"),
        ({"CI": "true"}, ["tests"], "walks: a sample of 1/4 (make test-all runs all)"),
        ({VARIABLE: "1"}, ["tests"], "walks: all cases"),
        ({}, ["tests/ir/test_mutations.py::test_a_changed_package_is_judged_as_by_wasm_tools[7]"], "walks: all cases"),
    ],
    ids=["a plain run", "CI", "make test-all", "a test that is named"],
)
def test_the_header_says_which_cases_are_run(
    variables: dict[str, str],
    arguments: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    for name in ("CI", VARIABLE):
        monkeypatch.setenv(name, variables.get(name, ""))
    monkeypatch.setattr(pytestconfig, "args", arguments)
    choose(pytestconfig)
    assert header() == said


@pytest.mark.parametrize("pattern", sampled.COSTLY + sampled.RARE + sampled.ALIKE + sampled.REPEATED)
def test_everything_that_is_listed_is_there(pattern: str) -> None:
    module, _, test = pattern.partition("::")
    assert any(f"def {test}(" in path.read_text(encoding="utf-8") if test else True for path in TESTS.glob(module))


def collected(folder: str, **variables: str) -> list[str]:
    """The tests in a folder that a run with these variables goes to."""
    clean = {name: value for name, value in os.environ.items() if name not in ("CI", VARIABLE)}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", folder]
    done = subprocess.run(
        command, cwd=TESTS.parent, env={**clean, **variables}, capture_output=True, text=True, check=True
    )
    return [line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line]


@pytest.mark.thorough
def test_of_a_costly_module_a_plain_run_goes_to_a_sample() -> None:
    assert 2 <= len(collected("tests/services")) < len(collected("tests/services", **{VARIABLE: "1"})) / 2


@pytest.mark.thorough
def test_a_plain_run_leaves_thorough_tests_and_cases_that_are_alike_to_ci() -> None:
    plain, ci = collected("tests/runtime/core"), collected("tests/runtime/core", CI="true")
    assert set(plain) < set(ci)
    alike = [
        [name for name in found if name.startswith("test_nonsense_is_a_value_or_a_trap[")] for found in (plain, ci)
    ]
    assert [len(cases) for cases in alike] == [3, 60]
    thorough = "test_a_long_chain_of_guests_stops_with_its_reason[1000000]"
    assert [thorough in found for found in (plain, ci)] == [False, True]
