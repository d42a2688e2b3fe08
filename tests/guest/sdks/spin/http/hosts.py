"""The SDK's imports in the tests: plain Python objects with real results."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, ClassVar

from componentize_py_types import Err, Ok
from spin_sdk import wit
from spin_sdk.wit.imports import fermyon_spin_llm_2_0_0 as llm
from spin_sdk.wit.imports import spin_key_value_key_value_3_0_0 as kv
from spin_sdk.wit.imports import spin_mysql_mysql_3_0_0 as my
from spin_sdk.wit.imports import spin_postgres_postgres_4_2_0 as pg
from spin_sdk.wit.imports import spin_sqlite_sqlite_3_1_0 as sqlite
from spin_sdk.wit.imports import spin_variables_variables_3_0_0 as variables


def written(pair: tuple[Any, Any], items: Iterable[Any]) -> Any:
    """The reading end of a stream whose items are written in the background."""
    writer, reader = pair

    async def write() -> None:
        with writer:
            await writer.write_all(items)

    _tasks.append(asyncio.get_running_loop().create_task(write()))
    return reader


_tasks: list[asyncio.Task[None]] = []


class Store:
    """A key-value store of the host."""

    kept: ClassVar[ClassVar[dict[str, dict[str, bytes]]]] = {}

    def __init__(self, name: str) -> None:
        self.data = self.kept.setdefault(name, {})

    @classmethod
    async def open(cls, label: str) -> Store:
        if label not in ("default", "messages"):
            raise Err(kv.Error_NoSuchStore())
        return cls(label)

    async def get(self, key: str) -> bytes | None:
        return self.data.get(key)

    async def set(self, key: str, value: bytes) -> None:
        self.data[key] = value

    async def get_keys(self) -> tuple[Any, Any]:
        end = wit.result_unit_spin_key_value_key_value_3_0_0_error_future(lambda: Ok(None))[1]
        return written(wit.string_stream(), list(self.data)), end


class Database:
    """A SQLite database of the host."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")

    @classmethod
    async def open_async(cls, database: str) -> Database:
        return cls()

    async def execute_async(self, statement: str, parameters: list[Any]) -> tuple[list[str], Any, Any]:
        cursor = self.connection.execute(statement, [each.value for each in parameters])
        names = [column[0] for column in cursor.description]
        rows = [sqlite.RowResult([_sqlite(value) for value in row]) for row in cursor]
        end = wit.result_unit_spin_sqlite_sqlite_3_1_0_error_future(lambda: Ok(None))[1]
        return names, written(wit.spin_sqlite_sqlite_3_1_0_row_result_stream(), rows), end


def _sqlite(value: object) -> Any:
    return sqlite.Value_Text(value) if isinstance(value, str) else sqlite.Value_Integer(int(str(value)))


class Settings:
    """Variables of the application."""

    async def get(self, name: str) -> str:
        if name != "greeting":
            raise Err(variables.Error_Undefined(name))
        return "hello"


class Redis:
    def __init__(self) -> None:
        self.data: dict[str, int] = {}

    @classmethod
    async def open(cls, address: str) -> Redis:
        return cls()

    async def set(self, key: str, value: bytes) -> None:
        self.data[key] = int(value)

    async def incr(self, key: str) -> int:
        self.data[key] += 1
        return self.data[key]


class Postgres:
    @classmethod
    async def open_async(cls, address: str) -> Postgres:
        return cls()

    async def query_async(self, statement: str, params: list[Any]) -> tuple[list[Any], Any, Any]:
        rows = [[pg.DbValue_Str(each.value)] for each in params]
        end = wit.result_unit_spin_postgres_postgres_4_2_0_error_future(lambda: Ok(None))[1]
        stream = written(wit.list_spin_postgres_postgres_4_2_0_db_value_stream(), rows)
        return [pg.Column("name", pg.DbDataType_Str())], stream, end


class Mysql:
    @classmethod
    async def open(cls, address: str) -> Mysql:
        return cls()

    async def query(self, statement: str, params: list[Any]) -> tuple[list[Any], Any, Any]:
        rows = [[my.DbValue_Str(each.value)] for each in params]
        end = wit.result_unit_spin_mysql_mysql_3_0_0_error_future(lambda: Ok(None))[1]
        stream = written(wit.list_spin_mysql_mysql_3_0_0_db_value_stream(), rows)
        return [my.Column("name", my.DbDataType.STR)], stream, end


class Broker:
    sent: ClassVar[ClassVar[list[tuple[str, bytes, str]]]] = []

    @classmethod
    async def open(cls, address: str, username: str, password: str, keep_alive_interval_in_secs: int) -> Broker:
        return cls()

    async def publish(self, topic: str, payload: bytes, qos: Any) -> None:
        self.sent.append((topic, payload, qos.name))


class Model:
    def infer(self, model: str, prompt: str, params: Any) -> Any:
        return llm.InferencingResult(f"{prompt}? {params.temperature}", llm.InferencingUsage(1, 2))


IMPORTS = {
    "spin_key_value_key_value_3_0_0": SimpleNamespace(Store=Store),
    "spin_sqlite_sqlite_3_1_0": SimpleNamespace(Connection=Database),
    "spin_variables_variables_3_0_0": Settings(),
    "spin_redis_redis_3_0_0": SimpleNamespace(Connection=Redis),
    "spin_postgres_postgres_4_2_0": SimpleNamespace(Connection=Postgres),
    "spin_mysql_mysql_3_0_0": SimpleNamespace(Connection=Mysql),
    "spin_mqtt_mqtt_3_0_0": SimpleNamespace(Connection=Broker),
    "fermyon_spin_llm_2_0_0": Model(),
}
