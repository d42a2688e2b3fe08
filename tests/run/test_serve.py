"""`witkit serve` as a command: its configuration, and how it ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from tests.run.conftest import Guest, Witkit
from tests.run.projects import project
from tests.run.test_signals import SIGNALS, wait_for
from witkit.backends.connect import Choice
from witkit.backends.messaging.protocol import Messages
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES
from witkit.program.project import examine_configuration

SLOW = """
import sys, time
import wit_world
from wit_world import exports
from wit_world.imports import consumer, types

class Handler(exports.Handler):
    def handle_message(self, msg):
        sys.stdout.write("holding\\n")
        sys.stdout.flush()
        time.sleep(1)
        consumer.publish(types.BrokerMessage("done", msg.body, None))
"""


def started(folder: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "witkit", "serve", *map(str, arguments)]
    environment = {**os.environ, "WITKIT_CACHE_DIR": str(folder / "cache")}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def messages(tmp_path: Path) -> Messages:
    """The broker of the programs below."""
    from contextlib import ExitStack

    choice = Choice("sqlite", {"path": tmp_path / ".witkit" / "messages.db"})
    found: Any = Openings(ExitStack()).open(CAPABILITIES["messaging"], choice)
    return cast(Messages, found)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_lets_the_call_end_and_takes_no_other_one(
    number: signal.Signals, code: int, tmp_path: Path, messages: Messages
) -> None:
    app = project(tmp_path, "world app { include wasmcloud:messaging/service@0.2.0; }", SLOW, "wasmcloud-messaging")
    done = messages.subscribe("", "done")
    process = started(tmp_path, "--backend", "messaging=sqlite", "--subscribe", "orders", app)
    wait_for(process.stderr, f"witkit: serving {app}: end with Ctrl-C\n")
    messages.publish("", "orders", b"1")
    messages.publish("", "orders", b"2")
    wait_for(process.stdout, "holding\n")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, "", "")
    received = messages.receive(done, 0)
    assert received is not None
    assert received.message == b"1"
    again = messages.receive(messages.subscribe("", "orders", "app"), 60)
    assert again is not None
    assert again.message == b"2"


ANSWERING = """
import sys, time
from wit_world import exports
from wit_world.imports.http_types import Request, Response

class HttpHandler(exports.HttpHandler):
    def handle_http(self, req: Request) -> Response:
        sys.stdout.write("begun\\n")
        sys.stdout.flush()
        time.sleep(1)
        return Response(200, None, req.uri.encode())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_signal_lets_the_answer_be_sent_and_ends_the_program(tmp_path: Path) -> None:
    app = project(tmp_path, "world slow { export spiderlightning:http/http-handler@0.5.1; }", ANSWERING, "http")
    (tmp_path / "witkit.toml").write_text('[http]\naddress = "127.0.0.1:0"\naccess-log = "json"\n')
    process = started(tmp_path, app)
    connection = http.client.HTTPConnection(address_of(process), timeout=60)
    connection.request("GET", "/slow", headers={"x-request-id": "last"})
    wait_for(process.stdout, "begun\n")
    process.send_signal(signal.SIGTERM)
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, b"/slow")
    connection.close()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 143
    [line] = err.splitlines()
    logged = json.loads(line)
    assert (logged["id"], logged["status"], logged["path"]) == ("last", 200, "/slow")


def address_of(process: subprocess.Popen[str]) -> str:
    """The address at which a process answers requests, once it serves."""
    assert process.stderr is not None
    address = ""
    while "serving" not in (line := process.stderr.readline()):
        assert line, "the program has ended"
        if found := re.search(r"requests are answered at http://(\S+)", line):
            address = found[1]
    return address


def test_all_mistakes_are_reported_before_anything_is_served(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(
        "[instances]\nsize = 0\nkind = 1\n[[messaging.subscriptions]]\ntopc = 'orders'\nattempts = 0\n"
    )
    answer = witkit("serve", guest("pushed"))
    assert answer.code == 2
    for said in (
        "`size` must be a whole number from 1",
        "`instances` has no key `kind`",
        "has no key `topc`",
        "needs `topic`",
        "`attempts` must be",
    ):
        assert said in answer.err


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[[messaging.subscriptions]]\ntopic = ''\n", "`topic` must not be empty"),
        ("[[messaging.subscriptions]]\ntopic = 3\n", "`topic` must be a string"),
        ("[messaging.subscriptions]\ntopic = 'orders'\n", "each with the header `[[messaging.subscriptions]]`"),
    ],
)
def test_a_wrong_topic_is_not_reported_as_a_missing_one_too(
    witkit: Witkit, guest: Guest, tmp_path: Path, written: str, said: str
) -> None:
    (tmp_path / "witkit.toml").write_text(written)
    answer = witkit("serve", guest("pushed"))
    assert answer.code == 2
    assert said in answer.err
    assert answer.err.count("error[") == 1


