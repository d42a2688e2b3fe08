"""Messages that are pushed: at least once, with back-off and dead letters, whatever the guest does."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.backends.messaging.backends import ALL, Backend, backend_of
from tests.conftest import REPOSITORY
from tests.run.conftest import Guest
from tests.run.in_thread import SOON
from tests.run.projects import project
from tests.run.pushing import BROKER, served, subscription
from witkit.backends.connect import Choice
from witkit.backends.fronts.wasmcloud.messaging import Consumer
from witkit.backends.messaging.headers import Headers
from witkit.backends.messaging.protocol import Messages
from witkit.backends.selector import Selector
from witkit.cli.launching import logged
from witkit.program import serving
from witkit.program.triggers.messages.settings import Subscription
from witkit.runtime import Limits
from witkit.text import WitkitError

WASI = """
import time
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import producer, types

class IncomingHandler(exports.IncomingHandler):
    def handle(self, message):
        data = message.data()
        if data.startswith(b"e"):
            raise Err(types.Error_Other("no luck"))
        if data.startswith(b"t"):
            raise RuntimeError("broken")
        client = types.Client.connect("broker")
        producer.send(client, "done", types.Message(message.topic().encode() + b":" + data))
"""
WASMCLOUD = """
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import consumer, types

class Handler(exports.Handler):
    def handle_message(self, msg):
        if msg.body.startswith(b"e"):
            raise Err("no luck")
        if msg.body.startswith(b"t"):
            raise RuntimeError("broken")
        consumer.publish(types.BrokerMessage("done", msg.subject.encode() + b":" + msg.body, None))
"""


@pytest.fixture(params=ALL)
def backend(request: pytest.FixtureRequest) -> Backend:
    return backend_of(request.param, request)


@pytest.fixture
def choice(backend: Backend) -> Choice:
    return Choice(backend.name, backend.settings)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.WARNING, "witkit.messages"):
        yield caplog


def test_a_message_is_handled_and_acknowledged(guest: Guest, choice: Choice) -> None:
    with served(guest("pushed"), choice) as here:
        here.listen("done", name="")
        here.publish(b"\x00tea\n\xff", b"2", b"3")
        assert here.received("done", 3) == [b"\x00tea\n\xff", b"2", b"3"]
        assert here.nothing("done")


ANSWERING = """
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import producer, request_reply, types

class IncomingHandler(exports.IncomingHandler):
    def handle(self, message):
        client = types.Client.connect("broker")
        if message.topic() == "prices":
            reply = types.Message(b"3 " + message.data())
            reply.set_content_type("text/price")
            reply.set_metadata(message.metadata() or [])
            request_reply.reply(message, reply)
            return
        if message.data() == b"e":
            raise Err(types.Error_Other("no luck"))
        question = types.Message(message.data())
        question.add_metadata("kind", message.content_type())
        [answer] = request_reply.request(client, "prices", question, None)
        assert answer.content_type() == "text/price"
        done = types.Message(answer.data())
        done.set_metadata(answer.metadata())
        producer.send(client, "done", done)
"""


def test_guests_request_and_reply_and_dead_letters_keep_headers(tmp_path: Path) -> None:
    world = "world app { include wasi:messaging/messaging-request-reply@0.2.0-draft; }"
    path = project(tmp_path, world, ANSWERING, "wasi-messaging")
    choice, headers = Choice("sqlite", {"path": tmp_path / "messages.db"}), Headers("drink", metadata={"a": "1"})
    with served(path, choice, subscription(topic="prices")), served(path, choice, subscription(attempts=1)) as here:
        here.listen("done")
        here.listen("orders.dead")
        here.messages.publish(BROKER, "orders", b"tea", headers)
        done = here.one("done")
        assert (done.message, done.headers) == (b"3 tea", Headers(metadata={"kind": "drink"}))
        here.messages.publish(BROKER, "orders", b"e", headers)
        assert here.one("orders.dead").headers == headers


REPLYING = """
import wit_world
from wit_world import exports
from wit_world.imports import consumer, types

class Handler(exports.Handler):
    def handle_message(self, msg):
        if msg.reply_to is not None:
            consumer.publish(types.BrokerMessage(msg.reply_to, b"3 " + msg.body, None))
