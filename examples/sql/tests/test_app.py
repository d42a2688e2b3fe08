"""The guest as plain Python, over an SQLite database that each test has for itself."""

from collections.abc import Callable
from pathlib import Path

import app
import pytest
from componentize_py_types import Err
from wit_world import BookError_Database, BookError_NotAnExpense, Expense, Total

from witkit.guest import Bound, Choice, Guest


@pytest.fixture
def guest(wit_host: Callable[..., Bound], tmp_path: Path) -> Guest:
    return wit_host(sql=Choice("sqlite", {"path": tmp_path})).load(app)


def test_an_empty_book_has_no_totals(guest: Guest) -> None:
    assert guest.totals("2026-05") == []


def test_totals_are_those_of_the_month_largest_first(guest: Guest) -> None:
    guest.enter([Expense("2026-05-01", "tea", 320), Expense("2026-05-31", "books", 900)])
    guest.enter([Expense("2026-05-02", "tea", 640), Expense("2026-06-01", "tea", 99)])
    assert guest.totals("2026-05") == [Total("tea", 2, 960), Total("books", 1, 900)]


@pytest.mark.parametrize(
    "wrong",
    [
        Expense("2026-05-01", "tea", 0),
        Expense("2026-02-30", "tea", 1),
        Expense("May", "tea", 1),
        Expense("2026-05-01", "", 1),
    ],
)
def test_nothing_is_entered_where_one_is_refused(guest: Guest, wrong: Expense) -> None:
    with pytest.raises(Err) as refused:
        guest.enter([Expense("2026-05-01", "tea", 320), wrong])
    assert isinstance(refused.value.value, BookError_NotAnExpense)
    assert guest.totals("2026-05") == []


def test_a_kind_is_not_part_of_the_statement(guest: Guest) -> None:
    kind = "tea', 1); DROP TABLE expense; --"
    guest.enter([Expense("2026-05-01", kind, 320)])
    assert guest.totals("2026-05") == [Total(kind, 1, 320)]


def test_what_the_database_says_is_passed_on(guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "database-expenses.db").write_bytes(b"no database" * 100)
    with pytest.raises(Err) as refused:
        guest.totals("2026-05")
    assert isinstance(refused.value.value, BookError_Database)


def test_the_demonstration_prints_the_totals(guest: Guest, capsys: pytest.CaptureFixture[str]) -> None:
    guest.run.run()
    assert capsys.readouterr().out.splitlines() == ["   28.90  books (1)", "    9.60  tea (2)"]
