"""Databases of a MariaDB server."""

from __future__ import annotations

import math
import socket
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from witkit.backends.backend import Backend, Requirement
from witkit.backends.errors import wrong_setting
from witkit.backends.failure import Failure, Kind
from witkit.backends.settings import SECRET, setting

from .bounds import SqlSettings
from .database_url import PLACE, DatabaseUrl
from .server_databases import ServerDatabases
from .waiting import Waiter

if TYPE_CHECKING:
    from pymysql.connections import Connection as Client

    from .mariadb_session import MariadbSession

URL: Final = "The server and the database, or `{name}` in it: `mariadb://user:password@host/database`."
OPTIONS: Final = ("socket", "ssl-ca")
PORT: Final = 3306
SCHEMES: Final = ("mariadb", "mysql")

_DENIED: Final = {1044, 1045, 1698, 1130, 1251, 1820, 4151}
_UNKNOWN: Final = 1049
_CROWDED: Final = {1040, 1203, 1226}


def _checked(url: str) -> None:
    DatabaseUrl(url, SCHEMES)
    _parts(url.replace(PLACE, "name"))


@dataclass(frozen=True, slots=True, repr=False)
class MariadbSettings(SqlSettings):
    url: str = setting(SECRET, URL, checked=_checked)


class MariadbDatabases(ServerDatabases):
    def __init__(self, settings: MariadbSettings) -> None:
        super().__init__(settings.url, SCHEMES)
        self._settings = settings
        place, options = _parts(settings.url.replace(PLACE, "name"))
        self.location = f"MariaDB at {options.get('socket') or f'{place.hostname}:{place.port or PORT}'}"

    def _reach(self) -> None:
        # Guests choose the database if the URL has a place for it, so there is none to connect to yet.
        self._session(self._url.named("name"), without_database=self._url.has_place).close()

    def _session(self, url: str, *, without_database: bool = False) -> MariadbSession:
        from pymysql import MySQLError

        try:
            return _session(url, self._settings, without_database)
        except (MySQLError, OSError) as failure:
            raise _failure(failure, self.location) from failure


def _session(url: str, settings: MariadbSettings, without_database: bool) -> MariadbSession:
    """A session. Raises MySQLError and OSError."""
    from .mariadb_session import MariadbSession

    client, waiter = _connected(url, settings, settings.timeout, without_database=without_database)
    try:
        largest = _prepared(client, settings)
    except BaseException:
        client.close()
        raise
    thread: int = client.thread_id()  # type: ignore[no-untyped-call]
    # Until here, it was for the greeting; a statement has more time. There is no other way to change it.
    client._read_timeout = settings.limit + settings.timeout  # type: ignore[attr-defined]
    return MariadbSession(client, waiter, largest, settings, partial(_kill, url, settings, thread))


def _kill(url: str, settings: MariadbSettings, thread: int) -> None:
    """Stop the statement of a thread. Raises MySQLError and OSError."""
    client, _ = _connected(url, settings, min(1.0, settings.timeout), without_database=True)
    try:
        client.query(f"KILL QUERY {thread:d}")
    finally:
        client.close()


def _connected(
    url: str, settings: MariadbSettings, timeout: float, *, without_database: bool
) -> tuple[Client[Any], Waiter]:
    """A connection, and what waits for its socket. Raises MySQLError and OSError."""
    from pymysql.connections import Connection as Client

    place, options = _parts(url)
    client: Client[Any] = Client(
        host=place.hostname,
        user=unquote(place.username or ""),
        password=unquote(place.password or ""),
        database=None if without_database else unquote(place.path[1:]) or None,
        charset="utf8mb4",
        autocommit=True,
        conv=_encoders(),
        read_timeout=timeout,
        write_timeout=settings.limit + settings.timeout,
        ssl_ca=options.get("ssl-ca"),
        ssl_verify_cert="ssl-ca" in options,
        ssl_verify_identity="ssl-ca" in options,
        defer_connect=True,
    )
    raw = _socket(place, options, timeout)
    waiter = Waiter(raw.fileno())
    # PyMySQL closes the socket if it fails.
    client.connect(raw)
    return client, waiter


def _socket(place: SplitResult, options: dict[str, str], timeout: float) -> socket.socket:
    if "socket" in options:
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(timeout)
        made.connect(options["socket"])
        return made
    made = socket.create_connection((place.hostname, place.port or PORT), timeout)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return made


def _prepared(client: Client[Any], settings: MariadbSettings) -> int:
    """Set the limits of the session; returns the most bytes of a statement that the server takes."""
    waits = max(1, math.ceil(settings.timeout))
    with client.cursor() as cursor:
        cursor.execute(
            f"SET max_statement_time = {max(settings.limit, 0.001):.3f},"
            f" innodb_lock_wait_timeout = {waits}, lock_wait_timeout = {waits}"
        )
        cursor.execute("SELECT @@max_allowed_packet")
        row = cursor.fetchone()
    assert row is not None, "the statement gives one row"
    # A message has one byte before the statement, and must be smaller than this.
    return int(row[0]) - 2


def _encoders() -> dict[Any, Any]:
    """PyMySQL's conversions without those for values of results, which stay as the server sends them."""
    from pymysql.converters import conversions

    return {type: encode for type, encode in conversions.items() if not isinstance(type, int)}


def _parts(url: str) -> tuple[SplitResult, dict[str, str]]:
    """A URL and the options after its `?`. Raises WitkitError (WIT0910)."""
    place = urlsplit(url)
    options = dict(parse_qsl(place.query))
    for name in options:
        if name not in OPTIONS:
            raise wrong_setting(f"`url` cannot have the option `{name}`", f"options: {', '.join(OPTIONS)}", "url")
    try:
        found = place.port
    except ValueError:
        found = 0
    if found == 0 or not (place.hostname or "socket" in options):
        raise wrong_setting("`url` must be `mariadb://user:password@host:port/database`", setting="url")
    return place, options


def _failure(wrong: Exception, location: str) -> Failure:
    """The failure for a refused connection; `location` is for the log."""
    code, *_ = (*wrong.args, "")
    detail = f"{location}: {wrong}"
    if code == _UNKNOWN:
        return Failure(Kind.INVALID_NAME, "there is no database with this name", detail)
    if code in _CROWDED:
        return Failure(Kind.FULL, "the database has no connections left", detail)
    if code in _DENIED:
        return Failure(Kind.DENIED, "the database refuses the credentials", detail)
    if isinstance(wrong, TimeoutError) or isinstance(wrong.__context__, TimeoutError):
        return Failure(Kind.TIMEOUT, "the database did not answer in time", detail)
    return Failure(Kind.UNREACHABLE, "the database cannot be reached", detail)


backend = Backend(
    "Databases of a MariaDB server.",
    MariadbDatabases,
    MariadbSettings,
    requires=Requirement("pymysql", "mariadb"),
)
