"""Requests, messages and runs are spans with those of their imports below them, and without values."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode

from tests.program.http import guests
from tests.program.http.serving import served as served_http
from tests.program.http.serving import serving
from tests.program.telemetry.collector import PARENT, TRACE, TRACEPARENT, Exported, id_of, trace_of
from tests.run.projects import project
from tests.run.pushing import served as served_messages
from tests.run.pushing import subscription
from witkit.backends.connect import Choice
from witkit.backends.messaging.headers import Headers
from witkit.backends.messaging.protocol import Received
from witkit.program.pool import PoolSettings
from witkit.program.settings import RunSettings
from witkit.program.telemetry.events import of_request, parent
from witkit.program.triggers.http.opened import asgi, open_http
from witkit.program.triggers.http.settings import HttpSettings

WORLD = """
world shop {
  import spiderlightning:keyvalue/keyvalue@0.5.1;
  export spiderlightning:http/http-handler@0.5.1;
}
"""
SHOP = """
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import keyvalue
from wit_world.imports.http_types import Request, Response

class HttpHandler(exports.HttpHandler):
    def handle_http(self, req: Request) -> Response:
        store = keyvalue.Keyvalue.open("carts")
        try:
            store.get("hidden-key")
        except Err:
            store.set("hidden-key", b"hidden-value")
        return Response(200, None, b"done")
"""
WORKER = """
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import consumer, types

class Handler(exports.Handler):
    def handle_message(self, msg):
        consumer.publish(types.BrokerMessage("done", b"hidden-value", None))
        if msg.body == b"no":
            raise Err("hidden-reason")
"""
KEYVALUE = "spiderlightning:keyvalue/keyvalue@0.5.1#keyvalue"


def test_a_request_is_a_span_below_its_traceparent_with_its_imports(tmp_path: Path) -> None:
    exported = Exported()
    app = project(tmp_path, WORLD, SHOP, "http", "keyvalue")
    run = RunSettings({"key-value": Choice("memory")}, spans=exported.spans)
    with open_http(app, run, PoolSettings(), HttpSettings()) as application, serving(application) as site:
        answer = site.ask("GET", "/carts/7?token=hidden", traceparent=TRACEPARENT, x_request_id="the-one")
        assert answer.body == b"done"
        *children, request = exported.until("GET")
    assert trace_of(request) == (TRACE, PARENT)
    assert request.kind is SpanKind.SERVER
    assert request.status.status_code is StatusCode.UNSET
    assert dict(request.attributes or {}) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "url.path": "/carts/7",
        "wit.call.id": "the-one",
    }
    assert [(each.name, each.status.status_code.name) for each in children] == [
        (f"{KEYVALUE}.open", "UNSET"),
        (f"{KEYVALUE}.get", "ERROR"),
        (f"{KEYVALUE}.set", "UNSET"),
    ]
    assert {trace_of(each) for each in children} == {(TRACE, id_of(request))}
    assert {(each.attributes or {})["wit.call.id"] for each in children} == {"the-one"}
    assert "hidden" not in all_of([*children, request])


def test_a_request_without_traceparent_begins_a_trace_and_a_failure_is_one(tmp_path: Path) -> None:
    exported = Exported()
    with served_http(guests.routed(), tmp_path, run=RunSettings(spans=exported.spans)) as site:
        assert site.ask("GET", "/fail", traceparent="00-nothing-like-it-01").status == 500
        [failed] = exported.until("GET /fail")
        assert site.ask("GET", "/orders/7").status == 200
        [fine] = exported.until("GET /orders/:id")
        assert site.ask("GET", "/nowhere").status == 404
        [unknown] = exported.until("GET")
    assert {trace_of(each)[1] for each in (failed, fine, unknown)} == {""}
    assert len({trace_of(each)[0] for each in (failed, fine, unknown)}) == 3
    assert [each.status.status_code.name for each in (failed, fine, unknown)] == ["ERROR", "UNSET", "UNSET"]
    assert "1234" not in all_of([failed])


def test_each_attempt_to_handle_a_message_is_a_span(tmp_path: Path) -> None:
    exported = Exported()
    app = project(tmp_path, "world app { include wasmcloud:messaging/service@0.2.0; }", WORKER, "wasmcloud-messaging")
    event = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "placed", "traceparent": TRACEPARENT}
    with served_messages(app, None, subscription(attempts=2), spans=exported.spans) as here:
        here.publish(json.dumps(event).encode())
        published, handled = exported.until("process orders")
        here.publish(b"no")
        first, second = exported.until("process orders"), exported.until("process orders")
    assert trace_of(handled) == (TRACE, PARENT)
    assert trace_of(published) == (TRACE, id_of(handled))
    assert published.name == "wasmcloud:messaging/consumer@0.2.0#publish"
    assert handled.kind is SpanKind.CONSUMER
    assert [(each[-1].attributes or {})["wit.attempt"] for each in (first, second)] == [1, 2]
    assert {each[-1].status.status_code for each in (first, second)} == {StatusCode.ERROR}
    assert {(each[-1].attributes or {})["error.type"] for each in (first, second)} == {"err"}
    assert "hidden" not in all_of([published, handled, *first, *second])


@pytest.mark.parametrize("prefix", ["", "ce-", "ce_", "CE_", "cloudEvents:", "cloudEvents_"])
def test_the_context_of_an_event_in_binary_mode_is_the_parent(prefix: str) -> None:
    metadata = {f"{prefix}traceparent": TRACEPARENT, f"{prefix}tracestate": "a=1", f"{prefix}type": "placed"}
    received = Received("orders", b"tea", headers=Headers(metadata=metadata))
    assert parent(received) == {"traceparent": TRACEPARENT, "tracestate": "a=1"}


def test_the_context_of_a_request_goes_over_that_of_the_event_in_it() -> None:
    event = [("ce-traceparent", TRACEPARENT), ("ce-tracestate", "a=1")]
    assert of_request(event) == {"traceparent": TRACEPARENT, "tracestate": "a=1"}
    assert of_request([*event, ("traceparent", "other")]) == {"traceparent": "other"}


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b'{"specversion": "1.0", "traceparent": 7}',
        b'["specversion", "traceparent"]',
        b'{"specversion" "traceparent"}',
        b'"specversion" "traceparent"' + b"[" * 100_000,
        b'{"traceparent": "00-%s-%s-01"}' % (TRACE.encode(), PARENT.encode()),
    ],
)
def test_other_messages_have_no_parent(message: bytes) -> None:
    assert parent(Received("orders", message)) == {}


def test_an_asgi_application_uses_the_tracer_provider_of_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported = Exported()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "guest.wasm").write_bytes(guests.routed())
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", exported.provider)
    with asgi("guest.wasm") as application, serving(application) as site:
        assert site.ask("GET", "/orders/7", traceparent=TRACEPARENT).status == 200
        [request] = exported.until("GET /orders/:id")
    assert trace_of(request) == (TRACE, PARENT)


def test_without_spans_and_trace_nothing_observes() -> None:
    exported = Exported()
    settings = RunSettings()
    assert settings.observe is None
    assert replace(settings, spans=exported.spans).observe == exported.spans.observe
    assert replace(settings, spans=exported.spans, trace=str).observe is not None


def all_of(spans: list[ReadableSpan]) -> str:
    """Everything that would be exported."""
    return "\n".join(each.to_json() for each in spans)
