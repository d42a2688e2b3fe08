"""Heads of requests that the parser lets through: those that two servers could read in two ways are refused."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

Headers = list[tuple[bytes, bytes]]

_HOST: Final = re.compile(rb"[0-9A-Za-z._~!$&'()*+,;=%:\[\]-]*")
_ABSOLUTE: Final = re.compile(rb"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE)


class RefusedHead(Enum):
    """Why a request is refused before anybody has seen it: the status that the client gets."""

    MALFORMED = "400 Bad Request"
    TOO_SLOW = "408 Request Timeout"
    TOO_LARGE = "431 Request Header Fields Too Large"
    UNKNOWN_ENCODING = "501 Not Implemented"

    @property
    def response(self) -> bytes:
        """A whole response, the last one of its connection."""
        return f"HTTP/1.1 {self.value}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()


def size_of(url: bytes, headers: Headers) -> int:
    """The bytes of a head, without what has always about the same length."""
    return sum([len(url), 4 * len(headers), *[len(name) + len(value) for name, value in headers]])


def refusal(method: bytes, url: bytes, version: str, headers: Headers) -> RefusedHead | None:
    """Why a head is refused, if it is.

    HTTP/1.1 has exactly one `host`, and that of an address like `http://shop/` is the same. Bodies have no other
    encoding than `chunked`, and none in HTTP/1.0. There is no HTTP/0.9, and this is not a proxy (`CONNECT`).
    """
    hosts, host = 0, b""
    for name, value in headers:
        if name == b"host":
            hosts, host = hosts + 1, value
        elif name == b"transfer-encoding":
            if version == "1.0":
                return RefusedHead.MALFORMED
            if value.lower() != b"chunked":
                return RefusedHead.UNKNOWN_ENCODING
    is_known = hosts == 1 if version == "1.1" else version == "1.0" and hosts <= 1
    if not is_known or method == b"CONNECT" or _HOST.fullmatch(host) is None:
        return RefusedHead.MALFORMED
    if not url.startswith(b"/") and not _is_for(url, method, host if hosts else None):
        return RefusedHead.MALFORMED
    return None


def _is_for(url: bytes, method: bytes, host: bytes | None) -> bool:
    """Whether an address that is not a path has the given host, or the `*` of OPTIONS."""
    if url == b"*":
        return method == b"OPTIONS"
    absolute = _ABSOLUTE.match(url)
    return absolute is not None and (host is None or absolute[1].lower() == host.lower())


def is_followed_by_body(headers: Headers) -> bool:
    """Whether a head announces a body."""
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)


def without_upgrade(method: bytes, url: bytes, version: str, headers: Headers) -> bytes:
    """The head of a request again, without the wish to change to another protocol."""
    kept = [name + b": " + value + b"\r\n" for name, value in headers if name != b"upgrade"]
    return b"".join([method, b" ", url, b" HTTP/", version.encode(), b"\r\n", *kept, b"\r\n"])
