"""What receives spans: OpenTelemetry's exporter in memory, and a small collector that speaks OTLP over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

from witkit.program.telemetry.spans import Spans

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
SOON = 60.0


class Exported(SpanExporter):
    """Spans as they end, to be waited for."""

    def __init__(self) -> None:
        self._spans: Queue[ReadableSpan] = Queue()
        self.provider = provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self))
        self.spans = Spans(provider.get_tracer("tests"))

    def export(self, spans: object) -> SpanExportResult:
        for span in spans:  # type: ignore[attr-defined]
            self._spans.put(span)
        return SpanExportResult.SUCCESS

    def until(self, *names: str) -> list[ReadableSpan]:
        """All spans up to those of these names, the last of which is the last."""
        found = list[ReadableSpan]()
        while not {*names} <= {each.name for each in found}:
            found.append(self._spans.get(timeout=SOON))
        return found


def trace_of(span: ReadableSpan) -> tuple[str, str]:
    """The ids of a span's trace and of its parent, in hexadecimal; "" for none."""
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}", f"{span.parent.span_id:016x}" if span.parent else ""


def id_of(span: ReadableSpan) -> str:
    context = span.get_span_context()
    assert context is not None
    return f"{context.span_id:016x}"


@dataclass
class Collector:
    """What has arrived: messages as OpenTelemetry's protocol defines them, and their headers."""

    url: str
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """All spans, in the order in which they ended."""
        resources = [each for request in self.requests for each in request.resource_spans]
        return [span for resource in resources for scope in resource.scope_spans for span in scope.spans]


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector on this machine until the `with` statement ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            assert self.path == "/v1/traces"
            here.requests.append(ExportTraceServiceRequest.FromString(body))
            here.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here = Collector(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield here
        finally:
            server.shutdown()
            thread.join()
