"""CloudEvents that come by HTTP, sent by another implementation."""

from __future__ import annotations

import http.client
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from tests.program.http.serving import Answer, answer, serving
from tests.run.projects import project
from tests.runtime import guests
from witkit.program.pool import PoolSettings
from witkit.program.project import Configuration
from witkit.program.serving import serve
from witkit.program.settings import RunSettings
from witkit.program.triggers.http.addresses import Address
from witkit.program.triggers.http.opened import open_http
from witkit.program.triggers.http.settings import HttpSettings
from witkit.program.triggers.table import triggers
from witkit.text import WitkitError

WORLD = "export spiderlightning:events/event-handler@0.5.1;"
HTTP = "export spiderlightning:http/http-handler@0.5.1;"
APP = """
import dataclasses
import wit_world
from componentize_py_types import Err
from wit_world import exports

class EventHandler(exports.EventHandler):
    def handle_event(self, ev):
        if ev.ty == "com.example.fails":
            raise Err("hidden-reason")
        if ev.ty == "com.example.silent":
            return None
        if ev.ty == "com.example.wrong":
            return dataclasses.replace(ev, source="not a URI")
        data = repr(ev.data).encode()
        return dataclasses.replace(ev, id=f"answer to {ev.id}", data=data, datacontenttype="text/plain")
"""
ANSWERING = """
from wit_world.imports.http_types import Request, Response

class HttpHandler(exports.HttpHandler):
    def handle_http(self, req: Request) -> Response:
        return Response(200, None, req.uri.encode())
"""
EVENT = ["specversion", "ty", "source", "id"], ["datacontenttype", "dataschema", "subject", "time"]
ECHO = guests.component(
    f"""package t:echo;
    package spiderlightning:events@0.5.1 {{
      interface types {{
        record event {{
          {", ".join(f"{name}: string" for name in EVENT[0])}, data: option<list<u8>>,
          {", ".join(f"{name}: option<string>" for name in EVENT[1])}
        }}
      }}
      interface event-handler {{
        use types.{{event}};
        handle-event: func(ev: event) -> result<option<event>, string>;
      }}
    }}
    world w {{ export spiderlightning:events/event-handler@0.5.1; }}""",
    f"""(module
      {guests.REALLOC}
      (func (export "spiderlightning:events/event-handler@0.5.1#handle-event") (param $event i32) (result i32)
        (i32.store8 (i32.const 20) (i32.const 1))
        (memory.copy (i32.const 24) (local.get $event) (i32.const 92))
        (i32.const 16)))""",
)
"""A component that returns each event: 92 bytes, which it gets and gives at an address."""
SETTINGS = HttpSettings(address=Address("127.0.0.1", 0), events="/events")


@dataclass
class Site:
    """A served guest, and what it has announced."""

    lines: list[str]

    def ask(self, method: str, path: str, message: HTTPMessage | None = None) -> Answer:
        [url] = [line.rpartition("http://")[2] for line in self.lines if "at http://" in line]
        connection = http.client.HTTPConnection(url.partition("/")[0], timeout=60)
        given = message or HTTPMessage({}, b"")
        connection.request(method, path, given.body, given.headers)
        found = answer(connection.getresponse())
        connection.close()
        return found

    def post(self, message: HTTPMessage) -> Answer:
        return self.ask("POST", "/events", message)


@contextmanager
def served(path: Path, http: HttpSettings = SETTINGS) -> Iterator[Site]:
    announced, ended, raised, lines = Queue[str](), Event(), list[Exception](), list[str]()
    configured = {each.name: each.read(Configuration(http=http), {}) for each in triggers()}

    def run() -> None:
        try:
            serve(path, RunSettings(announce=announced.put), PoolSettings(), configured, ended=ended)
        except Exception as problem:
            raised.append(problem)
            announced.put("serving nothing")

    thread = Thread(target=run)
    thread.start()
    try:
        while not lines or not lines[-1].startswith("serving"):
            lines.append(announced.get(timeout=60))
        if raised:
            raise raised[0]
        yield Site(lines)
    finally:
        ended.set()
        thread.join()


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return project(tmp_path, f"world app {{ {WORLD} }}", APP, "events")


@pytest.fixture
def site(app: Path) -> Iterator[Site]:
    with served(app) as site:
        yield site


def event(type: str = "com.example.placed", data: Any = None, **attributes: Any) -> CloudEvent:
    return CloudEvent({"type": type, "source": "/shop", "id": "7 é", **attributes}, data)


def test_events_in_both_modes_are_handled_and_answered_in_the_same_mode(site: Site) -> None:
    sent = event(data={"item": "tea"}, datacontenttype="application/json", subject="100 %", seven="7")
    for write, kind in ((to_structured_event, "application/cloudevents+json"), (to_binary_event, "text/plain")):
        found = site.post(write(sent))
        assert (found.status, found.header("content-type")) == (200, [kind])
        answered = from_http_event(HTTPMessage(dict(found.headers), found.body))
        assert (answered.get_id(), answered.get_source(), answered.get_subject()) == ("answer to 7 é", "/shop", "100 %")
        assert json.loads(str(answered.get_data()).removeprefix("b'").removesuffix("'")) == {"item": "tea"}


