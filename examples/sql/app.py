"""A book of expenses in an SQL database. Values go beside a statement (`$1`), never into its text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import wit_world
from componentize_py_types import Err
from wit_world import BookError_Database, BookError_NotAnExpense, Expense, Total, exports
from wit_world.imports.sql import DataType_Int64, DataType_Str, RowItem, Sql, SqlError_ConstraintViolation, Statement

TABLE = """
CREATE TABLE IF NOT EXISTS expense (
  day   TEXT    NOT NULL CHECK (day IS date(day, '+0 days')),
  kind  TEXT    NOT NULL CHECK (kind <> ''),
  cents INTEGER NOT NULL CHECK (cents > 0)
)"""
ENTER = "INSERT INTO expense (day, kind, cents) VALUES ($1, $2, $3)"
TOTALS = """
SELECT kind, count(*), sum(cents) FROM expense
WHERE day LIKE $1 || '-%' GROUP BY kind ORDER BY sum(cents) DESC, kind"""


class WitWorld(wit_world.WitWorld):
    """The functions that the world exports itself."""

    def enter(self, expenses: list[Expense]) -> None:
        with _book() as book:
            _do(book, "BEGIN")
            for expense in expenses:
                _do(book, ENTER, expense.day, expense.kind, str(expense.cents))
            # Dropping the handle before this undoes all of them.
            _do(book, "COMMIT")

    def totals(self, month: str) -> list[Total]:
        with _book() as book, Statement.prepare(TOTALS, [month]) as statement:
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
    assert isinstance(count.value, DataType_Int64)
    assert isinstance(cents.value, DataType_Int64)
    return Total(kind.value.value, count.value.value, cents.value.value)
