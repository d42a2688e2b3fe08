"""The body of a request, within the limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from .exchange import ClientGone, Refused
from .settings import HttpSettings


def announced(headers: Iterable[tuple[bytes, bytes]], version: str) -> int | None:
    """The length that the headers announce: 0 if there is no body, None if it is not known before it has come.

    The server has checked that the headers fit each other. From HTTP/2 on, a body needs no header.
    """
    length: int | None = 0 if version.startswith("1") else None
    for name, value in headers:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            length = int(value) if value.isdigit() and len(value) < 20 else None
    return length


async def read_body(
    announced: int | None,
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    settings: HttpSettings,
) -> bytes:
    """The whole body, of the length that `announced` gives, if it is known.

    Raises Refused: 413 if it is too large, 408 if it does not come in time; and ClientGone.
    """
    if announced is not None and announced > settings.body:
        raise _too_large(settings)
    try:
        async with asyncio.timeout(settings.timeout):
            return await _whole(receive, settings)
    except TimeoutError:
        raise Refused(408, f"the body did not come within {settings.timeout:g} s", close=True) from None


async def _whole(receive: Callable[[], Awaitable[MutableMapping[str, Any]]], settings: HttpSettings) -> bytes:
    parts: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone("the client closed the connection before its request was complete")
        if part := message.get("body", b""):
            parts.append(part)
            length += len(part)
            if length > settings.body:
                raise _too_large(settings)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(settings: HttpSettings) -> Refused:
    return Refused(413, f"the body is larger than {settings.body:,} bytes", close=True)
