"""Counts and times of requests for Prometheus, and the application for a port of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from .watching import Exchange

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS: Final = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


class Metrics:
    """A watcher of requests. The names of routes are labels; paths are not, because there is no end of them."""

    def __init__(self, running: Callable[[], int]) -> None:
        """`running` says how many requests are being answered."""
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry: CollectorRegistry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("witkit_http_requests", "Requests", labels, registry=self.registry)
        self._seconds = Histogram(
            "witkit_http_request_seconds", "Seconds from a request's head to its answer", ("route",),
            buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._sent = Counter("witkit_http_response_bytes", "Bytes of bodies sent", registry=self.registry)
        Gauge("witkit_http_requests_running", "Requests being answered", registry=self.registry).set_function(running)
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def __call__(self, exchange: Exchange) -> None:
        method = exchange.method if exchange.method in METHODS else "other"
        key = method, exchange.endpoint.route if exchange.endpoint else "", exchange.status
        if (found := self._known.get(key)) is None:
            requests = self._requests.labels(key[0], key[1], str(key[2]) if key[2] else "gone")
            found = self._known[key] = requests, self._seconds.labels(key[1])
        found[0].inc()
        found[1].observe(exchange.seconds)
        self._sent.inc(exchange.sent)

    def text(self) -> tuple[bytes, bytes]:
        """All figures in the text form of Prometheus, and its content type."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return generate_latest(self.registry), CONTENT_TYPE_LATEST.encode()


class Monitoring:
    """An ASGI application: `/healthz` answers 200 while `healthy` says so, else 503; `/metrics` has the figures."""

    def __init__(self, healthy: Callable[[], bool], metrics: Metrics) -> None:
        self._healthy, self._metrics = healthy, metrics

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError("only for HTTP")  # as the specification of ASGI asks for
        status, kind, body = 404, b"text/plain; charset=utf-8", b"Not Found\n"
        if scope["path"] == "/healthz":
            status, body = (200, b"ok\n") if self._healthy() else (503, b"stopping\n")
        elif scope["path"] == "/metrics":
            status, (body, kind) = 200, self._metrics.text()
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body if scope["method"] == "GET" else b""})
