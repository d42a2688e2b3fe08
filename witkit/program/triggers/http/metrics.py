"""Counts and times of requests for Prometheus, and the application for a port of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ..meters import BUCKETS
from .watching import Exchange

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

METHODS: Final = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


class Metrics:
    """A watcher of requests. The names of routes are labels; paths are not, because there is no end of them."""

    def __init__(self, running: Callable[[], int], registry: CollectorRegistry) -> None:
        """`running` says how many requests are being answered."""
        from prometheus_client import Counter, Gauge, Histogram

        labels = ("method", "route", "status")
        self._requests = Counter("witkit_http_requests", "Requests", labels, registry=registry)
        self._seconds = Histogram(
            "witkit_http_request_seconds", "Seconds from a request's head to its answer", ("route",),
            buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self._sent = Counter("witkit_http_response_bytes", "Bytes of bodies sent", registry=registry)
        Gauge("witkit_http_requests_running", "Requests being answered", registry=registry).set_function(running)
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def __call__(self, exchange: Exchange) -> None:
        method = exchange.method if exchange.method in METHODS else "other"
        key = method, exchange.endpoint.route if exchange.endpoint else "", exchange.status
        if (found := self._known.get(key)) is None:
            requests = self._requests.labels(key[0], key[1], str(key[2]) if key[2] else "gone")
            found = self._known[key] = requests, self._seconds.labels(key[1])
        found[1].observe(exchange.seconds)
        self._sent.inc(exchange.sent)
        found[0].inc()  # Whoever sees a request counted finds its other figures as well.


class Monitoring:
    """An ASGI application: `/healthz` answers 200 while `healthy` says so, else 503; `/metrics` has the figures."""

    def __init__(self, healthy: Callable[[], bool], text: Callable[[], tuple[bytes, bytes]]) -> None:
        """`text` gives the figures, and their content type."""
        self._healthy, self._text = healthy, text

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError("only for HTTP")  # as the specification of ASGI asks for
        status, kind, body = 404, b"text/plain; charset=utf-8", b"Not Found\n"
        headers = []
        if scope["method"] not in ("GET", "HEAD"):
            status, body, headers = 405, b"Method Not Allowed\n", [(b"allow", b"GET, HEAD")]
        elif scope["path"] == "/healthz":
            status, body = (200, b"ok\n") if self._healthy() else (503, b"stopping\n")
        elif scope["path"] == "/metrics":
            status, (body, kind) = 200, self._text()
        headers += [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
