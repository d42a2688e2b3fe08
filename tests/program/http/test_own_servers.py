"""`witkit run` of programs that start a server themselves: slight's demo, and programs that stop it again."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.guest.building import built
from tests.program.http import guests
from tests.program.http.serving import answer
from tests.program.http.test_slights_demo import APP, WORLD
from tests.program.telemetry.collector import collector
from tests.run.conftest import Witkit, assembled, guest, witkit  # noqa: F401 - fixtures
from tests.run.projects import project

STOPPING_WORLD = """
world program {
  use spiderlightning:http/http-types@0.5.1.{request, response, http-error};
  import spiderlightning:http/http-server@0.5.1;
  export spiderlightning:http/http-server-export@0.5.1;
  export hello: func(req: request) -> result<response, http-error>;
}
"""
STOPPING = """
import socket
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports.http_server import Router, Server
from wit_world.imports.http_types import Request, Response

def kind(address):
    try:
        Server.serve(address, Router.new())
    except Err as refused:
        return type(refused.value).__name__

class HttpServerExport(exports.HttpServerExport):
    def on_server_init(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            print(kind("nowhere"), kind(f"127.0.0.1:{taken.getsockname()[1]}"))
        server = Server.serve("127.0.0.1:0", Router.new().get("/hello", "hello"))
        server.stop()
        server.stop()
        END

class WitWorld(wit_world.WitWorld):
    def hello(self, req: Request) -> Response:
        return Response(200, None, b"hello")
"""


@contextmanager
def running(*arguments: str, folder: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A program in a process, and the address of its server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "witkit", "run", *arguments],
        cwd=folder, env={**os.environ, **variables},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        seen = []
        while not (found := re.search(r"requests are answered at http://(\S+)", line := process.stderr.readline())):
            seen.append(line)
            assert line, seen
        yield process, found[1]
    finally:
        process.kill()
        process.communicate()


def ask(address: str, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request(method, path, body)
    found = answer(connection.getresponse())
    connection.close()
    return found.status, found.body


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("form", ["app.py", "wasm"])
def test_slights_demo_runs_until_a_signal_ends_it(form: str, tmp_path: Path) -> None:
    path = project(tmp_path, WORLD, APP, "http", "keyvalue")
    if form == "wasm":
        path = built(path.parent, "http-demo", tmp_path)
    with running(str(path), "--backend", "key-value=memory", folder=tmp_path) as (process, address):
        assert ask(address, "GET", "/hello") == (200, b"hello")
        assert ask(address, "PUT", "/set", b"tea")[0] == 204
        assert ask(address, "GET", "/get") == (200, b"tea")
        assert ask(address, "GET", "/nowhere")[0] == 404
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (143, "HttpRouterError_UnexpectedError\n")
    assert '"PUT /set HTTP/1.1" 204' in err
    assert "Traceback" not in err


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_spans_of_requests_are_sent_before_a_signal_ends_it(tmp_path: Path) -> None:
    path = project(tmp_path, WORLD, APP, "http", "keyvalue")
    backend = ("--backend", "key-value=memory")
    with (
        collector() as here,
        running(str(path), *backend, folder=tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=here.url) as (process, address),
    ):
        assert ask(address, "PUT", "/set", b"tea")[0] == 204
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    spans = here.spans
    [request] = [each for each in spans if each.name == "PUT /set"]
    below = [each.name for each in spans if each.parent_span_id == request.span_id]
    assert "spiderlightning:keyvalue/keyvalue@0.5.1#keyvalue.set" in below
    assert "run app" in [each.name for each in spans]


def test_a_program_that_stops_its_server_ends(witkit: Witkit, tmp_path: Path) -> None:  # noqa: F811
    app = project(tmp_path, STOPPING_WORLD, STOPPING.replace("END", 'print("stopped")'), "http")
    outcome = witkit("run", app)
    assert (outcome.code, outcome.out) == (0, "HttpRouterError_InvalidUrl HttpRouterError_UnexpectedError\nstopped\n")


def test_an_error_of_the_beginning_ends_the_program_and_its_server(witkit: Witkit, tmp_path: Path) -> None:  # noqa: F811
    end = 'Server.serve("127.0.0.1:0", Router.new())\n        raise Err("no tea today")'
    app = project(tmp_path, STOPPING_WORLD, STOPPING.replace("END", end), "http")
    outcome = witkit("run", app)
    assert outcome.code == 1
    assert "its `on-server-init` raised `Err` with 'no tea today'" in outcome.err


def test_a_guest_of_handlers_alone_is_not_a_program(witkit: Witkit, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "guest.wasm").write_bytes(guests.handler())
    outcome = witkit("run", tmp_path / "guest.wasm")
    assert outcome.code == 1
    assert "WIT0805" in outcome.err
