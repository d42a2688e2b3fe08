"""The span of a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ...telemetry.events import of_request
from ...telemetry.spans import Spans
from .exchange import ClientGone
from .logs import SERVER_ERROR
from .watching import Exchange

METHODS: Final = frozenset(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"])


@contextmanager
def request_span(spans: Spans, headers: list[tuple[str, str]], exchange: Exchange) -> Iterator[None]:
    """The span of a request until the `with` statement ends, below that in its `traceparent` or `ce-traceparent`.

    Its name has the route and not the path, so that there are few names. It has no query, because that may have
    secrets.
    """
    method = exchange.method if exchange.method in METHODS else "_OTHER"
    with spans.around(method, "server", of_request(headers), {"http.request.method": method}) as begun:
        yield
        begun.note("url.path", exchange.path)
        if exchange.endpoint is not None and exchange.endpoint.route:
            begun.rename(f"{method} {exchange.endpoint.route}")
            begun.note("http.route", exchange.endpoint.route)
        if exchange.status:
            begun.note("http.response.status_code", exchange.status)
        if isinstance(exchange.problem, ClientGone):
            begun.failed("ClientGone")
        elif exchange.status >= SERVER_ERROR:
            begun.failed(str(exchange.status))
