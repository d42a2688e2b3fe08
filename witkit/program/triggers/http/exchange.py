"""Requests and responses as every interface for HTTP has them, whichever one the guest exports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol, TypeAlias

Headers: TypeAlias = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Request:
    """A request with its whole body.

    `path` is percent-encoded and begins where the application is mounted; `uri` is the same with the query. Names of
    headers are lower case. `id` names the request in logs.
    """

    method: str
    path: str
    uri: str
    headers: list[tuple[str, str]]
    body: bytes
    id: str


@dataclass(slots=True)
class Response:
    """A response with its whole body. `close` ends the connection after it."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    close: bool = False


Handler: TypeAlias = Callable[[Request], Response]
"""Answers a request, in a thread in which it may block."""


@dataclass(slots=True)
class Endpoint:
    """What answers a request. `name` is for logs, `route` for metrics: there are few of them."""

    name: str
    route: str
    handler: Handler


class HttpFront(Protocol):
    """An interface for HTTP that the guest exports."""

    def find(self, method: str, path: str) -> Endpoint:
        """What answers a method and a percent-encoded path. Raises Refused."""


@dataclass(slots=True)
class Refused(Exception):
    """A request that the guest does not answer. Clients get the name of the status; `reason` is for the log."""

    status: int
    reason: str = ""
    headers: Headers = field(default_factory=tuple)
    close: bool = False

    def response(self) -> Response:
        """What the client gets."""
        text = b"" if self.status == HTTPStatus.NO_CONTENT else f"{HTTPStatus(self.status).phrase}\n".encode()
        headers = [("content-type", "text/plain; charset=utf-8"), *self.headers] if text else list(self.headers)
        return Response(self.status, headers, text, self.close)


class GuestFailed(Exception):
    """The guest answered with an error, or with a response that HTTP does not have."""


class ClientGone(Exception):
    """The client closed the connection before its request was complete: nobody waits for an answer."""
