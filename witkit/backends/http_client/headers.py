"""Header fields: what a guest may send, and how texts and bytes of the wire correspond."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from witkit.backends.failure import Failure, Kind

from .protocol import Request
from .urls import Url

MOST: Final = 65_536
"""The most bytes of all header fields of a request."""

_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_IN_VALUES: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_OF_CONNECTIONS: Final = frozenset(
    {"connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "trailer", "transfer-encoding"}
    | {"upgrade", "http2-settings", "expect"}
)
"""Fields about the connection, which belongs to the host."""

PRIVATE: Final = frozenset({b"authorization", b"cookie"})
"""Fields that a redirect to another origin does not get."""

OF_BODY: Final = frozenset({b"content-type", b"content-encoding", b"content-language", b"content-location"})
"""Fields that go with the body."""

Fields = Sequence[tuple[bytes, bytes]]


def checked(request: Request, url: Url) -> Fields:
    """The fields to send, without `host` and `content-length`, which the client writes.

    Raises Failure (INVALID_REQUEST) for what is not a field, is about the connection, or contradicts the request.
    """
    found = [(_name(name), _value(name, value)) for name, value in request.headers]
    if sum(len(name) + len(value) + 4 for name, value in found) > MOST:
        raise Failure(Kind.INVALID_REQUEST, f"the header fields have more than {MOST:,} bytes")
    size = str(len(request.body or b""))
    for name, value in request.headers:
        lowered = name.lower()
        if lowered in _OF_CONNECTIONS:
            raise _refused(name, "it is about the connection")
        if lowered == "host" and value.strip().lower() not in (url.authority, f"{url.host}:{url.port}"):
            raise _refused(name, "it differs from the address")
        if lowered == "content-length" and value.strip() != size:
            raise _refused(name, "the body has another length")
    return [field for field in found if field[0].lower() not in (b"host", b"content-length")]


def without(fields: Fields, names: Iterable[bytes]) -> Fields:
    """The fields with other names than these, which are in lower case."""
    dropped = frozenset(names)
    return [field for field in fields if field[0].lower() not in dropped]


def text(raw: bytes) -> str:
    """A field of a response: UTF-8, or else Latin-1, which can read anything."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def first(fields: Fields, name: bytes) -> str | None:
    """The value of the first field with this name, which is in lower case."""
    return next((text(value) for each, value in fields if each.lower() == name), None)


def _name(name: str) -> bytes:
    encoded = name.encode("utf-8", "replace")
    if not _NAME.fullmatch(encoded):
        raise Failure(Kind.INVALID_REQUEST, "the name of a header field must be a token of ASCII characters")
    return encoded


def _value(name: str, value: str) -> bytes:
    encoded = value.encode("utf-8", "replace")
    if _NOT_IN_VALUES.search(encoded):
        raise _refused(name, "its value has a line end or another control character")
    return encoded.strip(b" \t")


def _refused(name: str, reason: str) -> Failure:
    return Failure(Kind.INVALID_REQUEST, f"the header field `{name}` cannot be sent: {reason}")