"""


def test_a_wasmcloud_guest_replies_and_a_program_requests(tmp_path: Path) -> None:
    world = "world app { include wasmcloud:messaging/service@0.2.0; }"
    path = project(tmp_path, world, REPLYING, "wasmcloud-messaging")
    with served(path, None, subscription(topic="prices", name="")) as here:
        consumer = Consumer(Selector(here.messages))
        assert consumer.request("prices", b"tea", 60_000).body == b"3 tea"


def test_a_wasmcloud_guest_replies_to_the_broker_that_asked(tmp_path: Path) -> None:
    world = "world app { include wasmcloud:messaging/service@0.2.0; }"
    path = project(tmp_path, world, REPLYING, "wasmcloud-messaging")
    with served(path, None, subscription(topic="prices")) as here:
        here.listen("answers")
        asked = Headers("drink", "answers", {"Correlation-Id": "7", "kind": "green"})
        here.messages.publish(BROKER, "prices", b"tea", asked)
        received = here.one("answers")
        assert (received.message, received.headers) == (b"3 tea", Headers(metadata={"Correlation-Id": "7"}))


def test_failed_messages_come_again_and_then_are_dead(
    guest: Guest, choice: Choice, log: pytest.LogCaptureFixture
) -> None:
    with served(guest("pushed"), choice, subscription(attempts=2)) as here:
        here.listen("orders.dead")
        here.listen("done", name="")
        here.publish(b"e1", b"good", b"t1")
        assert here.received("done", 1) == [b"good"]
        assert sorted(here.received("orders.dead", 2)) == [b"e1", b"t1"]
    text = log.text
    assert "attempt 1 of 2: the guest returned 'no luck'" in text
    assert "`unreachable`" in text
    assert text.count("it is in `orders.dead`") == 2


def test_dead_letters_are_kept_for_the_group(guest: Guest, choice: Choice) -> None:
    with served(guest("pushed"), choice, subscription(attempts=1)) as here:
        here.listen("done", name="")
        here.publish(b"e1", b"good")
        here.received("done", 1)
        here.listen("orders.dead", group="workers")
        assert here.received("orders.dead", 1) == [b"e1"]


def test_wasis_handler_has_the_topic_and_sends(guest: Guest) -> None:
    with served(guest("incoming"), None, subscription(attempts=1)) as here:
        here.listen("done", name="")
        here.listen("orders.dead")
        here.publish(b"cup")
        assert here.received("done", 1) == [b"cup"]
        here.publish(b"e", b"t", b"2")
        assert here.received("done", 1) == [b"2"]
        assert here.received("orders.dead", 2) == [b"e", b"t"]


@pytest.mark.parametrize(
    ("app", "world", "package", "broker"),
    [
        (WASI, "include wasi:messaging/messaging-core@0.2.0-draft;", "wasi-messaging", "broker"),
        (WASMCLOUD, "include wasmcloud:messaging/service@0.2.0;", "wasmcloud-messaging", ""),
    ],
)
def test_guests_under_python_handle_messages(app: str, world: str, package: str, broker: str, tmp_path: Path) -> None:
    path = project(tmp_path, f"world app {{ {world} }}", app, package)
    with served(path, None, subscription(attempts=1)) as here:
        here.listen("done", name=broker)
        here.listen("orders.dead")
        here.publish(b"cup", b"e", b"t", b"2")
        assert here.received("done", 2) == [b"orders:cup", b"orders:2"]
        assert here.received("orders.dead", 2) == [b"e", b"t"]


def test_lines_of_log_and_trace_have_the_id_of_the_attempt(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    fails = WASMCLOUD + "        raise Err('no luck')\n"
    path = project(tmp_path, "world app { include wasmcloud:messaging/service@0.2.0; }", fails, "wasmcloud-messaging")
    trace = list[str]()
    with served(path, None, subscription(attempts=2), trace=trace.append) as here:
        here.listen("orders.dead")
        here.publish(b"1")
        here.one("orders.dead")
    ids = re.findall(r" id=(\w{16})$", log.text, re.MULTILINE)
    assert len(set(ids)) == 2
    assert re.findall(r"id=(\w{16})", "\n".join(trace)) == ids


def test_lines_of_log_in_json_have_the_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project(
        tmp_path, "world app { include wasmcloud:messaging/service@0.2.0; }", WASMCLOUD, "wasmcloud-messaging"
    )
    with logged("json"), served(path, None, subscription(attempts=1)) as here:
        here.listen("orders.dead")
        here.publish(b"e")
        here.one("orders.dead")
    [line] = [json.loads(each) for each in capsys.readouterr().err.splitlines()]
    assert (line["level"], line["logger"]) == ("ERROR", "witkit.messages")
    assert line["message"].endswith(f" id={line['id']}")
    assert datetime.fromisoformat(line["time"]).tzinfo is not None


def test_what_a_backend_logs_has_the_id_of_the_attempt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asks = """
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import http_client, http_types

class Handler(exports.Handler):
    def handle_message(self, msg):
        http_client.request(http_types.Request(http_types.Method.GET, "http://127.0.0.1/", [], [], None))
