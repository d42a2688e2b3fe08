"""Connections to NATS, and its errors as failures: for the backends of every capability.

The client library is asynchronous. One thread of this process runs its event loop; calls from other threads wait there.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from threading import Lock, RLock, Thread
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote, urlsplit

from witkit._waiting import within

from .backend import Requirement
from .errors import cannot_open, wrong_setting
from .failure import Failure, Kind

if TYPE_CHECKING:
    from nats.aio.client import Client

T = TypeVar("T")

NATS: Final = Requirement("nats", "nats")

URL: Final = "nats://127.0.0.1:4222"
"""The default for `url`."""

CREDENTIALS: Final = "The text of a file of credentials (`.creds`): a user's JWT and seed."
"""The description of the setting `credentials`."""

_JWT: Final = "BEGIN NATS USER JWT"
_SEED: Final = re.compile(r"BEGIN USER NKEY SEED-+\s+(\S+)")
_WANTED: Final = "the text of a file of credentials for NATS"
_FROM_FILE: Final = 'take the file that `nsc` or the operator of the server has made: credentials = "${file:PATH}"'

_FULL: Final = {10023, 10028, 10047, 10077}
"""Codes of JetStream: no memory, disk or room in the stream."""

_TOO_LARGE: Final = 10054
_NO_RIGHTS: Final = ("authorization", "permissions violation", "authentication")


_STARTING: Final = RLock()


def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of this process, in a thread of its own."""
    with _STARTING:
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="witkit-nats", daemon=True).start()
    return loop


if hasattr(os, "register_at_fork"):
    # A child has no threads of its parent.
    os.register_at_fork(after_in_child=_started.cache_clear)


class _Call:
    """The wait for a call, which is given up if the guest is stopped."""

    __slots__ = ("_waiting",)

    def __init__(self, waiting: Future[Any]) -> None:
        self._waiting = waiting

    def nudge(self) -> None:
        self._waiting.cancel()


