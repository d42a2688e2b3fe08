"""Commands for Redis, over the connections of the client library. What its clients do around each command costs more
than the command itself: several records for telemetry, a look at the socket that waits for its timeout, and retries.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha1
from typing import Any, Final

from .idle import Idle
from .redis_client import client, failure_of, location

_MISSING: Final = "NOSCRIPT"


class Commands:
    """What one server is asked. Threads may share it, and children of a fork have connections of their own.

    Each command is sent once: what fails may have taken effect. If its connection was lost while nobody used it, it
    gets a new one.
    """

    def __init__(self, url: str, timeout: float, closed: Callable[[], Exception]) -> None:
        """Connect to nothing yet. `closed` makes what is raised after `close`. Raises WitkitError (WIT0910)."""
        from redis.exceptions import NoScriptError, RedisError, ResponseError

        made = client(url, timeout)
        pool = made.connection_pool
        self._connection: Callable[[], Any] = partial(pool.connection_class, **pool.connection_kwargs)
        self._read: dict[Any, Callable[[Any], Any]] = dict(made.response_callbacks)
        self._idle: Idle[Any] = Idle(closed)
        self._error, self._answer, self._missing = RedisError, ResponseError, NoScriptError
        self.location = location(made)

    def run(self, command: str, *values: Any) -> Any:
        """What the server answers. Raises Failure."""
        try:
            return self._run(command, *values)
        except self._error as error:
            raise failure_of(error) from error

    def script(self, text: str) -> Callable[..., Any]:
        """A function that runs a script of the server, with the number of keys, keys and other values."""
        name = sha1(text.encode(), usedforsecurity=False).hexdigest()

        def run(*values: Any) -> Any:
            try:
                return self._run("EVALSHA", name, *values)
            except self._missing:
                return self.run("EVAL", text, *values)
            except self._error as error:
                raise failure_of(error) from error

        return run

    def check_open(self) -> None:
        """Raise what is raised after `close`."""
        self._idle.check()

    def close(self) -> None:
        """Close all connections; those in use when they have their answer."""
        for connection in self._idle.close():
            connection.disconnect()

    def _run(self, command: str, *values: Any) -> Any:
        connection = self._taken()
        try:
            connection.send_command(command, *values)
            answer = connection.read_response()
        except self._answer:
            self._back(connection)
            raise
        except BaseException:
            connection.disconnect()
            raise
        self._back(connection)
        read = self._read.get(command)
        return answer if read is None else read(answer)

    def _taken(self) -> Any:
        connection = self._idle.take()
        if connection is not None:
            if not connection.is_lost():
                return connection
            connection.disconnect()
        else:
            connection = self._connection()
        connection.connect()
        return connection

    def _back(self, connection: Any) -> None:
        if not self._idle.put(connection):
            connection.disconnect()
