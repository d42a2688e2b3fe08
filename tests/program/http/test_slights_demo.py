"""slight's demo of its HTTP server, as a guest in Python: under this Python, and built as a component.

Its routes, its handlers and what they answer are those of the demo. What differs is meant so: a key that is missing is
404, because the front for key-value stores says so, and other origins get no headers that let them in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.guest.building import built
from tests.program.http.serving import Site, serving
from tests.run.projects import project
from witkit.backends import Choice
from witkit.program.pool import PoolSettings
from witkit.program.settings import RunSettings
from witkit.program.triggers.http.opened import open_http
from witkit.program.triggers.http.settings import HttpSettings

WORLD = """
world demo {
  use spiderlightning:http/http-types@0.5.1.{request, response, http-error};
  import spiderlightning:http/http-server@0.5.1;
  import spiderlightning:keyvalue/keyvalue@0.5.1;
  export spiderlightning:http/http-server-export@0.5.1;
  export handle-hello: func(req: request) -> result<response, http-error>;
  export handle-get: func(req: request) -> result<response, http-error>;
  export handle-set: func(req: request) -> result<response, http-error>;
  export delete-file-handler: func(req: request) -> result<response, http-error>;
  export upload: func(req: request) -> result<response, http-error>;
  export boom: func(req: request) -> result<response, http-error>;
}
"""

APP = """
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import keyvalue
from wit_world.imports.http_server import Router, Server
from wit_world.imports.http_types import HttpError_UnexpectedError, Method, Request, Response
from wit_world.imports.keyvalue import KeyvalueError_KeyNotFound


class HttpServerExport(exports.HttpServerExport):
    def on_server_init(self) -> None:
        try:
            Router.new().get("/bad", "no_such_handler")
        except Err as refused:
            print(type(refused.value).__name__)
        router = (
            Router.new()
            .get("/hello", "handle_hello")
            .get("/get", "handle_get")
            .put("/set", "handle_set")
            .post("/upload", "upload")
            .delete("/delete-file", "delete_file_handler")
            .get("/boom", "boom")
        )
        Server.serve("127.0.0.1:0", router)


class WitWorld(wit_world.WitWorld):
    def handle_hello(self, req: Request) -> Response:
        return Response(200, req.headers, b"hello")

    def handle_get(self, req: Request) -> Response:
        store = keyvalue.Keyvalue.open("my-container")
        try:
            return Response(200, req.headers, store.get("key"))
        except Err as missing:
            if isinstance(missing.value, KeyvalueError_KeyNotFound):
                return Response(404, req.headers, b"Key not found")
            raise Err(HttpError_UnexpectedError(str(missing.value))) from missing

    def handle_set(self, req: Request) -> Response:
        assert req.method is Method.PUT
        if req.body is not None:
            keyvalue.Keyvalue.open("my-container").set("key", req.body)
        return Response(204, req.headers, None)

    def delete_file_handler(self, req: Request) -> Response:
        assert req.method is Method.DELETE
        return Response(200, req.headers, req.body)

    def upload(self, req: Request) -> Response:
        assert req.method is Method.POST
        return Response(200, req.headers, req.body)

    def boom(self, req: Request) -> Response:
        raise ValueError("a secret of the guest")
"""


@pytest.fixture(scope="module")
def traced() -> list[str]:
    """The lines of `--trace`."""
    return []


@pytest.fixture(scope="module", params=["app.py", "wasm"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, traced: list[str]) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("demo")
    path = project(folder, WORLD, APP, "http", "keyvalue")
    if request.param == "wasm":
        path = built(path.parent, "http-demo", folder)
    settings = RunSettings({"key-value": Choice("memory")}, trace=traced.append)
    http = HttpSettings(timeout=120.0)
    with open_http(path, settings, PoolSettings(size=2), http) as application, serving(application, http) as site:
        yield site


def test_the_demo_answers_as_slight_did(demo: Site) -> None:
    answer = demo.ask("GET", "/hello", x_mine="1")
    assert (answer.status, answer.body, answer.header("x-mine")) == (200, b"hello", ["1"])
    missing = demo.ask("GET", "/get")
    assert (missing.status, missing.body) == (404, b"Key not found")
    assert demo.ask("PUT", "/set", b"\0tea\xff").status == 204
    assert demo.ask("GET", "/get").body == b"\0tea\xff"
    assert demo.ask("POST", "/upload", b"file").body == b"file"
    assert demo.ask("DELETE", "/delete-file").body == b""
    assert demo.ask("GET", "/nowhere").status == 404
    assert demo.ask("GET", "/upload").status == 405


def test_an_exception_of_a_handler_is_in_the_log_only(demo: Site, caplog: pytest.LogCaptureFixture) -> None:
    answer = demo.ask("GET", "/boom")
    assert (answer.status, answer.body) == (500, b"Internal Server Error\n")
    assert demo.ask("GET", "/hello").body == b"hello"
    [line] = [each.getMessage() for each in caplog.records if each.name == "witkit.http"]
    assert line.startswith("boom: 500: ")


def test_each_call_of_an_import_is_traced_with_the_id_of_its_request(demo: Site, traced: list[str]) -> None:
    del traced[:]
    demo.ask("PUT", "/set", b"tea", x_request_id="first-1")
    demo.ask("GET", "/get", x_request_id="second-2")
    functions = [
        (re.search(r"#\w+\.(\w+)\(", line), line.rpartition(" ")[2]) for line in traced if "/keyvalue@0.5.1#" in line
    ]
    assert [(found[1], id) for found, id in functions if found and found[1] in ("set", "get")] == [
        ("set", "id=first-1"),
        ("get", "id=second-2"),
    ]
    assert {id for _, id in functions} == {"id=first-1", "id=second-2"}
