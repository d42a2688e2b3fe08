"""Key-value stores in one table of a PostgreSQL database.

    store text COLLATE "C", key text COLLATE "C", value bytea, PRIMARY KEY (store, key)

PostgreSQL cannot have the character NUL in a text. It is written as the two characters U+0001 U+0001, and U+0001 as
U+0001 U+0002: this keeps texts apart and in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from witkit.backends import postgresql_url
from witkit.backends.backend import Backend
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.postgresql_client import POSTGRESQL, URL, ConnectionPool, Table
from witkit.backends.settings import SECRET, TEXT, TIME_LIMIT, BackendSettings, setting

from .protocol import KeyValue

LIMITS: Final = Limits(name=255, key=1024, value=1 << 25)
"""An entry of the table's index has at most 2704 bytes, also if every character of a name and a key is written as two.
PostgreSQL takes 1 GiB for a whole message, but both sides have copies of a value then."""

COLUMNS: Final = (
    'store text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, value bytea NOT NULL, PRIMARY KEY (store, key)'
)
NUMBER: Final = "^(0|-?[1-9][0-9]{0,18})$"


@dataclass(frozen=True, slots=True, repr=False)
class PostgresqlSettings(BackendSettings):
    url: str = setting(SECRET, "The database, with user and password.", URL, checked=postgresql_url.checked)
    table: str = setting(TEXT, "The table, or `schema.table`, created if it does not exist.", "witkit_key_value")
    timeout: float = setting(TIME_LIMIT, "How long the server may take for an answer.", 5.0)


class PostgresqlStores(KeyValue):
    """The stores of one table."""

    limits = LIMITS

    def __init__(self, settings: PostgresqlSettings) -> None:
        self._pool = ConnectionPool(settings.url, settings.timeout)
        self.location = f"{self._pool.location}, table {settings.table}"
        self._table = Table(self._pool, settings.table)

    def create(self, store: str) -> None:
        """Ask nothing of the server: a store exists as soon as it has a key."""
        self._pool.check_open()

    def get(self, store: str, key: str) -> bytes | None:
        for (value,) in self._run("SELECT value FROM {} WHERE store = %s AND key = %s", _written(store), _written(key)):
            found: bytes = value
            return found
        return None

    def set(self, store: str, key: str, value: bytes) -> None:
        self._run(
            "INSERT INTO {} VALUES (%s, %s, %s) ON CONFLICT (store, key) DO UPDATE SET value = excluded.value",
            _written(store),
            _written(key),
            value,
        )

    def delete(self, store: str, key: str) -> None:
        self._run("DELETE FROM {} WHERE store = %s AND key = %s", _written(store), _written(key))

    def exists(self, store: str, key: str) -> bool:
        return bool(self._run("SELECT 1 FROM {} WHERE store = %s AND key = %s", _written(store), _written(key)))

    def keys(self, store: str, after: str = "", count: int | None = None) -> list[str]:
        query = "SELECT key FROM {} WHERE store = %s AND key > %s ORDER BY key LIMIT %s"
        return [_read(key) for (key,) in self._run(query, _written(store), _written(after), count)]

    def swap(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        if old is None:
            query = "INSERT INTO {} VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1"
            return bool(self._run(query, _written(store), _written(key), new))
        query = "UPDATE {} SET value = %s WHERE store = %s AND key = %s AND value = %s RETURNING 1"
        return bool(self._run(query, new, _written(store), _written(key), old))

    def increment(self, store: str, key: str, delta: int) -> int:
        if not -(1 << 63) <= delta < 1 << 63:
            raise Failure(Kind.INVALID_VALUE, "the sum needs more than 64 bits")
        query = (
            "INSERT INTO {} AS kept VALUES (%s, %s, convert_to(%s::text, 'UTF8')) ON CONFLICT (store, key) DO UPDATE"
            " SET value = convert_to((encode(kept.value, 'escape')::bigint + %s::bigint)::text, 'UTF8')"
            " WHERE encode(kept.value, 'escape') ~ %s RETURNING encode(kept.value, 'escape')"
        )
        rows = self._run(query, _written(store), _written(key), str(delta), delta, NUMBER)
        if not rows:
            raise Failure(Kind.INVALID_VALUE, "the value is not a number")
        return int(rows[0][0])

    def get_many(self, store: str, keys: Sequence[str]) -> list[bytes | None]:
        if not keys:
            return []
        rows = self._run("SELECT key, value FROM {} WHERE store = %s AND key = ANY(%s)", _written(store), _all(keys))
        found: dict[str, bytes] = dict(rows)
        return [found.get(_written(key)) for key in keys]

    def set_many(self, store: str, values: Mapping[str, bytes]) -> None:
        """Store all or none, in the order of the keys: two programs with the same keys do not wait for each other."""
        if values:
            keys = sorted(values)
            self._run(
                "INSERT INTO {} SELECT %s, * FROM unnest(%s::text[], %s::bytea[])"
                " ON CONFLICT (store, key) DO UPDATE SET value = excluded.value",
                _written(store),
                _all(keys),
                [values[key] for key in keys],
            )

    def delete_many(self, store: str, keys: Sequence[str]) -> None:
        if keys:
            self._run("DELETE FROM {} WHERE store = %s AND key = ANY(%s)", _written(store), _all(keys))

    def check(self) -> None:
        self._table.look("SELECT 1 FROM {} LIMIT 1")

    def prepare(self) -> None:
        """Create the table if it does not exist."""
        self._table.create(COLUMNS)

    def close(self) -> None:
        self._pool.close()

    def _run(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query with `{}` for the table."""
        return self._table.run(query, values)


def _written(text: str) -> str:
    return text.replace("\1", "\1\2").replace("\0", "\1\1") if "\0" in text or "\1" in text else text


def _read(text: str) -> str:
    return text.replace("\1\1", "\0").replace("\1\2", "\1") if "\1" in text else text


def _all(keys: Sequence[str]) -> list[str]:
    return [_written(key) for key in keys]


backend = Backend("A table of a PostgreSQL database.", PostgresqlStores, PostgresqlSettings, LIMITS, POSTGRESQL)
