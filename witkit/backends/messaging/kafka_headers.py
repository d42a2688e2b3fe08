"""The headers of a message as those of Kafka, and which reply a message is.

Topics for replies live as long as a request, and Kafka keeps topics forever. So the replies of a broker have one topic
together, and a header that says to which request a message belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from .headers import Headers, from_fields, to_fields

MARK: Final = "witkit-reply"
"""The header with the topic for replies that a message was published to."""

RESERVED: Final = re.compile("(?i:witkit-)", re.ASCII)


def fields_of(headers: Headers, mark: str | None) -> list[tuple[str, bytes]]:
    """The headers of Kafka for a message."""
    marked = [] if mark is None else [(MARK, mark.encode())]
    return [*((name, value.encode()) for name, value in to_fields(headers, RESERVED)), *marked]


def headers_of(fields: Iterable[tuple[str, bytes | None]] | None) -> tuple[Headers, str | None]:
    """The headers of a message that came, and its mark."""
    texts = [(name, (value or b"").decode(errors="replace")) for name, value in fields or ()]
    return from_fields(texts, RESERVED), dict(texts).get(MARK)
