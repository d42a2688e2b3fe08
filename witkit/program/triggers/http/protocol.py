"""uvicorn's protocol with two limits that it lacks: for the size of a request's head, and for the time to send it.

The parser is httptools. It refuses what proxies and servers may understand in different ways, such as a request with
both `content-length` and `transfer-encoding`. What it lets through and HTTP does not is refused here: a request of
HTTP/1.1 without exactly one `host`, `transfer-encoding` in HTTP/1.0, and HTTP/0.9.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_REFUSED = b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_LARGE = _REFUSED % b"431 Request Header Fields Too Large"
_TOO_SLOW = _REFUSED % b"408 Request Timeout"


class LimitedProtocol(HttpToolsProtocol):
    """One connection. Subclasses have the limits: `head_bytes`, and `head_seconds` from the first byte, or from the
    beginning of the connection, to the end of a head."""

    head_bytes = 1 << 16
    head_seconds = 10.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._in_head, self._head, self._is_too_large = True, 0, False
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._late = self.loop.call_later(self.head_seconds, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > self.head_bytes:
                self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head = True, 0
        if self._late is None:
            self._late = self.loop.call_later(self.head_seconds, self._too_slow)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._in_time()
        size, hosts, is_chunked = len(self.url), 0, False
        for name, value in self.headers:
            size += len(name) + len(value) + 4
            hosts += name == b"host"
            is_chunked |= name == b"transfer-encoding"
        self._is_too_large = size > self.head_bytes
        version = self.parser.get_http_version()
        is_known = hosts == 1 if version == "1.1" else version == "1.0" and hosts <= 1 and not is_chunked
        if self._is_too_large or not is_known:
            raise ValueError("this request is refused")  # ends the parser's work; `send_400_response` comes next
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """The parser has refused what came: for its size, if that is why."""
        if self._is_too_large:
            self._refuse(_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def _too_slow(self) -> None:
        self._late = None
        if self._in_head and not self.transport.is_closing():
            self._refuse(_TOO_SLOW)

    def _refuse(self, response: bytes) -> None:
        self.transport.write(response)
        self.transport.close()

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def limited(head_bytes: int, head_seconds: float) -> type[LimitedProtocol]:
    """The protocol with these limits."""
    return type("Limited", (LimitedProtocol,), {"head_bytes": head_bytes, "head_seconds": head_seconds})
