"""`witkit serve` of a guest that answers requests: its address, its log, and what it answers."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

from tests.program.http import guests
from tests.program.http.serving import answer
from tests.run.conftest import Witkit, assembled, guest, witkit  # noqa: F401 - fixtures
from tests.run.projects import project
from tests.services.private.ports import free_port
from witkit.program.pool import PoolSettings
from witkit.program.project import Configuration
from witkit.program.serving import serve
from witkit.program.settings import RunSettings
from witkit.program.triggers.http.addresses import Address
from witkit.program.triggers.table import triggers


@contextmanager
def served(path: Path, **options: Any) -> Iterator[Queue[str]]:
    """A guest that is served in a thread of this process: what is announced."""
    lines: Queue[str] = Queue()
    ended = Event()
    configured = {each.name: each.read(Configuration(), options) for each in triggers()}
    settings = RunSettings(announce=lines.put)
    thread = Thread(target=serve, args=(path, settings, PoolSettings(size=2), configured), kwargs={"ended": ended})
    thread.start()
    try:
        yield lines
    finally:
        ended.set()
        thread.join()


def ask(url: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(url.partition("//")[2], timeout=60)
    connection.request("GET", path, headers=headers or {})
    found = answer(connection.getresponse())
    connection.close()
    return found.status, found.body


def test_a_guest_is_served_where_it_says(tmp_path: Path) -> None:
    port = free_port()
    path = tmp_path / "guest.wasm"
    path.write_bytes(guests.routed(address=f"127.0.0.1:{port}"))
    with served(path) as lines:
        assert lines.get(timeout=60) == f"requests are answered at http://127.0.0.1:{port}"
        assert ask(f"http://127.0.0.1:{port}", "/orders/7") == (200, b"7")


WORLD = "world gated { export spiderlightning:http/http-handler@0.5.1; }"
GATED = """
import os, time
from wit_world import exports
from wit_world.imports.http_types import Request, Response

class HttpHandler(exports.HttpHandler):
    def handle_http(self, req: Request) -> Response:
        while not os.path.exists("FILE"):
            time.sleep(0.01)
        return Response(200, None, req.uri.encode())
"""


def test_requests_that_wait_for_an_instance_are_answered_when_the_server_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("witkit.program.serving.GRACE", 60.0)
    monkeypatch.setattr("witkit.program.triggers.http.trigger.GRACE", 60.0)
    file = tmp_path / "go"
    app = project(tmp_path, WORLD, GATED.replace("FILE", file.as_posix()), "http")
    anywhere = Address("127.0.0.1", 0)
    with ThreadPoolExecutor(3) as threads:
        with served(app, address=anywhere, monitoring=anywhere) as lines:
            found = [re.search(r"(http://[^/ ]+)", lines.get(timeout=60)) for _ in range(3)]
            url, monitoring = (each[1] for each in found if each)

            def let() -> None:
                while ask(monitoring, "/healthz")[0] != 503:
                    pass
                file.touch()

            answers = [threads.submit(ask, url, path) for path in ("/first", "/second")]
            while b"witkit_http_requests_running 2.0" not in ask(monitoring, "/metrics")[1]:
                pass
            letting = threads.submit(let)
        letting.result()
        assert [each.result() for each in answers] == [(200, b"/first"), (200, b"/second")]


def test_mistakes_are_reported_before_anything_is_served(witkit: Witkit, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "witkit.toml").write_text('[http]\nport = 80\naddress = "80"\n')
    (tmp_path / "guest.wasm").write_bytes(guests.routed())
    outcome = witkit("serve", "guest.wasm")
    assert outcome.code == 2
    assert "`http` has no key `port`" in outcome.err
    assert "`address` is wrong: an address has the form HOST:PORT" in outcome.err


def test_an_address_that_is_taken_ends_the_program_with_one_message(witkit: Witkit, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "guest.wasm").write_bytes(guests.routed())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        outcome = witkit("serve", "guest.wasm", "--address", address)
    assert outcome.code == 2
    assert outcome.err.startswith(f"error[WIT0916]: cannot listen at {address}: address already in use")


def test_a_wrong_address_is_wrong_use(witkit: Witkit, tmp_path: Path) -> None:  # noqa: F811
    outcome = witkit("serve", "guest.wasm", "--address", "8080")
    assert outcome.code == 2
    assert "an address has the form HOST:PORT" in outcome.err


def test_a_guest_whose_routes_name_no_handler_is_not_served(witkit: Witkit, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "guest.wasm").write_bytes(guests.routed(routes=(("get", "/a", "nothing"),)))
    outcome = witkit("serve", "guest.wasm", "--address", "127.0.0.1:0")
    assert outcome.code == 1
    assert outcome.err.startswith("error[WIT0804]: `on-server-init` stopped")
