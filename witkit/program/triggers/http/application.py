"""An application for any ASGI server, whose requests a guest answers.

What is here holds for every interface that a guest may export: limits, waiting, statuses, ids and logs. The front knows
the interface.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import quote, unquote

from ...call_ids import call_id
from .answers import sendable
from .bodies import announced, read_body
from .callers import Late
from .exchange import ClientGone, HttpFront, Refused, Request, Response
from .failures import refusal
from .ids import request_id
from .settings import HttpSettings
from .watching import Exchange, Watcher
from .workers import Workers

if TYPE_CHECKING:
    from ...telemetry.spans import Spans

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

RETRY: Final = (("retry-after", "1"),)
ID_HEADER: Final = b"x-request-id"


class HttpApplication:
    """The ASGI application. `wait` is how many seconds a request waits at most until a thread is free for it."""

    def __init__(
        self,
        front: HttpFront,
        settings: HttpSettings,
        *,
        calls: int,
        wait: float,
        watchers: Sequence[Watcher] = (),
        spans: Spans | None = None,
    ) -> None:
        self._front, self._settings, self._watchers = front, settings, [*watchers]
        self._workers, self._spans = Workers(calls, wait, settings.timeout), spans
        self._running = 0

    @property
    def running(self) -> int:
        """How many requests are read or answered."""
        return self._running

    def watch(self, watcher: Watcher) -> None:
        """Have a watcher called after each request from now on."""
        self._watchers.append(watcher)

    def close(self) -> None:
        """Let the threads end. Requests that come later are not answered."""
        self._workers.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._identified(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        else:
            raise ValueError(f"there is no protocol `{scope['type']}`")  # as the specification of ASGI asks for

    async def _identified(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, with its id and its span in this context."""
        exchange = Exchange(scope["method"], scope.get("client"), scope.get("http_version", "1.1"))
        exchange.id, headers = request_id(scope["headers"], self._settings.request_ids)
        token = call_id.set(exchange.id)
        try:
            if self._spans is None:
                await self._exchange(scope, headers, receive, send, exchange)
            else:
                from .spans import request_span

                with request_span(self._spans, headers, exchange):
                    await self._exchange(scope, headers, receive, send, exchange)
        finally:
            call_id.reset(token)

    async def _exchange(
        self, scope: Scope, given: list[tuple[str, str]], receive: Receive, send: Send, exchange: Exchange
    ) -> None:
        """Read one request, have it answered, and send the answer. `given` are its headers."""
        started = time.perf_counter()
        self._running += 1
        try:
            response = await self._response(scope, given, receive, exchange)
            headers, body = sendable(response, exchange.method)
        except ClientGone as gone:
            exchange.problem = gone
        except Exception as problem:
            exchange.problem, exchange.refused = problem, (refused := refusal(problem))
            response = refused.response()
            headers, body = sendable(response, exchange.method)
        finally:
            self._running -= 1
        if not isinstance(exchange.problem, ClientGone):
            headers.append((ID_HEADER, exchange.id.encode()))
            if response.close and exchange.version.startswith("1"):
                headers.append((b"connection", b"close"))
            exchange.status, exchange.sent = response.status, len(body)
            try:
                await send({"type": "http.response.start", "status": response.status, "headers": headers})
                await send({"type": "http.response.body", "body": body})
            except OSError:  # that is how servers say it
                exchange.problem = ClientGone("the client closed the connection before it had its answer")
                exchange.status = exchange.sent = 0
        exchange.seconds = time.perf_counter() - started
        for watcher in self._watchers:
            watcher(exchange)

    async def _response(
        self, scope: Scope, headers: list[tuple[str, str]], receive: Receive, exchange: Exchange
    ) -> Response:
        """What the guest answers, in a thread. Raises Refused and ClientGone, and what stops the guest."""
        exchange.path, uri = _below_mount(scope)
        if self._running > self._settings.concurrency:
            raise Refused(503, "too many requests at once", RETRY)
        exchange.endpoint = endpoint = self._front.find(exchange.method, exchange.path)
        length = announced(scope["headers"], exchange.version)
        body = b"" if length == 0 else await read_body(length, receive, self._settings)
        request = Request(exchange.method, exchange.path, uri, headers, body, exchange.id)
        job = self._workers.submit(endpoint.handler, request)
        try:
            return await job.answer  # type: ignore[no-any-return]
        except Late:
            if job.begun:
                raise Refused(504, f"`{endpoint.name}` took longer than {self._settings.timeout:g} s") from None
            raise Refused(503, "no instance became free in time", RETRY) from None


def _below_mount(scope: Scope) -> tuple[str, str]:
    """The path of a request below the application's mount, percent-encoded, and the same with its query."""
    path = raw.decode("ascii", "replace") if (raw := scope.get("raw_path")) else quote(scope["path"])
    path = path.partition("?")[0]
    if root := (scope.get("root_path") or "").rstrip("/"):
        path = _without(root, path)
    path = path or "/"
    query = scope.get("query_string") or b""
    return path, f"{path}?{query.decode('ascii', 'replace')}" if query else path


def _without(root: str, path: str) -> str:
    """What is left of a percent-encoded path after its parts that spell `root`, in whichever way, if it has them."""
    longest = 3 * len(root.encode("utf-8", "surrogatepass"))  # Each byte may be encoded, and a path can be long.
    for end in [*(place for place, character in enumerate(path[:longest]) if character == "/"), len(path)]:
        if end <= longest and unquote(path[:end]) == root:
            return path[end:]
    return path


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
