"""What happened to one request, for those who want to know: the access log and the metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .exchange import Endpoint, Refused


@dataclass(slots=True)
class Exchange:
    """A request and how it was answered.

    `status` is 0 if nobody was there to get an answer. `sent` is the length of the body in bytes. `endpoint` is None if
    nothing answers the path. `problem` is what prevented an answer of the guest, and `refused` what the client got for
    it.
    """

    method: str
    client: tuple[str, int] | None
    version: str
    path: str = ""
    id: str = ""
    endpoint: Endpoint | None = None
    status: int = 0
    sent: int = 0
    seconds: float = 0.0
    refused: Refused | None = None
    problem: Exception | None = None


Watcher: TypeAlias = Callable[[Exchange], None]
"""Is called in the event loop after each request, and must not wait."""
