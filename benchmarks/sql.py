"""Measure SQL statements through witkit and through the bare client library, without a component.

    python benchmarks/sql.py [--count N] [--postgresql URL] [--mariadb URL]

Each operation is one call: `one` selects a row by its key, `many` selects 100 rows of two columns, `write` changes a
row. Microseconds are the least of N rounds, each the mean of ten operations; `added` is the difference. A server is
left out without its URL. The table `witkit_benchmark_rows` is made in its database and removed.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

import witkit.backends

Call: TypeAlias = Callable[[str, Sequence[str]], object]
"""Runs a statement with its values, and fetches all rows."""

TABLE = "CREATE TABLE witkit_benchmark_rows (number INTEGER PRIMARY KEY, item VARCHAR(100))"
ONE = "SELECT number, item FROM witkit_benchmark_rows WHERE number = $1"
MANY = "SELECT number, item FROM witkit_benchmark_rows WHERE number < $1 ORDER BY number"
WRITE = "UPDATE witkit_benchmark_rows SET item = $1 WHERE number = $2"
OPERATIONS: dict[str, tuple[str, list[str]]] = {
    "one": (ONE, ["50"]),
    "many": (MANY, ["100"]),
    "write": (WRITE, ["teapot", "50"]),
}


@contextmanager
def bare_sqlite(path: str) -> Iterator[Call]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")

        def call(text: str, values: Sequence[str]) -> object:
            return connection.execute(text, {str(n): value for n, value in enumerate(values, 1)}).fetchall()

        yield call


@contextmanager
def bare_postgresql(url: str) -> Iterator[Call]:
    import psycopg

    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.RawCursor, prepare_threshold=None) as connection:

        def call(text: str, values: Sequence[str]) -> object:
            cursor = connection.execute(text.encode(), values)
            return cursor.fetchall() if cursor.description else None

        yield call


@contextmanager
def bare_mariadb(url: str) -> Iterator[Call]:
    import pymysql

    place = urlsplit(url)
    connection = pymysql.connect(
        host=place.hostname,
        port=place.port or 3306,
        user=unquote(place.username or ""),
        password=unquote(place.password or ""),
        database=place.path[1:],
        autocommit=True,
    )
    with closing(connection), connection.cursor() as cursor:

        def call(text: str, values: Sequence[str]) -> object:
            # Its values go into the text, in the order of `%s`.
            for number in range(1, len(values) + 1):
                text = text.replace(f"${number}", "%s")
            cursor.execute(text, values)
            return cursor.fetchall()

        yield call


@contextmanager
def through_witkit(name: str, **settings: Any) -> Iterator[Call]:
    with witkit.backends.open("sql", name, **settings) as opened:
        connection = opened.Sql.open("benchmark")

        def call(text: str, values: Sequence[str]) -> object:
            return connection.query(opened.Statement.prepare(text, list(values)))

        yield call


def measure(name: str, bare: Call, ours: Call, count: int) -> None:
    """Print one line per operation."""
    for operation, (text, values) in OPERATIONS.items():
        costs: list[list[float]] = [[], []]
        for _ in range(count):
            for call, found in zip((bare, ours), costs, strict=True):
                found.append(mean(call, text, values))
        least, through = map(min, costs)
        print(f"{name:<12}{operation:<8}{least:>10.1f}{through:>10.1f}{through - least:>10.1f}")


def mean(call: Call, text: str, values: list[str]) -> float:
    began = time.perf_counter()
    for _ in range(10):
        call(text, values)
    return (time.perf_counter() - began) / 10 * 1e6


def compare(name: str, bare: Call, ours: Call, count: int) -> None:
    """Measure with a table of 100 rows."""
    ours(TABLE, [])
    try:
        for number in range(100):
            ours("INSERT INTO witkit_benchmark_rows VALUES ($1, $2)", [str(number), "tea"])
        measure(name, bare, ours, count)
    finally:
        ours("DROP TABLE witkit_benchmark_rows", [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--postgresql", metavar="URL")
    parser.add_argument("--mariadb", metavar="URL")
    given = parser.parse_args()
    print(f"{'database':<12}{'call':<8}{'bare':>10}{'witkit':>10}{'added':>10}   µs")
    with tempfile.TemporaryDirectory() as folder, through_witkit("sqlite", path=folder) as ours:
        file = str(next(Path(folder).glob("*.db")))
        with bare_sqlite(file) as bare:
            compare("sqlite", bare, ours, given.count)
    if given.postgresql:
        with through_witkit("postgresql", url=given.postgresql) as ours, bare_postgresql(given.postgresql) as bare:
            compare("postgresql", bare, ours, given.count)
    if given.mariadb:
        with through_witkit("mariadb", url=given.mariadb) as ours, bare_mariadb(given.mariadb) as bare:
            compare("mariadb", bare, ours, given.count)


if __name__ == "__main__":
    main()
