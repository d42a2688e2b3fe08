"""Ids of requests: every request has one, in its headers and in those of its response, and in logs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal
from uuid import uuid4

HEADER: Final = "x-request-id"

_RAW: Final = HEADER.encode()
_ACCEPTED: Final = re.compile(rb"[0-9A-Za-z._:+/=\-]{1,128}")


def request_id(
    headers: Iterable[tuple[bytes, bytes]], rule: Literal["accept", "make"]
) -> tuple[str, list[tuple[str, str]]]:
    """The id of a request, and its headers as text, with the id.

    With `accept`, the id is that of the request, if it has a single one that is safe in a line of a log.
    """
    found = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers if name != _RAW]
    given = [value for name, value in headers if name == _RAW] if rule == "accept" else []
    is_safe = len(given) == 1 and _ACCEPTED.fullmatch(given[0])
    id = given[0].decode("ascii") if is_safe else uuid4().hex
    found.append((HEADER, id))
    return id, found
