"""The protocol of backends that send HTTP requests."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from witkit.backends.backend import Opened
from witkit.backends.failure import Failure, Kind


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a guest makes it. `url` may be relative if the backend has a `base`."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]] = ()
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A response of any status, with its whole body: as it was sent, so a compressed body is still compressed."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""


class RefusedByProxy(Failure):
    """A proxy refused the request. `status` is its answer."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(Kind.DENIED, f"the proxy refuses the request with status {status}", detail)
        self.status = status


class HttpClient(Opened, Protocol):
    """Requests to other services.

    `send` raises Failure: INVALID_NAME if the address cannot be used, INVALID_REQUEST for headers that cannot be sent,
    DENIED for what is not permitted, TIMEOUT, UNREACHABLE, PROTOCOL, and FULL for a response over the limits.
    """

    @abstractmethod
    def send(self, request: Request) -> Response:
        """Send the request once, follow redirects as the settings have it, and wait for the whole response."""


def closed() -> Failure:
    """The failure of every call after `close`."""
    return Failure(Kind.CLOSED, "the HTTP client has been closed")