class NatsConnection:
    """One connection to a server or cluster, which threads may share.

    It never connects again by itself, because the client would keep what it could not send and send it later. The next
    call connects instead.
    """

    def __init__(self, url: str, timeout: float, credentials: str = "") -> None:
        """Connect to nothing yet. Raises WitkitError (WIT0910, WIT0802) if the URL or the credentials are wrong."""
        self._servers = [part.strip() for part in url.split(",")]
        self.location = f"NATS at {places(url)}"
        self.timeout = max(timeout, 0.001)
        self._credentials = _usable(credentials)
        self._lock, self._closed = Lock(), False
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connecting: asyncio.Lock | None = None
        self._calls: set[asyncio.Task[Any]] = set()
        self._said = ""

    def call(self, work: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
        """What `work` makes of the connection within the timeout. Raises Failure."""
        loop = self._living()
        waiting = asyncio.run_coroutine_threadsafe(self._called(work), loop)
        try:
            with within(_Call(waiting)):
                # The time is measured here: a timer of the event loop for each call costs as much as all else of it.
                return waiting.result(self.timeout)
        except TimeoutError as error:
            waiting.cancel()
            client = self._client
            raise self._failure(error, connected=client is not None and client.is_connected) from error
        except BaseException:
            waiting.cancel()
            raise

    def begin(self, work: Callable[[Client], Coroutine[Any, Any, object]]) -> None:
        """Have this done by the thread of the connection, without waiting for it. If it fails, nobody hears of it."""
        loop = self._living()
        asyncio.run_coroutine_threadsafe(self._called(work), loop)

    def check_open(self) -> None:
        """Raise Failure (CLOSED) after `close`."""
        if self._closed:
            raise Failure(Kind.CLOSED, "the storage is closed")

    def close(self) -> None:
        """End the connection. Calls that wait fail."""
        with self._lock:
            self._closed = True
            client, self._client = self._client, None
        if client is not None and self._loop is _loop():
            ended = asyncio.run_coroutine_threadsafe(client.close(), _loop())
            with suppress(TimeoutError, OSError):
                ended.result(self.timeout)

    def _living(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            self.check_open()
            if self._loop is not _loop():  # The first call, or the first one in a child of a fork.
                self._loop, self._client, self._connecting = _loop(), None, asyncio.Lock()
            return self._loop

    async def _called(self, work: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
        this: Any = asyncio.current_task()
        client = None
        try:
            client = await self._connected()
            self._calls.add(this)
            return await work(client)
        except asyncio.CancelledError:
            if client is None or this in self._calls:
                raise  # its caller has given up
            raise Failure(Kind.UNREACHABLE, "there is no connection to the server", "it ended in the middle") from None
        except Exception as error:
            raise self._failure(error, connected=client is not None) from error
        finally:
            self._calls.discard(this)

    async def _connected(self) -> Client:
        if self._client is not None and self._client.is_connected:
            return self._client
        assert self._connecting is not None
        async with self._connecting:
            if self._client is None or not self._client.is_connected:
                self._client = await self._new()
                self.check_open()
            return self._client

    async def _new(self) -> Client:
        from nats.aio.client import RawCredentials

        from .nats_reading import ReadingClient

        self._said = ""
        client = ReadingClient()
        await client.connect(
            self._servers,
            connect_timeout=max(1, round(self.timeout)),
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            # What has silently lost its server is given up after the third one without an answer.
            ping_interval=max(1, round(self.timeout)),
            error_cb=self._hear,
            closed_cb=self._lost,
            user_credentials=RawCredentials(self._credentials) if self._credentials else None,
            **_in_urls(self._servers),
        )
        return client

    async def _hear(self, error: Exception) -> None:
        self._said = str(error) or type(error).__name__

    async def _lost(self) -> None:
        """Let calls fail whose answer will not come."""
        for call in tuple(self._calls):
            if not call.cancelling():
                self._calls.discard(call)
                call.cancel()

    def _failure(self, error: Exception, connected: bool) -> Failure:
        from nats import errors

        said = "; ".join(dict.fromkeys(filter(None, [str(error), self._said])))
        self._said = ""
        if any(words in said.lower() for words in _NO_RIGHTS):
            return Failure(Kind.DENIED, "the server refuses the credentials, or these may not do it", said)
        if isinstance(error, Failure):
            return error
        lost = isinstance(error, errors.ConnectionClosedError | errors.StaleConnectionError)
        if not connected or lost or (isinstance(error, OSError) and not isinstance(error, TimeoutError)):
            return Failure(Kind.UNREACHABLE, "there is no connection to the server", said)
        return _failure(error, said)


def _failure(error: Exception, said: str) -> Failure:
    from nats import errors
    from nats.js import errors as stored

    if isinstance(error, TimeoutError | errors.TimeoutError):
        return Failure(Kind.TIMEOUT, "the server did not answer in time", said)
    if isinstance(error, errors.MaxPayloadError):
        return Failure(Kind.INVALID_VALUE, "the server takes no message of this size", said)
    if isinstance(error, stored.APIError) and error.err_code in _FULL:
        return Failure(Kind.FULL, "the server has no memory or disk left", said)
    if isinstance(error, stored.APIError) and error.err_code == _TOO_LARGE:
        return Failure(Kind.INVALID_VALUE, "the server takes no message of this size", said)
    if isinstance(error, stored.NotFoundError):
        return Failure(Kind.IO, "the server has no such bucket or stream", said)
    if isinstance(error, stored.ServiceUnavailableError | stored.NoStreamResponseError | errors.NoRespondersError):
        return Failure(Kind.UNREACHABLE, "the server has no JetStream, or not this bucket or stream", said)
    return Failure(Kind.OTHER, "the server refuses the operation", said)


def check_credentials(text: str) -> None:
    """Raise WrongSetting (WIT0910) for a text that is not that of a `.creds` file, nor empty."""
    if text and (_JWT not in text or not _SEED.search(text)):
        raise wrong_setting(f"`credentials` is not {_WANTED}", _FROM_FILE, "credentials")


def _usable(credentials: str) -> str:
    """The text of a `.creds` file, or nothing. Raises WitkitError (WIT0910, WIT0802)."""
    if (seed := _SEED.search(credentials)) is None:
        return ""
    if find_spec("nkeys") is None:
        message = "`credentials` needs the Python module `nkeys`, which is not installed"
        raise cannot_open(message, "install it: pip install 'witkit[nats]'")
    import nkeys

    try:
        nkeys.from_seed(bytearray(seed[1].encode())).wipe()
    except (nkeys.NkeysError, ValueError):
        raise wrong_setting("the seed in `credentials` is damaged", _FROM_FILE, "credentials") from None
    return credentials


def _in_urls(servers: Sequence[str]) -> dict[str, Any]:
    """User and password, or a token, that the URLs have in common: the client does not decode those of a URL."""
    written = {urlsplit(url if "://" in url else f"nats://{url}").netloc.rpartition("@")[0] for url in servers} - {""}
    if len(written) != 1:
        return {}
    user, colon, password = written.pop().partition(":")
    return {"user": unquote(user), "password": unquote(password)} if colon else {"token": unquote(user)}


def places(url: str) -> str:
    """The hosts and ports in the setting `url`, with commas between them. Raises WitkitError (WIT0910)."""
    return ", ".join(_place(part.strip()) for part in url.split(","))


def _place(url: str) -> str:
    """Host and port of a server. Raises WitkitError (WIT0910)."""
    try:
        parts = urlsplit(url if "://" in url else f"nats://{url}")
        if parts.scheme not in ("nats", "tls", "ws", "wss") or not parts.hostname:
            raise ValueError
        return f"{parts.hostname}:{parts.port or 4222}"
    except ValueError:
        help = "nats://user:password@host:4222, tls://… for TLS, and several ones with commas between them"
        raise wrong_setting("`url` is not the URL of a NATS server", help, "url") from None
