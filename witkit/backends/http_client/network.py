"""Requests over the network, to hosts that the configuration permits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLError
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from witkit.backends.backend import Backend, Requirement
from witkit.backends.errors import cannot_open, wrong_setting
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import (
    COUNT,
    EXISTING_FILE,
    NATURAL,
    SECRET,
    TEXT,
    TEXTS,
    TIME_LIMIT,
    BackendSettings,
    setting,
)

from . import headers
from .addresses import Address
from .grants import RequestGrants, read_allow, read_private
from .protocol import HttpClient, RefusedByProxy, Request, Response, closed
from .redirects import SentRequest, redirected
from .urls import Url, parse

if TYPE_CHECKING:
    from httpcore2 import URL, ConnectionPool, Proxy
    from httpcore2 import Response as Answer

MEMORY: Final = 8 << 20
"""The default for `body`, in bytes."""

_WITHOUT_BODY: Final = frozenset({204, 304})
_WITH_LENGTH: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods that send the length of a body even if they have none."""


def _base(text: str) -> Url | None:
    """The address of the setting. Raises WrongSetting (WIT0910)."""
    try:
        return parse(text) if text else None
    except Failure as wrong:
        raise wrong_setting(f"`base` is wrong: {wrong.message}", "https://api.example.com/", "base") from None


def proxy_of(text: str) -> SplitResult | None:
    """The parts of the URL in the setting `proxy`. Raises WrongSetting (WIT0910)."""
    if not text:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        if text.isascii() and parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise wrong_setting("`proxy` is not the URL of a proxy", "http://user:password@proxy.example:3128", "proxy")


@dataclass(frozen=True, slots=True, repr=False)
class NetworkSettings(BackendSettings):
    allow: Sequence[str] = setting(TEXTS, "The hosts that may be requested; without it, none.", (), checked=read_allow)
    private: Sequence[str] = setting(
        TEXTS, "Networks that are not public, to which names may lead.", (), checked=read_private
    )
    base: str = setting(
        TEXT, "The address that relative ones are relative to, and that may be requested.", "", checked=_base
    )
    timeout: float = setting(TIME_LIMIT, "How long a request may take, with redirects and the whole response.", 30.0)
    connect_timeout: float = setting(TIME_LIMIT, "How long looking up a name and connecting may take.", 5.0)
    body: int = setting(COUNT, "The most bytes of the body of a response.", MEMORY)
    redirects: int = setting(NATURAL, "The most redirects that are followed; with 0, guests get them as responses.", 10)
    connections: int = setting(COUNT, "The most connections at once; further requests wait.", 16)
    certificates: Path = setting(EXISTING_FILE, "Certificates (PEM) to trust besides those of the system.", None)
    proxy: str = setting(
        SECRET, "A proxy, with user and password; those of the environment are ignored.", "", checked=proxy_of
    )


