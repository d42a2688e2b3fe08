"""A book of expenses in an SQL database. Values go beside a statement (`$1`), never into its text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import wit_world
from componentize_py_types import Err
from wit_world import BookError_Database, BookError_NotAnExpense, Expense, Total, exports
from wit_world.imports.sql import DataType_Int64, DataType_Str, RowItem, Sql, SqlError_ConstraintViolation, Statement

# SQL that SQLite, PostgreSQL and MariaDB share.
TABLE = """
CREATE TABLE IF NOT EXISTS expense (
  day   VARCHAR(10)  NOT NULL,
  kind  VARCHAR(100) NOT NULL CHECK (kind <> ''),
  cents INTEGER      NOT NULL CHECK (cents > 0)
)"""
ENTER = "INSERT INTO expense (day, kind, cents) VALUES ($1, $2, $3)"
TOTALS = """
SELECT kind, count(*), sum(cents) FROM expense
WHERE day LIKE $1 GROUP BY kind ORDER BY sum(cents) DESC, kind"""


class WitWorld(wit_world.WitWorld):
    """The functions that the world exports itself."""

    def enter(self, expenses: list[Expense]) -> None:
        for expense in expenses:
            _check_day(expense.day)
        with _book() as book:
            _do(book, "BEGIN")
            for expense in expenses:
                _do(book, ENTER, expense.day, expense.kind, str(expense.cents))
            # Dropping the handle before this undoes all of them.
            _do(book, "COMMIT")

    def totals(self, month: str) -> list[Total]:
        with _book() as book, Statement.prepare(TOTALS, [f"{month}-%"]) as statement:
            return [_total(*row) for row in _rows(book.query(statement), columns=3)]


class Run(exports.Run):
    """`witkit run`: enters some expenses, then prints the totals of a month."""

    def run(self) -> None:
        book = WitWorld()
        book.enter([Expense("2026-05-02", "tea", 320), Expense("2026-05-09", "books", 2890)])
        book.enter([Expense("2026-05-30", "tea", 640), Expense("2026-06-01", "tea", 320)])
        for total in book.totals("2026-05"):
            print(f"{total.cents / 100:8.2f}  {total.kind} ({total.count})")


@contextmanager
def _book() -> Iterator[Sql]:
    """The database, with its table; what it refuses becomes an error of this world."""
    try:
        with Sql.open("expenses") as book:
            _do(book, TABLE)
            yield book
    except Err as refused:
        if isinstance(refused.value, SqlError_ConstraintViolation):
            raise Err(BookError_NotAnExpense(refused.value.value)) from refused
        raise Err(BookError_Database(f"{type(refused.value).__name__}: {refused.value.value}")) from refused


def _do(book: Sql, statement: str, *values: str) -> None:
    with Statement.prepare(statement, list(values)) as prepared:
        book.exec(prepared)


def _rows(items: list[RowItem], columns: int) -> Iterator[list[RowItem]]:
    """An answer is one flat list, row by row."""
    return (items[start : start + columns] for start in range(0, len(items), columns))


def _total(kind: RowItem, count: RowItem, cents: RowItem) -> Total:
    assert isinstance(kind.value, DataType_Str)
    return Total(kind.value.value, _number(count), _number(cents))


def _number(item: RowItem) -> int:
    """A whole number. MariaDB gives sums as decimal numbers, which are text."""
    assert isinstance(item.value, DataType_Int64 | DataType_Str)
    return int(item.value.value)


def _check_day(text: str) -> None:
    """Raise an error if the text is not a day: not every database has a type for days."""
    try:
        is_day = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_day = False
    if not is_day:
        raise Err(BookError_NotAnExpense(f"{text!r} is not a day"))
