"""The databases of a server, whichever server it is."""

from __future__ import annotations

from abc import abstractmethod

from .database_url import DatabaseUrl
from .open_connections import OpenConnections
from .protocol import Sql, SqlConnection
from .server_connection import ServerConnection, ServerSession


class ServerDatabases(Sql):
    """Each connection of a guest is a connection to the server."""

    def __init__(self, url: str, schemes: tuple[str, ...]) -> None:
        self._open, self._url = OpenConnections(), DatabaseUrl(url, schemes)
        self.limits = self._url.limits

    def connect(self, database: str) -> SqlConnection:
        self._open.check()
        url = self._url.named(database)
        made = ServerConnection(lambda: self._session(url))
        self._open.add(made)
        return made

    def check(self) -> None:
        self._open.check()
        self._reach()

    def close(self) -> None:
        self._open.close()

    @abstractmethod
    def _session(self, url: str) -> ServerSession:
        """Connect to the database that the URL names. Raises Failure."""

    @abstractmethod
    def _reach(self) -> None:
        """Connect to the server once, whichever database there is. Raises Failure."""