class NetworkClient(HttpClient):
    """A pool of connections, which threads share."""

    limits = Limits()

    def __init__(self, settings: NetworkSettings) -> None:
        self._settings, self._base = settings, _base(settings.base)
        own = [self._base.origin] if self._base else []
        self._grants = RequestGrants(read_allow([*own, *settings.allow]), read_private(settings.private))
        self._proxy, self._trusted = _proxy(settings.proxy), _trusted(settings.certificates)
        hosts = ", ".join([*own, *settings.allow]) or "no host: `allow` is empty"
        self.location = f"{hosts}, through a proxy" if settings.proxy else hosts
        self._pool: ConnectionPool | None = None
        self._lock, self._closed = Lock(), False

    def send(self, request: Request) -> Response:
        from .connecting import within

        self.check()
        url = parse(request.url, self._base)
        length = request.method in _WITH_LENGTH and request.body is None
        sent = SentRequest(request.method, url, headers.checked(request, url), b"" if length else request.body)
        self._expect_granted(url, f"this program may not send requests to {url.origin}")
        with within(self._settings.timeout):
            return self._followed(sent)

    def check(self) -> None:
        if self._closed:
            raise closed()

    def close(self) -> None:
        with self._lock:
            self._closed, pool = True, self._pool
        if pool is not None:
            pool.close()

    def _followed(self, sent: SentRequest) -> Response:
        """The response to a request, after as many redirects as the settings have."""
        for _ in range(self._settings.redirects):
            found = self._exchanged(sent)
            then = redirected(sent, found)
            if then is None:
                return found
            self._expect_granted(then.url, "the server redirects to an address that this program may not request")
            sent = then
        found = self._exchanged(sent)
        if self._settings.redirects and redirected(sent, found) is not None:
            raise Failure(Kind.OTHER, f"the server redirects more than {self._settings.redirects} times")
        return found

    def _expect_granted(self, url: Url, message: str) -> None:
        """Raise Failure (DENIED) unless the address is granted, as far as its text shows."""
        if not self._grants.covers(url):
            raise Failure(Kind.DENIED, message, f"{url.origin} is not in `allow`")
        if url.address is not None and not self._grants.permits(url.host, url.address):
            raise Failure(Kind.DENIED, message, f"{url.origin} is not public, nor in `allow` or `private`")

    def _exchanged(self, sent: SentRequest) -> Response:
        """The response to one request. Raises Failure."""
        from .connecting import left

        fields = [(b"host", sent.url.authority.encode()), *sent.fields]
        with self._failures():
            pool = self._opened()
            with pool.stream(
                sent.method, _url(sent.url), headers=fields, content=sent.body, extensions={"timeout": {"pool": left()}}
            ) as answer:
                return self._read(sent, answer)

    def _read(self, sent: SentRequest, answer: Answer) -> Response:
        if answer.status < 200:
            raise Failure(Kind.PROTOCOL, "the server changes to a protocol that nobody has asked for")
        whole = bytearray()
        if sent.method != "HEAD" and answer.status not in _WITHOUT_BODY:
            self._expect_room(int(headers.first(answer.headers, b"content-length") or 0))
            for piece in answer.iter_stream():
                self._expect_room(len(whole) + len(piece))
                whole += piece
        fields = [(headers.text(name), headers.text(value)) for name, value in answer.headers]
        return Response(answer.status, fields, bytes(whole))

    def _expect_room(self, size: int) -> None:
        if size > self._settings.body:
            message = f"the body of the response has more than {self._settings.body:,} bytes"
            raise Failure(Kind.FULL, message, "the setting `body` is the limit")

    def _opened(self) -> ConnectionPool:
        """The pool, made with the first request, because reading the system's certificates takes milliseconds."""
        from httpcore2 import ConnectionPool, default_ssl_context

        from .connecting import CheckedConnections

        with self._lock:
            self.check()
            if self._pool is None:
                # A proxy looks names up itself, and may be in a private network.
                permits = _everything if self._proxy else self._grants.permits
                self._pool = ConnectionPool(
                    ssl_context=self._trusted or default_ssl_context(),
                    proxy=self._proxy,
                    max_connections=self._settings.connections,
                    keepalive_expiry=5.0,
                    network_backend=CheckedConnections(permits, self._settings.connect_timeout),
                )
            return self._pool

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Raise errors of the client as Failure."""
        import httpcore2

        try:
            yield
        except Failure as failure:
            raise (closed() if self._closed else failure) from failure.__cause__
        except httpcore2.TimeoutException as error:
            raise Failure(Kind.TIMEOUT, "no complete response came in time", _said(error)) from error
        except httpcore2.ProxyError as error:
            raise _refused(error) from error
        except httpcore2.LocalProtocolError as error:
            raise Failure(Kind.INVALID_REQUEST, "the request cannot be sent", _said(error)) from error
        except httpcore2.ProtocolError as error:
            message = "the server does not answer with a complete response of HTTP/1.1"
            raise closed() if self._closed else Failure(Kind.PROTOCOL, message, _said(error)) from error
        except httpcore2.NetworkError as error:
            if self._closed:
                raise closed() from error
            if isinstance(next(iter(error.args), None), SSLError):
                message = "a secure connection to the host cannot be made"
                raise Failure(Kind.PROTOCOL, message, _said(error)) from error
            raise Failure(Kind.UNREACHABLE, "there is no connection to the host", _said(error)) from error


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def _refused(error: Exception) -> Failure:
    status = str(error).partition(" ")[0]
    if status.isdigit():
        return RefusedByProxy(int(status), str(error))
    return Failure(Kind.UNREACHABLE, "the proxy cannot be used", _said(error))


def _url(url: Url) -> URL:
    from httpcore2 import URL

    # A proxy gets the address as this spells it: the usual port is left out.
    return URL(scheme=url.scheme, host=url.host, port=None if url.is_usual else url.port, target=url.target)


def _trusted(certificates: Path | None) -> Any:
    """The settings of TLS with the certificates of a file, if any. Raises WitkitError (WIT0802)."""
    if certificates is None:
        return None
    from httpcore2 import default_ssl_context

    context = default_ssl_context()
    try:
        context.load_verify_locations(certificates)
    except (OSError, ValueError) as wrong:
        reason = getattr(wrong, "strerror", None) or str(wrong)
        message = f"the certificates to trust cannot be read: {reason}"
        raise cannot_open(message, "give the path of a file in the format PEM", str(certificates)) from None
    return context


def _everything(host: str, address: Address) -> bool:
    return True


def _proxy(text: str) -> Proxy | None:
    if (parts := proxy_of(text)) is None:
        return None
    from httpcore2 import Proxy

    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Proxy(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", auth=auth)


HTTPCORE: Final = Requirement("httpcore2", "http-client")

backend = Backend("Requests to the hosts that `allow` has.", NetworkClient, NetworkSettings, requires=HTTPCORE)