"""
    world = "world app { include wasmcloud:messaging/service@0.2.0; import spiderlightning:http/http-client@0.5.1; }"
    path = project(tmp_path, world, asks, "wasmcloud-messaging", "http")
    with logged(), served(path, None, subscription(attempts=1)) as here:
        here.listen("orders.dead")
        here.publish(b"e")
        here.one("orders.dead")
    refused, failed = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"witkit: WARNING: http-client request: .* is not in `allow` id=\w{16}", refused)
    assert failed.startswith("witkit: ERROR: a message of `orders` failed, ")
    assert [each.count(" id=") for each in (refused, failed)] == [1, 1]
    assert refused[-16:] == failed[-16:]


def test_a_message_that_takes_too_long_is_a_failed_one(guest: Guest, log: pytest.LogCaptureFixture) -> None:
    with served(guest("pushed"), None, subscription(attempts=1), limits=Limits(timeout=4)) as here:
        here.listen("orders.dead")
        here.listen("done", name="")
        here.publish(b"s", b"2")
        assert here.received("done", 1) == [b"2"]
        assert here.received("orders.dead", 1) == [b"s"]
    assert "longer than its timeout" in log.text


def failing_once(monkeypatch: pytest.MonkeyPatch, messages: Messages, method: str) -> list[Exception]:
    """Have a method of a backend raise what no backend should, once. Gives what it has raised."""
    works, raised = getattr(messages, method), list[Exception]()

    def failing(*arguments: Any) -> Any:
        if not raised:
            raised.append(KeyError("a mistake"))
            raise raised[0]
        return works(*arguments)

    monkeypatch.setattr(messages, method, failing)
    return raised


def test_a_mistake_of_a_backend_fails_one_attempt_and_the_subscription_goes_on(
    guest: Guest, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    with served(guest("pushed"), None, subscription(attempts=2)) as here:
        here.listen("done", name="")
        raised = failing_once(monkeypatch, here.messages, "acknowledge")
        here.publish(b"1")
        while not raised:
            Event().wait(0.01)
        assert here.received("done", 2) == [b"1", b"1"]
        here.publish(b"2")
        assert here.received("done", 1) == [b"2"]
    assert "failed, attempt 1 of 2: KeyError: 'a mistake'; it comes again after 0.01 s" in log.text


def test_a_mistake_while_receiving_is_reported_and_the_subscription_goes_on(
    guest: Guest, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    with served(guest("pushed"), None, subscription()) as here:
        here.listen("done", name="")
        raised = failing_once(monkeypatch, here.messages, "receive")
        while not raised:
            Event().wait(0.01)
        here.publish(b"1")
        assert here.received("done", 1) == [b"1"]
    assert "messages of `orders`: KeyError: 'a mistake'" in log.text
    assert "messages of `orders` can be received again" in log.text


def test_without_a_topic_for_dead_letters_they_are_dropped(guest: Guest, log: pytest.LogCaptureFixture) -> None:
    with served(guest("pushed"), None, subscription(attempts=1, dead="")) as here:
        here.listen("done", name="")
        here.publish(b"e", b"2")
        here.received("done", 1)
    assert "no luck'; dropped" in log.text


def test_a_thousand_subscriptions_need_no_thread_each(guest: Guest) -> None:
    topics = [f"orders-{number}" for number in range(1000)]
    with served(guest("pushed"), None, *(subscription(topic=each) for each in topics), size=2) as here:
        here.listen("done", name="")
        for topic in topics:
            here.publish(topic.encode(), topic=topic)
        assert sorted(here.received("done", 1000)) == sorted(each.encode() for each in topics)


def test_no_more_messages_are_taken_than_can_be_handled(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "GRACE", 0)
    with served(guest("pushed"), None, subscription(parallel=8), size=2) as here:
        here.publish(*[b"s"] * 6)
        while here.application.pool.running < 2:
            Event().wait(0.01)
        here.listen("orders", group="workers")
        assert here.received("orders", 4) == [b"s"] * 4
        assert here.nothing("orders")


def test_no_more_messages_are_taken_than_may_be_in_memory(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "GRACE", 0)
    with served(guest("pushed"), None, subscription(parallel=8), size=2, bytes=100) as here:
        here.publish(b"s" * 100, b"s", b"s")
        while not here.application.pool.running:
            Event().wait(0.01)
        here.listen("orders", group="workers")
        assert here.received("orders", 1) == [b"s"]


def test_a_message_that_is_interrupted_at_the_end_goes_back(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "GRACE", 0)
    with served(guest("pushed"), None, subscription()) as here:
        here.publish(b"s")
        while not here.application.pool.running:
            Event().wait(0.01)
        back = Event()
        give_back = here.messages.give_back

        def given_back(*given: Any) -> None:
            give_back(*given)
            back.set()

        monkeypatch.setattr(here.messages, "give_back", given_back)
        here.end.set()
        assert back.wait(SOON)


def test_what_is_served_is_announced_as_the_page_shows(
    guest: Guest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (REPOSITORY / "docs" / "serve.md").read_text(encoding="utf-8")
    session = page.partition("$ witkit serve worker.wasm")[2].partition("```")[0]
    shown = [line.removeprefix("witkit: ") for line in session.splitlines() if line.startswith("witkit: ")]
    monkeypatch.chdir(tmp_path)
    shutil.copy(guest("pushed"), "worker.wasm")
    with served(Path("worker.wasm"), Choice("sqlite"), Subscription("orders")) as here:
        assert here.lines == shown


def test_a_guest_without_anything_to_serve_is_refused(guest: Guest) -> None:
    with pytest.raises(WitkitError) as refused, served(guest("library")):
        pass
    (said,) = refused.value.diagnostics
    assert said.code == "WIT0810"
    assert "wasi:messaging/incoming-handler@0.2.0-draft" in said.help
