"""Ids of requests: every request has one, in its headers and in those of its response, and in logs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import getrandbits
from typing import Final, Literal

HEADER: Final = "x-request-id"

_RAW: Final = HEADER.encode()
_ACCEPTED: Final = re.compile(rb"[0-9A-Za-z._:+/=\-]{1,128}")


def request_id(
    headers: Iterable[tuple[bytes, bytes]], rule: Literal["accept", "make"]
) -> tuple[str, list[tuple[str, str]]]:
    """The id of a request, and its headers as text, with the id.

    With `accept`, the id is that of the request, if it has a single one that is safe in a line of a log.
    """
    given: list[bytes] = []
    found = []
    for name, value in headers:
        if name == _RAW:
            given.append(value)
        else:
            found.append((str(name, "latin-1"), str(value, "latin-1")))
    if rule == "accept" and len(given) == 1 and _ACCEPTED.fullmatch(given[0]) is not None:
        id = given[0].decode("ascii")
    else:
        # It names a request, and protects nothing: the system's randomness costs more.
        id = getrandbits(128).to_bytes(16, "big").hex()
    found.append((HEADER, id))
    return id, found
