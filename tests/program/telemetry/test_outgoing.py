"""What a guest sends has the context of its span, and whoever gets it goes on with the trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan

from tests.backends.http_client.servers import serving as answering
from tests.program.http.serving import serving
from tests.program.telemetry.collector import PARENT, TRACE, TRACEPARENT, Exported, id_of, trace_of
from tests.run.projects import project
from tests.run.pushing import served, subscription
from witkit.backends.connect import Choice
from witkit.backends.messaging.headers import NO_HEADERS, Headers
from witkit.backends.messaging.memory import MemoryMessages, MemorySettings
from witkit.backends.messaging.protocol import Received
from witkit.program.pool import PoolSettings
from witkit.program.settings import RunSettings
from witkit.program.telemetry.events import parent
from witkit.program.telemetry.outgoing import TracedMessages
from witkit.program.triggers.http.opened import open_http
from witkit.program.triggers.http.settings import HttpSettings

PASSING_ON = """
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import producer, types

class IncomingHandler(exports.IncomingHandler):
    def handle(self, message):
        if message.topic() == "orders":
            producer.send(types.Client.connect(""), "done", types.Message(message.data()))
        elif message.data() == b"no":
            raise Err(types.Error_Other("no luck"))
"""

ASKING = """
from wit_world import exports
from wit_world.imports import http_client
from wit_world.imports.http_types import Method, Request, Response

class HttpHandler(exports.HttpHandler):
    def handle_http(self, req: Request) -> Response:
        own = [each for each in req.headers if each[0] == "x-own"]
        headers = [("traceparent", own[0][1])] if own else []
        http_client.request(Request(Method.GET, "URL", headers, [], None))
        return Response(200, None, b"done")
"""
WORLD = """
world app {
  import spiderlightning:http/http-client@0.5.1;
  export spiderlightning:http/http-handler@0.5.1;
}
"""


def context(span: ReadableSpan) -> str:
    """The `traceparent` of what is sent within a span."""
    found = span.get_span_context()
    assert found is not None
    return f"00-{trace_of(span)[0]}-{id_of(span)}-{found.trace_flags:02x}"


def test_a_trace_goes_on_from_message_to_message_and_to_the_dead_letters(tmp_path: Path) -> None:
    exported = Exported()
    world = "world app { include wasi:messaging/messaging-core@0.2.0-draft; }"
    app = project(tmp_path, world, PASSING_ON, "wasi-messaging")
    subscriptions = [subscription(topic=topic, name="", attempts=1) for topic in ("orders", "done")]
    with served(app, Choice("memory"), *subscriptions, spans=exported.spans) as here:
        for topic in ("done", "done.dead"):
            here.listen(topic, name="")
        here.messages.publish("", "orders", b"no", Headers(metadata={"traceparent": TRACEPARENT}))
        buried, passed = here.one("done.dead"), here.one("done")
        # What is sent may have been handled before the call that has sent it is over.
        spans = exported.until("process orders", "process done")
    by_name = {each.name: each for each in spans}
    sent, first, second = (
        by_name[name] for name in ("wasi:messaging/producer@0.2.0-draft#send", "process orders", "process done")
    )
    assert trace_of(first) == (TRACE, PARENT)
    assert trace_of(sent) == (TRACE, id_of(first))
    assert passed.headers.metadata == {"traceparent": context(sent)}
    assert trace_of(second) == (TRACE, id_of(sent))
    assert buried.headers == passed.headers


@pytest.mark.parametrize("own", ["", f"00-{PARENT}{PARENT}-{PARENT}-01"])
def test_a_request_that_a_guest_sends_has_the_context_unless_the_guest_sets_one(own: str, tmp_path: Path) -> None:
    exported = Exported()
    with answering() as server:
        app = project(tmp_path, WORLD, ASKING.replace("URL", f"{server.url}/prices"), "http")
        run = RunSettings({"http-client": Choice("network", {"allow": ["127.0.0.1:*"]})}, spans=exported.spans)
        with open_http(app, run, PoolSettings(), HttpSettings()) as application, serving(application) as site:
            own_header: dict[str, Any] = {"x_own": own} if own else {}
            assert site.ask("GET", "/", traceparent=TRACEPARENT, **own_header).body == b"done"
            sent, _ = exported.until("GET")
    assert trace_of(sent)[0] == TRACE
    assert [each.headers.get("traceparent") for each in server.received] == [own or context(sent)]


def test_what_a_guest_sets_itself_stays() -> None:
    exported = Exported()
    plain = MemoryMessages(MemorySettings())
    messages, token = TracedMessages(plain), plain.subscribe("", "orders")
    own = Headers("text/plain", "answers", {"TraceParent": "mine"})
    messages.publish("", "orders", b"1")
    with exported.spans.around("run", "internal", {}, {}):
        messages.publish("", "orders", b"2", own)
        messages.publish("", "orders", b"3", Headers(metadata={"a": "1"}))
    [run] = exported.until("run")
    found = [received.headers for _ in range(3) if (received := plain.receive(token, 0))]
    assert found == [NO_HEADERS, own, Headers(metadata={"a": "1", "traceparent": context(run)})]


def test_a_backend_without_metadata_is_published_to_without_a_context() -> None:
    exported = Exported()
    plain = MemoryMessages(MemorySettings())
    plain.carries_headers = False
    token = plain.subscribe("", "orders")
    with exported.spans.around("run", "internal", {}, {}):
        TracedMessages(plain).publish("", "orders", b"1")
    received = plain.receive(token, 0)
    assert received is not None
    assert received.headers == NO_HEADERS


def test_metadata_come_before_the_event_in_a_message() -> None:
    event = b'{"specversion": "1.0", "traceparent": "event"}'
    assert parent(Received("orders", event)) == {"traceparent": "event"}
    headers = Headers(metadata={"Traceparent": "metadata", "TRACESTATE": "a=b", "other": "c"})
    assert parent(Received("orders", event, headers=headers)) == {"traceparent": "metadata", "tracestate": "a=b"}