def test_a_component_gets_and_returns_every_attribute(tmp_path: Path) -> None:
    path = tmp_path / "echo.wasm"
    path.write_bytes(ECHO)
    sent = event(
        data="tea",
        datacontenttype="text/plain",
        dataschema="https://shop.example/tea",
        subject="é",
        time=datetime.now(UTC),
    )
    with served(path) as site:
        found = site.post(to_binary_event(sent))
    assert found.status == 200
    answered = from_http_event(HTTPMessage(dict(found.headers), found.body))
    assert (answered.get_attributes(), answered.get_data()) == (sent.get_attributes(), sent.get_data())


def test_every_byte_of_data_arrives(site: Site) -> None:
    data = bytes(range(256))
    for write in (to_structured_event, to_binary_event):
        found = site.post(write(event(data=data, datacontenttype="application/octet-stream")))
        text: Any = from_http_event(HTTPMessage(dict(found.headers), found.body)).get_data()
        assert text == repr(data)


def test_an_event_without_an_answer_is_accepted(site: Site) -> None:
    found = site.post(to_binary_event(event("com.example.silent")))
    assert (found.status, found.body) == (204, b"")


@pytest.mark.parametrize("type", ["com.example.fails", "com.example.wrong"])
def test_an_event_that_is_not_handled_is_a_failure_for_its_sender(
    type: str, app: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "witkit.http"), served(app) as site:
        found = site.post(to_binary_event(event(type)))
    assert (found.status, found.body) == (500, b"Internal Server Error\n")
    said = {"com.example.fails": "the guest returned 'hidden-reason'", "com.example.wrong": "`source` is not a URI"}
    assert said[type] in caplog.text


BINARY = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/shop", "ce-type": "placed"}


@pytest.mark.parametrize(
    ("headers", "body", "status", "said"),
    [
        ({}, b"tea", 400, b"`specversion` is missing"),
        ({**BINARY, "ce-source": "not a URI"}, b"", 400, b"`source` is not a URI reference"),
        ({**BINARY, "ce-specversion": "0.3"}, b"", 400, b"`specversion` is not `1.0`"),
        ({"content-type": "application/cloudevents+json"}, b"{", 400, b"the event is not JSON"),
        ({"content-type": "application/cloudevents-batch+json"}, b"[]", 415, b"batches"),
        ({"content-type": "application/cloudevents+xml"}, b"<a/>", 415, b"other formats than JSON"),
    ],
)
def test_what_is_not_an_event_is_refused_with_the_attribute(
    headers: dict[str, str], body: bytes, status: int, said: bytes, site: Site
) -> None:
    found = site.post(HTTPMessage(headers, body))
    assert found.status == status
    assert said in found.body


def test_other_methods_and_paths_are_refused(site: Site) -> None:
    refused = site.ask("GET", "/events")
    assert (refused.status, refused.header("allow")) == (405, ["OPTIONS, POST"])
    options = site.ask("OPTIONS", "/events")
    assert (options.status, options.header("allow")) == (204, ["OPTIONS, POST"])
    assert site.ask("POST", "/", to_binary_event(event())).status == 404


def test_events_have_the_limits_of_requests(app: Path) -> None:
    with served(app, replace(SETTINGS, body=100)) as site:
        assert site.post(to_binary_event(event("com.example.silent", b"1" * 100))).status == 204
        assert site.post(to_binary_event(event("com.example.silent", b"1" * 101))).status == 413


def test_a_guest_that_answers_requests_too_has_one_server(tmp_path: Path) -> None:
    path = project(tmp_path, f"world app {{ {WORLD} {HTTP} }}", APP + ANSWERING, "events", "http")
    with served(path) as site:
        assert site.post(to_binary_event(event("com.example.silent"))).status == 204
        assert site.ask("GET", "/orders").body == b"/orders"
    with served(path, replace(SETTINGS, events=None)) as site:
        assert site.ask("POST", "/events", to_binary_event(event())).body == b"/events"


def test_an_asgi_application_takes_events_too(tmp_path: Path) -> None:
    path = project(tmp_path, f"world app {{ {WORLD} {HTTP} }}", APP + ANSWERING, "events", "http")
    with open_http(path, RunSettings(), PoolSettings(), SETTINGS) as application, serving(application) as site:
        sent = to_binary_event(event(data=b"tea", datacontenttype="text/plain"))
        headers = {name.replace("-", "_"): value for name, value in sent.headers.items()}
        found = site.ask("POST", "/events", sent.body, **headers)
        assert (found.status, found.body) == (200, b"b'tea'")
        assert site.ask("GET", "/orders").body == b"/orders"


def test_without_a_path_nobody_can_send_events(app: Path) -> None:
    with pytest.raises(WitkitError) as refused, served(app, replace(SETTINGS, events=None)):
        pass
    [said] = refused.value.diagnostics
    assert "a path for CloudEvents: `events` in `[http]`" in said.message
