"""Open telemetry as OpenTelemetry's environment variables say, and close it in order."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from threading import Thread
from typing import TYPE_CHECKING, Final

from witkit._version import __version__
from witkit.text.secrets import masked_by_form
from witkit.text.values import value
from witkit.text.visible import visible

from ..ending import Ending

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

    from .spans import Begun, Spans

CLOSING: Final = 2.0
"""The seconds for the last spans to be sent."""

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")


def exporters(environment: Mapping[str, str]) -> list[str]:
    """The exporters of spans that the environment asks for: `otlp`, `console`. Raises ValueError for others."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return []
    default = "otlp" if any(environment.get(name) for name in _ENDPOINTS) else "none"
    chosen = environment.get("OTEL_TRACES_EXPORTER") or default
    found = [name for each in chosen.split(",") if (name := each.strip()) not in ("", "none")]
    for name in found:
        if name not in ("otlp", "console"):
            raise ValueError(
                f"OTEL_TRACES_EXPORTER cannot be `{visible(name)}`: there are `otlp`, `console` and `none`"
            )
    protocol = next(filter(None, map(environment.get, _PROTOCOLS)), "http/protobuf")
    if "otlp" in found and protocol != "http/protobuf":
        raise ValueError(f"OTEL_EXPORTER_OTLP_PROTOCOL cannot be `{visible(protocol)}`: there is `http/protobuf`")
    return found


@contextmanager
def telemetry(program: str, announce: Callable[[str], None], ending: Ending) -> Iterator[Spans | None]:
    """What makes spans for a program until the `with` statement ends; None if the environment asks for none.

    Wrong variables and a missing package are announced, and the program runs without spans. At the end, the exporters
    have `CLOSING` seconds.
    """
    with _reported(announce):
        opened = _opened(program, announce)
        if opened is None:
            yield None
            return
        with ending.closing(opened.close):
            try:
                yield opened.spans
            finally:
                opened.close()


@value(frozen=True, slots=True)
class _Opened:
    """A provider with its exporters."""

    provider: TracerProvider
    exporters: Sequence[SpanExporter]
    spans: Spans

    def close(self) -> None:
        """Send what is left, for a bounded time: a collector that does not answer keeps nobody waiting."""
        thread = Thread(target=self.provider.shutdown, name="witkit-telemetry", daemon=True)
        thread.start()
        thread.join(CLOSING)
        if thread.is_alive():
            for each in self.exporters:
                each.shutdown()


def _opened(program: str, announce: Callable[[str], None]) -> _Opened | None:
    """What the environment asks for. Announces why it is not possible."""
    try:
        wanted = exporters(os.environ)
        if not wanted:
            return None
        from .spans import Spans

        provider, made = _provider(wanted, program)
        return _Opened(provider, made, Spans(provider.get_tracer("witkit", __version__)))
    except ImportError as missing:
        announce(f"no spans are sent: `{missing.name}` is not installed: pip install 'witkit[telemetry]'")
    except ValueError as wrong:
        announce(f"no spans are sent: {masked_by_form(visible(str(wrong)))}")
    return None


def spans_of_process() -> Spans | None:
    """What makes spans with the tracer provider that this process has set for itself; None if it has not."""
    if "opentelemetry.trace" not in sys.modules:
        return None
    from opentelemetry import trace

    provider = trace.get_tracer_provider()
    if isinstance(provider, trace.ProxyTracerProvider):
        return None
    from .spans import Spans

    return Spans(provider.get_tracer("witkit", __version__))


@contextmanager
def run_span(spans: Spans | None, name: str) -> Iterator[Begun | None]:
    """The span of a run. Its parent is in the environment variable TRACEPARENT, if there is one."""
    carrier = {name.lower(): os.environ[name] for name in ("TRACEPARENT", "TRACESTATE") if name in os.environ}
    with spans.around(f"run {name}", "internal", carrier, {}) if spans is not None else nullcontext() as begun:
        yield begun


def _provider(wanted: Sequence[str], program: str) -> tuple[TracerProvider, list[SpanExporter]]:
    """A provider and its exporters. Raises ImportError and ValueError."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor

    resource = Resource.create()
    if str(resource.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: program}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    made: list[SpanExporter] = []
    if "console" in wanted:
        # Standard output is the guest's.
        made.append(ConsoleSpanExporter(out=sys.stderr, formatter=lambda span: f"{span.to_json(indent=None)}\n"))
        provider.add_span_processor(SimpleSpanProcessor(made[-1]))
    if "otlp" in wanted:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        made.append(OTLPSpanExporter())
        provider.add_span_processor(BatchSpanProcessor(made[-1]))
    return provider, made


class _Reported(logging.Handler):
    """Announces what OpenTelemetry's own log says, each line once and without a traceback."""

    def __init__(self, announce: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._announce, self._said = announce, set[str]()

    def emit(self, record: logging.LogRecord) -> None:
        """Announce one record."""
        text = visible(masked_by_form(" ".join(record.getMessage().split())))
        if record.msg not in self._said:
            self._said.add(record.msg)
            self._announce(f"telemetry: {text}")


@contextmanager
def _reported(announce: Callable[[str], None]) -> Iterator[None]:
    log, handler = logging.getLogger("opentelemetry"), _Reported(announce)
    before, log.propagate = log.propagate, False
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.propagate = before
