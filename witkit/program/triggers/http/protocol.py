"""uvicorn's protocol with what it lacks: limits for what clients send and take, and requests that ask for an upgrade.

The parser is httptools. It refuses what proxies and servers may understand in different ways, such as a request with
both `content-length` and `transfer-encoding`. What it lets through and HTTP does not is refused by `heads`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from functools import partial
from typing import Any, Final

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .heads import RefusedHead, is_followed_by_body, refusal, size_of, without_upgrade
from .unread import Unread

LOG: Final = logging.getLogger("witkit.http")

PER_PIECE: Final = 16
"""The bytes around a piece of a body, such as the line with its length, that do not count as overhead."""

SPARE: Final = 100
"""The connections beyond the limit whose requests are still answered, by 503. Others are closed at once."""


class LimitedProtocol(HttpToolsProtocol):
    """One connection. Subclasses have the limits.

    `most` bytes are for what a request has besides its body: its head, its trailers, and what is around its chunks.
    `seconds` are for the time from the first byte, or from the beginning of the connection, to the end of a head; for
    what is left of a request that was answered before it was complete; and for a client that takes nothing of a
    response.
    """

    most = 1 << 16
    seconds = 10.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._in_head, self._in_body, self._is_again = True, False, False
        self._overhead = 0
        self._refusal = RefusedHead.MALFORMED
        self._answering: Any = None
        """The request that is being answered. `cycle` is the one that came last."""
        self.app = partial(_while_open, self)
        self._late: asyncio.TimerHandle | None = None
        self._unread = Unread(self.loop, self.seconds)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = _OnePacket(transport, self.pipeline)
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency + SPARE:
            transport.abort()
        else:
            self._limit_time()

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        self._unread.end()
        if self._answering is not None:
            self._answering.disconnected = True  # uvicorn says so only to the request that came last
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # uvicorn forgets it for connections that were reset

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        self._overhead += len(data)
        try:
            self._feed(data)
        except HttpParserError:
            self._refuse(self._refusal)
            return
        if self.transport.is_closing():
            return
        if self._overhead > self.most:
            self._refuse(RefusedHead.TOO_LARGE)
        elif self._late is None and self.cycle is not None and self.cycle.response_complete:
            # It was the end of a request that is answered, or nothing: the connection is idle again.
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _feed(self, data: bytes) -> None:
        """Have it parsed. A request that asks for an upgrade is read as one that does not, as HTTP permits."""
        while data:
            try:
                self.parser.feed_data(data)
                return
            except HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
            if self._is_again:
                self._is_again = False
                method, version = self.parser.get_method(), self.parser.get_http_version()
                data = without_upgrade(method, self.url, version, self.headers) + data
                self.parser = HttpRequestParser(self)  # the other one reads nothing after `connection: close`
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        if self._late is None:
            self._limit_time()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # trailers are dropped: they would pass for headers, which a proxy may have checked
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        parser = self.parser
        version = parser.get_http_version()
        refused = refusal(parser.get_method(), self.url, version, self.headers)
        if (size := size_of(self.url, self.headers)) > self.most:
            refused = RefusedHead.TOO_LARGE
        if refused is not None:
            self._refusal = refused
            raise ValueError("this request is refused")  # ends the parser's work
        if parser.should_upgrade() and is_followed_by_body(self.headers):
            self._is_again = True  # the parser takes its body for the other protocol
            return
        self._in_time()
        self._in_head, self._in_body, self._overhead = False, True, max(self._overhead - size, 0)
        if version == "1.0":
            self.expect_100_continue = False
        super().on_headers_complete()
        if not self.pipeline:
            self._answering = self.cycle

    def on_body(self, body: bytes) -> None:
        self._overhead = max(self._overhead - len(body) - PER_PIECE, 0)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._is_again:
            self._in_time()
            self._in_body, self._overhead = False, 0
            super().on_message_complete()

    def on_response_complete(self) -> None:
        following = self.pipeline[-1][0] if self.pipeline else None
        super().on_response_complete()
        if self.transport.is_closing():
            self._unread.watch(self.transport)
        elif following is not None:
            self._answering = following
        elif self._in_body:
            self._limit_time()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._unread.watch(self.transport)

    def shutdown(self) -> None:
        super().shutdown()
        if self.transport.is_closing():
            self._unread.watch(self.transport)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread.watch(self.transport)

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.transport.is_closing():
            self._unread.end()

    def _refuse(self, refused: RefusedHead) -> None:
        """End the connection, and say why, unless the client would take that for the answer of another request."""
        cycle = self.cycle
        if self._in_head:
            is_next = cycle is None or cycle.response_complete
        else:
            is_next = cycle is self._answering and not cycle.response_started
        LOG.info("a request was refused: %s", refused.value)
        if is_next:
            self.transport.write(refused.response)
        self.transport.close()
        self._unread.watch(self.transport)

    def _limit_time(self) -> None:
        self._late = self.loop.call_later(self.seconds, self._too_slow)

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _too_slow(self) -> None:
        self._late = None
        if not self.transport.is_closing():
            self._refuse(RefusedHead.TOO_SLOW)


class _OnePacket(FlowControl):
    """Reads no more from a client as long as requests wait that it has sent without waiting for answers."""

    def __init__(self, transport: asyncio.Transport, waiting: Collection[Any]) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if not self._waiting:
            super().resume_reading()


async def _while_open(connection: LimitedProtocol, scope: Any, receive: Any, send: Any) -> None:
    """The application, which may send to a connection that is being closed: uvicorn learns of that a little later."""
    cycle = connection._answering

    async def send_while_open(message: Any) -> None:
        if connection.transport.is_closing():
            cycle.disconnected = True
        await send(message)

    await connection.config.loaded_app(scope, receive, send_while_open)


def limited(most: int, seconds: float) -> type[LimitedProtocol]:
    """The protocol with these limits."""
    return type("Limited", (LimitedProtocol,), {"most": most, "seconds": seconds})
