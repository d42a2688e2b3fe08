"""Health and figures of guests that are called for messages."""

from __future__ import annotations

import http.client
import time
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import pytest

from tests.run.in_thread import SOON
from tests.run.projects import project
from tests.run.pushing import served, subscription
from tests.run.watching import ask, figures
from witkit.backends.connect import Choice
from witkit.program.pool import PoolSettings
from witkit.program.project import Configuration
from witkit.program.serving import serve
from witkit.program.settings import RunSettings
from witkit.program.triggers.http.addresses import Address
from witkit.program.triggers.http.settings import HttpSettings
from witkit.program.triggers.meters import new_registry
from witkit.program.triggers.monitoring import Monitored
from witkit.program.triggers.table import triggers
from witkit.text import WitkitError

ANYWHERE = Address("127.0.0.1", 0)
GUEST = """
from componentize_py_types import Err
from wit_world import exports

class Handler(exports.Handler):
    def handle_message(self, msg):
        if msg.body.startswith(b"e"):
            raise Err("no luck")
"""
ANSWERING = """
from wit_world import exports
from wit_world.imports.http_types import Request, Response

class Handler(exports.Handler):
    def handle_message(self, msg):
        pass

class HttpHandler(exports.HttpHandler):
    def handle_http(self, req: Request) -> Response:
        return Response(200, None, b"tea")
"""


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    return project(tmp_path, "world app { include wasmcloud:messaging/service@0.2.0; }", GUEST, "wasmcloud-messaging")


def total(lines: list[str], outcome: str) -> float:
    return figures(lines).get(f'witkit_messages_total{{outcome="{outcome}",topic="orders"}}', 0)


def until(lines: list[str], outcome: str, count: int) -> None:
    deadline = time.monotonic() + SOON
    while total(lines, outcome) < count:
        assert time.monotonic() < deadline, figures(lines)
        time.sleep(0.02)


def test_messages_are_counted_by_what_became_of_them(guest: Path) -> None:
    with served(guest, None, subscription(attempts=2), http=HttpSettings(monitoring=ANYWHERE)) as here:
        assert ask(here.lines, "/healthz") == (200, "ok\n")
        assert total(here.lines, "handled") == 0
        here.publish(b"tea", b"error", b"coffee")
        until(here.lines, "handled", 2)
        until(here.lines, "dead", 1)
        found = figures(here.lines)
        assert found['witkit_messages_seconds_count{topic="orders"}'] == 4
        assert found["witkit_messages_running"] == 0
        assert (total(here.lines, "handled"), total(here.lines, "failed"), total(here.lines, "dead")) == (2, 1, 1)
        assert ask(here.lines, "/else") == (404, "Not Found\n")


def test_a_guest_without_that_setting_has_no_port(guest: Path) -> None:
    with served(guest, None, subscription(), http=HttpSettings()) as here:
        here.listen("orders", group="others")
        here.publish(b"tea")
        assert here.one("orders").message == b"tea"
    assert not [line for line in here.lines if "metrics" in line]


def test_the_port_says_that_the_program_stops_until_it_is_closed() -> None:
    lines: list[str] = []
    port = Monitored(ANYWHERE, new_registry(), lines.append)
    assert ask(lines, "/healthz") == (200, "ok\n")
    port.stop()
    assert ask(lines, "/healthz") == (503, "stopping\n")
    assert ask(lines, "/metrics")[0] == 200
    port.close()
    with pytest.raises(OSError, match="refused"):
        ask(lines, "/healthz")


def test_a_port_that_is_taken_is_an_error(guest: Path) -> None:
    lines: list[str] = []
    other = Monitored(ANYWHERE, new_registry(), lines.append)
    taken = Address.parse(lines[0].removeprefix("health and metrics are at http://").partition("/")[0])
    with (
        pytest.raises(WitkitError, match="WIT0916"),
        served(guest, None, subscription(), http=HttpSettings(monitoring=taken)) as here,
    ):
        here.thread.join(SOON)
    other.close()


def test_a_guest_that_answers_requests_too_has_both_figures_at_one_port(tmp_path: Path) -> None:
    world = "world app { include wasmcloud:messaging/service@0.2.0; export spiderlightning:http/http-handler@0.5.1; }"
    path = project(tmp_path, world, ANSWERING, "wasmcloud-messaging", "http")
    announced, ended, lines = Queue[str](), Event(), list[str]()
    whole = Configuration(http=HttpSettings(address=ANYWHERE, monitoring=ANYWHERE), subscriptions=(subscription(),))
    configured = {each.name: each.read(whole, {}) for each in triggers()}
    settings = RunSettings({"messaging": Choice("memory")}, announced.put)
    thread = Thread(target=serve, args=(path, settings, PoolSettings(), configured), kwargs={"ended": ended})
    thread.start()
    try:
        while not lines or not lines[-1].startswith("serving"):
            lines.append(announced.get(timeout=SOON))
        assert len([line for line in lines if line.startswith("health and metrics")]) == 1
        [url] = [line.rpartition("http://")[2] for line in lines if line.startswith("requests")]
        connection = http.client.HTTPConnection(url, timeout=SOON)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"tea"
        connection.close()
        assert figures(lines)['witkit_messages_total{outcome="handled",topic="orders"}'] == 0
        assert "witkit_http_requests_running" in figures(lines)
    finally:
        ended.set()
        thread.join(SOON)
