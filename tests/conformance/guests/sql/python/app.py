"""Every function of `spiderlightning:sql` in SQL that every database understands, and the errors of every kind.

Values are texts, integers, numbers with a fraction, and no value: what every database has in the same form.
"""

from __future__ import annotations

from typing import Any

import wit_world
from transcript import Transcript, case, shown
from wit_world.imports.sql import RowItem, Sql, Statement

HOSTILE = "x', 1, 1.5); DROP TABLE item; --"
TABLE = "CREATE TABLE ITEM (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL, price DOUBLE PRECISION)"
INSERT = "INSERT INTO ITEM (id, name, price) VALUES ($1, $2, $3)"
INSERT_MARKS = "INSERT INTO ITEM (id, name, price) VALUES (?, ?, ?)"


class Database:
    """A database, and the table of this run."""

    def __init__(self, opened: Sql, table: str) -> None:
        self._opened, self._table = opened, table

    def exec(self, query: str, *values: str) -> None:
        with self._prepared(query, values) as statement:
            self._opened.exec(statement)

    def query(self, query: str, *values: str) -> str:
        with self._prepared(query, values) as statement:
            return row_items(self._opened.query(statement))

    def twice(self, query: str, *values: str) -> str:
        with self._prepared(query, values) as statement:
            return ", then ".join(row_items(self._opened.query(statement)) for _ in range(2))

    def _prepared(self, query: str, values: tuple[str, ...]) -> Statement:
        return Statement.prepare(query.replace("ITEM", self._table), list(values))


def row_items(items: list[RowItem]) -> str:
    return " ".join(f"{item.field_name}={data(item.value)}" for item in items) or "nothing"


def data(value: Any) -> str:
    name = case(value)
    return name if name == "null" else f"{name} {shown(value.value)}"


class WitWorld(wit_world.WitWorld):
    def run(self, name: str) -> list[str]:
        said = Transcript()
        with said.did("open", Sql.open, name) as opened:
            items = Database(opened, f"item_{name}")
            inserted(said, items)
            queried(said, items)
            failures(said, items)
            changed(said, items)
            with Sql.open(name) as same:
                again = Database(same, f"item_{name}")
                said.text("query from another handle", again.query, "SELECT count(*) AS n FROM ITEM")
            said.did("drop the table", items.exec, "DROP TABLE ITEM")
        return said.lines


def inserted(said: Transcript, items: Database) -> None:
    said.did("create a table", items.exec, TABLE)
    said.text("query an empty table", items.query, "SELECT id, name, price FROM ITEM")
    said.did("insert", items.exec, INSERT, "1", "tea", "2.5")
    said.did("insert with question marks", items.exec, INSERT_MARKS, "2", "cup", "7.25")
    said.did("insert a hostile value", items.exec, INSERT, "3", HOSTILE, "0.5")
    said.did("insert no value", items.exec, "INSERT INTO ITEM (id, name) VALUES ($1, $2)", "4", "日本茶")


def queried(said: Transcript, items: Database) -> None:
    said.text("query all rows", items.query, "SELECT id, name, price FROM ITEM ORDER BY id")
    said.text("query by a value", items.query, "SELECT id FROM ITEM WHERE name = $1", HOSTILE)
    said.text("query with a value twice", items.query, "SELECT id FROM ITEM WHERE name = $1 OR name = $1", "tea")
    said.text("run a statement twice", items.twice, "SELECT count(*) AS n FROM ITEM WHERE price > ?", "1")


def failures(said: Transcript, items: Database) -> None:
    said.failed("insert the key again", items.exec, INSERT, "1", "milk", "1.5")
    said.failed("insert without a name", items.exec, "INSERT INTO ITEM (id) VALUES ($1)", "5")
    said.failed("run what is not SQL", items.exec, "SELEKT 1")
    said.failed("query what is not SQL", items.query, "SELECT FROM WHERE")
    said.failed("query a column that does not exist", items.query, "SELECT weight FROM ITEM")
    said.failed("query a table that does not exist", items.query, "SELECT id FROM ITEM_missing")
    said.failed("give too few values", items.exec, INSERT, "5", "milk")
    said.failed("give too many values", items.query, "SELECT id FROM ITEM WHERE id = $1", "1", "2")


def changed(said: Transcript, items: Database) -> None:
    said.did("update", items.exec, "UPDATE ITEM SET price = $2 WHERE id = $1", "1", "3.5")
    said.did("delete", items.exec, "DELETE FROM ITEM WHERE id = $1", "3")
    said.text("query what is left", items.query, "SELECT id, price FROM ITEM ORDER BY id")
