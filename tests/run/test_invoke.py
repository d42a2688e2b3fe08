"""`witkit run --invoke`: exported functions called with JSON."""

from __future__ import annotations

import pytest

from tests.run.conftest import Guest, Witkit


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("answer", [], "42\n"),
        ("halve", ["8"], "4\n"),
        ("area", ['{"width": 3, "height": 4}'], "12\n"),
        ("add", ["1", "2"], "3\n"),
        ("calculator.add", ["1", "2"], "3\n"),
        ("calculator#add", ["4294967295", "0"], "4294967295\n"),
    ],
)
def test_the_answer_is_json_on_standard_output(
    witkit: Witkit, guest: Guest, name: str, arguments: list[str], answer: str
) -> None:
    outcome = witkit("run", "--invoke", name, guest("library"), *arguments)
    assert (outcome.code, outcome.out, outcome.err) == (0, answer, "")


def test_an_error_is_json_on_standard_error(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--invoke", "halve", guest("library"), "7")
    assert (outcome.code, outcome.out, outcome.err) == (1, "", '"odd"\n')


def test_an_error_without_a_value_is_said_in_words(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--invoke", "run", guest("failing"))
    assert (outcome.code, outcome.err) == (1, "the function returned an error\n")


def test_a_component_that_shares_types_through_an_interface_can_be_called(witkit: Witkit, guest: Guest) -> None:
    assert witkit("run", "--invoke", "double", guest("typed"), '{"x": 3}').out == '{"x": 6}\n'


@pytest.mark.parametrize(
    ("name", "arguments", "complaint"),
    [
        ("anser", [], "error[WIT0911]: the component does not export a function `anser`"),
        ("answer", ["1"], "error[WIT0912]: `answer` takes 0 arguments, not 1"),
        ("add", ["1"], "error[WIT0912]: `calculator.add` takes 2 arguments, not 1"),
        ("add", ["1", "-1"], "error[WIT0912]: b is not in the range of u32"),
        ("add", ["1", "two"], "error[WIT0912]: b is not a u32"),
        ("area", ['{"width": 3}'], "error[WIT0912]: of is not an object with width, height"),
        ("area", ['{"width": 3, "height": 4.5}'], "error[WIT0912]: of.height is not a u32"),
    ],
)
def test_a_wrong_call_is_refused(witkit: Witkit, guest: Guest, name: str, arguments: list[str], complaint: str) -> None:
    outcome = witkit("run", "--invoke", name, guest("library"), *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[0] == complaint


def test_a_close_name_is_suggested(witkit: Witkit, guest: Guest) -> None:
    assert "did you mean `answer`?" in witkit("run", "--invoke", "anser", guest("library")).err


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["1", "-0.5"], "-2.0\n"),
        (["1", "0"], '"Infinity"\n'),
        (["-Infinity", "2"], '"-Infinity"\n'),
        (['"Infinity"', "Infinity"], '"NaN"\n'),
        (["NaN", "1"], '"NaN"\n'),
    ],
)
def test_floats_that_json_has_no_number_for_are_strings(
    witkit: Witkit, guest: Guest, arguments: list[str], answer: str
) -> None:
    outcome = witkit("run", "--invoke", "divide", guest("floats"), *arguments)
    assert (outcome.code, outcome.out, outcome.err) == (0, answer, "")


@pytest.mark.parametrize("argument", ["1e999", "1" * 500, "[NaN]", "inf"])
def test_a_number_that_no_float_holds_is_refused(witkit: Witkit, guest: Guest, argument: str) -> None:
    outcome = witkit("run", "--invoke", "divide", guest("floats"), argument, "1")
    assert outcome.code == 2
    assert outcome.err.startswith("error[WIT0912]: a is not ")
