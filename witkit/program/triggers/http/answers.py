"""What a guest answers, as it may be sent: HTTP's rules hold, and the connection is the server's business."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from .exchange import GuestFailed, Response
from .ids import HEADER

_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NOT_IN_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

_OF_THE_SERVER: Final = frozenset(
    ["connection", "date", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", HEADER]
)
"""Headers about the connection, the time, and the id. A guest that has copied them from a request does no harm."""

_WITHOUT_BODY: Final = frozenset([204, 304])


def sendable(response: Response, method: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The headers of a guest's response, with its length, and the body to send.

    Raises GuestFailed for what HTTP does not have: a status below 200 or above 599, names and values of headers with
    other characters than HTTP allows, and a length that is not that of the body.
    """
    status, body = response.status, response.body
    if not 200 <= status <= 599:
        raise GuestFailed(f"the status {status} cannot be sent: it is not between 200 and 599")
    bodiless = status in _WITHOUT_BODY
    if bodiless and body:
        raise GuestFailed(f"a response with status {status} has no body, but the guest gave {len(body)} bytes")
    length, found = len(body), []
    for name, value in response.headers:
        lower, sent = _name(name)
        if lower in _OF_THE_SERVER:
            continue
        if lower != "content-length":
            found.append((sent, _value(lower, value)))
        elif not bodiless:
            length = _length(value, None if method == "HEAD" and not body else length)
    if not bodiless:
        found.append((b"content-length", b"%d" % length))
    return found, b"" if method == "HEAD" else body


@lru_cache(256)  # guests use few names, and each of them often
def _name(given: str) -> tuple[str, bytes]:
    """The name of a header in lower case, as text and as it is sent."""
    if _NAME.fullmatch(given) is None:
        raise GuestFailed(f"{given!r} cannot be the name of a header")
    return (lower := given.lower()), lower.encode("ascii")


def _value(name: str, value: str) -> bytes:
    if _NOT_IN_VALUE.search(value) is not None:
        raise GuestFailed(f"the value of the header `{name}` has a control character")
    try:
        return value.strip(" \t").encode("latin-1")
    except UnicodeEncodeError:
        raise GuestFailed(f"the value of the header `{name}` has a character that is not in Latin-1") from None


def _length(given: str, actual: int | None) -> int:
    """The length that the guest gives, which has to be the actual one, if that is known."""
    length = int(given) if given.isascii() and given.isdigit() and len(given) < 20 else -1
    if length < 0 or actual not in (None, length):
        raise GuestFailed(f"`content-length` is {given[:40]!r}, but the body has {actual or 0} bytes")
    return length