@pytest.mark.parametrize(
    ("more", "code"), [("", 2), ("group = 'workers'", 2), ("name = 'other'", 0), ("group = 'others'", 0)]
)
def test_two_subscriptions_of_a_group_to_a_topic_are_a_mistake(more: str, code: int, tmp_path: Path) -> None:
    same = "group = 'workers'" if more.startswith("group") else ""
    tables = [f"[[messaging.subscriptions]]\ntopic = 'orders'\n{each}\n" for each in (same, more)]
    (tmp_path / "witkit.toml").write_text("".join(tables))
    problems = examine_configuration(tmp_path / "witkit.toml").problems
    assert len(problems) == (code == 2)
    if problems:
        assert problems[0].message == "`orders` is subscribed to twice for the same group"


def test_a_topic_without_a_name_is_wrong_use(witkit: Witkit, guest: Guest) -> None:
    answer = witkit("serve", guest("pushed"), "--subscribe", "")
    assert answer.code == 2
    assert "a topic must not be empty" in answer.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_log_and_trace_in_json_have_the_id_of_the_attempt(tmp_path: Path, messages: Messages) -> None:
    fails = SLOW + "        raise ValueError('boom')\n"
    (tmp_path / "witkit.toml").write_text("[[messaging.subscriptions]]\ntopic = 'orders'\nattempts = 1\n")
    app = project(tmp_path, "world app { include wasmcloud:messaging/service@0.2.0; }", fails, "wasmcloud-messaging")
    process = started(tmp_path, "--log-format", "json", "--trace", app)
    wait_for(process.stderr, f"witkit: serving {app}: end with Ctrl-C\n")
    dead = messages.subscribe("", "orders.dead")
    messages.publish("", "orders", b"1")
    assert messages.receive(dead, 60) is not None
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    call, failure = map(json.loads, err.splitlines())
    assert (call["logger"], call["level"]) == ("witkit.trace", "DEBUG")
    assert call["message"].startswith('wasmcloud:messaging/consumer@0.2.0#publish({subject: "done"')
    assert (failure["logger"], failure["level"]) == ("witkit.messages", "ERROR")
    assert call["id"] == failure["id"] != ""


POISON = """
import sys, time
import wit_world
from wit_world import exports

class Handler(exports.Handler):
    def handle_message(self, msg):
        sys.stdout.write(msg.body.decode() + "\\n")
        sys.stdout.flush()
        if msg.body == b"poison":
            time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_message_that_ends_each_process_is_a_dead_letter_at_last(tmp_path: Path, messages: Messages) -> None:
    """As one does for which a component takes all memory of its machine."""
    (tmp_path / "witkit.toml").write_text(
        "[messaging]\nagain = 0.2\n[[messaging.subscriptions]]\ntopic = 'orders'\nattempts = 1\n"
    )
    app = project(tmp_path, "world app { include wasmcloud:messaging/service@0.2.0; }", POISON, "wasmcloud-messaging")
    messages.subscribe("", "orders", "app")
    dead = messages.subscribe("", "orders.dead")
    messages.publish("", "orders", b"poison")
    for _ in range(2):
        with started(tmp_path, "-q", app) as victim:
            wait_for(victim.stdout, "poison\n")
            victim.kill()
    with started(tmp_path, "-q", app) as process:
        buried = messages.receive(dead, 60)
        messages.publish("", "orders", b"fine")
        wait_for(process.stdout, "fine\n")
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert buried is not None
    assert buried.message == b"poison"
    assert "attempt 3 of 1: the processes that got it have ended without an answer; it is in `orders.dead`" in err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_options_for_what_the_guest_does_not_have_are_announced(tmp_path: Path) -> None:
    app = project(tmp_path, "world app { include wasmcloud:messaging/service@0.2.0; }", SLOW, "wasmcloud-messaging")
    options = ("--monitoring", "127.0.0.1:0", "--address", "127.0.0.1:0", "--subscribe", "orders")
    process = started(tmp_path, *options, app)
    said = []
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line)
        if "end with Ctrl-C" in line:
            break
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert "witkit: without effect for this guest: `--address`\n" in said
    assert any(line.startswith("witkit: health and metrics are at http://127.0.0.1:") for line in said)


def test_a_handler_without_a_topic_has_nothing_to_do(witkit: Witkit, guest: Guest) -> None:
    answer = witkit("serve", guest("pushed"))
    assert answer.code == 1
    assert "WIT0810" in answer.err
    assert "--subscribe TOPIC" in answer.err


def test_the_error_names_what_can_be_served(witkit: Witkit, guest: Guest) -> None:
    answer = witkit("serve", guest("library"))
    assert answer.code == 1
    assert "messages: `wasi:messaging/incoming-handler@0.2.0-draft`, `wasmcloud:messaging/handler@0.2.0`" in answer.err


def test_a_project_with_subscriptions_can_run_other_programs(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text("[[messaging.subscriptions]]\ntopic = 'orders'\n[instances]\nsize = 2\n")
    assert witkit("run", "-q", "--key-value", "memory", guest("counter")).code == 0
