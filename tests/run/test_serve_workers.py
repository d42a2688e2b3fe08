"""`witkit serve --workers`: several processes behind one port, which start again, and end together."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.run.conftest import Witkit
from tests.run.projects import project
from witkit.backends.connect import Choice
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no workers on Windows")

SOON = 60.0
"""Seconds that a test waits for what is about to happen."""

WORLD = "world app { export spiderlightning:http/http-handler@0.5.1; }"
APP = """
import os, time
from wit_world import exports
from wit_world.imports.http_types import Request, Response

class HttpHandler(exports.HttpHandler):
    def handle_http(self, req: Request) -> Response:
        if req.uri == "/slow":
            open("begun", "w").close()
            time.sleep(1)
        return Response(200, None, str(os.getpid()).encode())
"""


class Hosts:
    """The process that starts workers, and what it and they have written."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.lines = process, list[str]()

    def until(self, pattern: str) -> re.Match[str]:
        """The next line with this pattern."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if found := re.search(pattern, line):
                return found
        raise AssertionError("".join(self.lines))


WATCHER_WORLD = "world app { export wasi:keyvalue/watcher@0.2.0-draft2; }"
WATCHER = """
import os
from wit_world import exports

class Watcher(exports.Watcher):
    def on_set(self, bucket, key, value):
        with open("seen", "a") as seen:
            seen.write(f"{key}\\n")
    def on_delete(self, bucket, key):
        pass
"""


@contextmanager
def hosts(folder: Path, *arguments: str, guest: tuple[str, str, str] = (WORLD, APP, "http")) -> Iterator[Hosts]:
    """Two workers; `arguments` come after the guest's name."""
    world, source, package = guest
    app = project(folder, world, source, package)
    process = subprocess.Popen(
        [sys.executable, "-m", "witkit", "serve", str(app), "--workers", "2", *arguments],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "WITKIT_CACHE_DIR": str(folder / "cache")},
    )  # fmt: skip
    try:
        yield Hosts(process)
    finally:
        process.kill()
        process.communicate()


def ask(address: str, path: str = "/") -> int:
    """The process that answers a request over a connection of its own."""
    connection = http.client.HTTPConnection(address, timeout=SOON)
    connection.request("GET", path)
    body = connection.getresponse().read()
    connection.close()
    return int(body)


def answering(address: str, wanted: Callable[[set[int]], bool]) -> set[int]:
    """The processes that answer, as soon as they are those that are wanted."""
    found: set[int] = set()
    for _ in range(2000):
        found.add(ask(address))
        if wanted(found):
            return found
    raise AssertionError(found)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def gone(processes: set[int]) -> bool:
    """Whether all of them end soon."""
    for _ in range(int(SOON * 20)):
        if not any(map(is_alive, processes)):
            return True
        Event().wait(0.05)
    return False


def test_two_workers_share_a_port_and_one_that_is_killed_starts_again(tmp_path: Path) -> None:
    with hosts(tmp_path, "--address", "127.0.0.1:0") as running:
        address = running.until(r"worker 1: requests are answered at http://(\S+)")[1]
        assert running.until(r"worker 2: requests are answered at http://(\S+)")[1] == address
        running.until("witkit: 2 workers serve: end with Ctrl-C")
        before = answering(address, lambda found: len(found) == 2)
        dead = min(before)
        os.kill(dead, signal.SIGKILL)
        line = running.until(r"worker (\d) ended with signal SIGKILL; it starts again in 0.5 s")
        running.until(rf"worker {line[1]}: serving")
        (kept,) = before - {dead}
        after = answering(address, lambda found: len(found - before) == 1) - {dead}
        assert kept in answering(address, lambda found: kept in found)
        running.process.send_signal(signal.SIGTERM)
        _, err = running.process.communicate(timeout=SOON)
        assert running.process.returncode == 143
        assert not any(map(is_alive, {*after, kept}))
        assert "Traceback" not in err


@pytest.mark.thorough
def test_a_signal_lets_the_answer_be_sent(tmp_path: Path) -> None:
    with hosts(tmp_path, "--address", "127.0.0.1:0", "--log-format", "json") as running:
        address = running.until(r"requests are answered at http://(\S+)")[1]
        running.until("2 workers serve")
        connection = http.client.HTTPConnection(address, timeout=SOON)
        connection.request("GET", "/slow")
        while not (tmp_path / "begun").exists():
            Event().wait(0.01)
        running.process.send_signal(signal.SIGINT)
        assert connection.getresponse().status == 200
        _, err = running.process.communicate(timeout=SOON)
        assert running.process.returncode == 130
    [logged] = [json.loads(line) for line in err.splitlines()]
    assert (logged["path"], logged["status"], logged["worker"] in (1, 2)) == ("/slow", 200, True)


@pytest.mark.thorough
def test_workers_end_when_the_process_that_started_them_is_killed(tmp_path: Path) -> None:
    with hosts(tmp_path, "--address", "127.0.0.1:0") as running:
        address = running.until(r"requests are answered at http://(\S+)")[1]
        running.until("2 workers serve")
        workers = answering(address, lambda found: len(found) == 2)
        running.process.kill()
        assert gone(workers)


@pytest.mark.thorough
def test_one_of_them_handles_the_changes_of_a_store(tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text("[key-value]\npath = 'stores.db'\n[[key-value.watch]]\nstore = 'events'\n")
    with hosts(tmp_path, guest=(WATCHER_WORLD, WATCHER, "wasi-keyvalue-draft2")) as running, ExitStack() as stack:
        running.until("2 workers serve")
        stores: Any = Openings(stack).open(
            CAPABILITIES["key-value"], Choice("sqlite", {"path": tmp_path / "stores.db"})
        )
        seen = tmp_path / "seen"
        seen.touch()
        for number in range(int(SOON * 20)):
            stores.set("events", f"k{number}", b"1")
            Event().wait(0.05)
            if len(seen.read_text().split()) >= 20:
                break
        running.process.send_signal(signal.SIGTERM)
        running.process.communicate(timeout=SOON)
    handled = seen.read_text().split()
    assert len(handled) == len({*handled}) >= 20


@pytest.mark.thorough
def test_mistakes_are_reported_once(tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text("[http]\nbody = 'much'\n[serve]\nworker = 3\n")
    with hosts(tmp_path) as running:
        out, err = running.process.communicate(timeout=SOON)
    assert (running.process.returncode, out) == (2, "")
    assert err.count("`body` is wrong") == 1
    assert err.count("`serve` has no key `worker`") == 1


@pytest.mark.thorough
def test_an_address_that_is_taken_is_reported_once(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with hosts(tmp_path, "--address", address) as running:
            _, err = running.process.communicate(timeout=SOON)
    assert running.process.returncode == 2
    assert err.count(f"error[WIT0916]: cannot listen at {address}: address already in use") == 1


@pytest.mark.parametrize("workers", ["0", "'four'", "1001"])
def test_a_wrong_number_of_workers_is_refused(witkit: Witkit, tmp_path: Path, workers: str) -> None:
    app = project(tmp_path, WORLD, APP, "http")
    (tmp_path / "witkit.toml").write_text(f"[serve]\nworkers = {workers}\n")
    outcome = witkit("serve", app)
    assert outcome.code == 2
    assert "`workers` must be a" in outcome.err
