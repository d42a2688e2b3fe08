"""`witkit.asgi` in other people's servers and frameworks."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

import witkit
from tests.program.http import guests
from tests.run.projects import project
from tests.work import calls
from witkit.text import WitkitError


@pytest.fixture
def component(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "guest.wasm"
    path.write_bytes(guests.routed())
    return path


def test_a_guest_is_an_application_of_its_own(component: Path) -> None:
    with witkit.asgi(component) as app, TestClient(app) as client:  # which runs its lifespan
        assert client.post("/echo", content=b"tea").content == b"tea"
        assert client.get("/nowhere").status_code == 404


def test_starlette_mounts_a_guest_below_a_path(component: Path) -> None:
    async def home(request: Any) -> PlainTextResponse:
        return PlainTextResponse("home")

    with witkit.asgi(component, instances="pooled", size=1) as app:
        client = TestClient(Starlette(routes=[Route("/", home), Mount("/shop", app)]))
        assert client.get("/").text == "home"
        assert client.get("/shop/orders/7").text == "7"
        assert client.get("/shop/ask?q=1").text == "/ask?q=1"  # the guest sees addresses below its mount
        assert [client.get("/shop/count").text for _ in range(2)] == ["1", "2"]


def test_fastapi_mounts_a_guest_beside_its_own_routes(component: Path) -> None:
    site = FastAPI()

    @site.get("/items/{number}")
    def item(number: int) -> dict[str, int]:
        return {"number": number}

    with witkit.asgi(component, instances="pooled", size=1) as app:
        site.mount("/shop", app)
        with TestClient(site) as client:
            assert client.get("/items/3").json() == {"number": 3}
            assert client.get("/shop/orders/7").text == "7"
            assert client.post("/shop/echo", content=b"tea").content == b"tea"
            assert client.get("/shop/nowhere").status_code == 404
            assert [client.get("/shop/count").text for _ in range(2)] == ["1", "2"]


def test_django_serves_a_guest_beside_its_views(component: Path) -> None:
    from django.conf import settings
    from django.core.asgi import get_asgi_application
    from django.http import HttpResponse
    from django.urls import path

    if not settings.configured:
        urls = type("Urls", (), {"urlpatterns": [path("", lambda request: HttpResponse("django"))]})
        settings.configure(ROOT_URLCONF=urls, ALLOWED_HOSTS=["*"], SECRET_KEY="tests only", USE_TZ=True)
    views = get_asgi_application()
    with witkit.asgi(component) as app:

        async def both(scope: Any, receive: Any, send: Any) -> None:
            if scope["path"].startswith("/shop/"):
                await app({**scope, "root_path": "/shop"}, receive, send)
            else:
                await views(scope, receive, send)

        client = TestClient(both)
        assert client.get("/").text == "django"
        assert client.get("/shop/orders/a%2Fb").text == "a/b"


def sent_by(app: Any, path: bytes, root: str = "", body: bytes = b"", **scope: Any) -> tuple[int, bytes]:
    """Status and body of what an application answers to a POST that a server might hand to it."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    whole = {
        "type": "http", "method": "POST", "path": unquote(path.decode()), "raw_path": path, "root_path": root,
        "query_string": b"q=1", "headers": [(b"host", b"shop")], "http_version": "1.1", **scope,
    }  # fmt: skip
    asyncio.run(app(whole, receive, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize(
    ("root", "path", "seen"),
    [
        ("/shop", b"/shop/ask", b"/ask?q=1"),
        ("/shop/", b"/shop/ask", b"/ask?q=1"),
        ("/shop", b"/%73hop/ask", b"/ask?q=1"),
        ("/caf\xe9", b"/caf%c3%a9/ask", b"/ask?q=1"),
        ("/a:b/c@d", b"/a:b/c@d/ask", b"/ask?q=1"),
        ("/a/b", b"/a%2fb/ask", b"/ask?q=1"),
        ("/shop", b"/shop", b"/?q=1"),
        ("/shop", b"/shop//ask", b"//ask?q=1"),
        ("/shop", b"/shop/sh%2Fop", b"/sh%2Fop?q=1"),
        ("/shop", b"/shopping", b"/shopping?q=1"),  # of a server that leaves out the root
        ("/shop", b"/ask", b"/ask?q=1"),
    ],
)
def test_the_path_of_a_mount_may_be_spelled_in_several_ways(
    tmp_path: Path, root: str, path: bytes, seen: bytes
) -> None:
    (tmp_path / "guest.wasm").write_bytes(guests.handler())
    with witkit.asgi(tmp_path / "guest.wasm") as app:
        status, body = sent_by(app, path, root)
    assert (status, seen in body) == (200, True), body


def test_a_long_path_is_hardly_more_work_below_a_mount(component: Path) -> None:
    path = b"/other" + b"/" * 2_000
    with witkit.asgi(component) as app:
        without = calls(lambda: sent_by(app, path))
        assert calls(lambda: sent_by(app, path, "/shop")) < without + 1_000


def test_a_body_in_http_2_needs_no_header(component: Path) -> None:
    with witkit.asgi(component) as app:
        assert sent_by(app, b"/echo", body=b"tea", http_version="2") == (200, b"tea")
        length = [(b"host", b"shop"), (b"content-length", b"3")]
        assert sent_by(app, b"/echo", body=b"tea", http_version="3", headers=length) == (200, b"tea")


def test_a_client_that_has_left_is_not_a_failure(component: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def gone(message: Any) -> None:
        raise OSError("the client is gone")

    with witkit.asgi(component) as app, caplog.at_level("INFO", "witkit.http.access"):
        asyncio.run(app({"type": "http", "method": "GET", "path": "/hello", "headers": []}, None, gone))
    assert '"GET /hello HTTP/1.1" gone 0 ' in caplog.text


def test_another_protocol_is_an_error_for_the_server(component: Path) -> None:
    with witkit.asgi(component) as app, pytest.raises(ValueError, match="there is no protocol `carrier-pigeon`"):
        asyncio.run(app({"type": "carrier-pigeon"}, None, None))


def test_a_websocket_is_refused(component: Path) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    with witkit.asgi(component) as app:
        asyncio.run(app({"type": "websocket", "path": "/"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1000}]


def test_a_closed_application_refuses_requests(component: Path) -> None:
    app = witkit.asgi(component)
    app.close()
    app.close()
    assert TestClient(app).get("/hello").status_code == 503


def test_settings_of_the_project_hold_and_arguments_go_over_them(component: Path) -> None:
    (component.parent / "witkit.toml").write_text("[http]\nbody = 10\n")
    with witkit.asgi(component) as app:
        assert TestClient(app).post("/echo", content=b"a" * 11).status_code == 413
    with witkit.asgi(component, body=11) as app:
        assert TestClient(app).post("/echo", content=b"a" * 11).status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"timeout": "10s"}, "`timeout` is wrong: it must be a number of seconds, more than 0"),
        ({"body": "1 apple"}, "`body` is wrong: it must be a size in bytes, such as 64MiB"),
        ({"concurrency": 0}, "`concurrency` is wrong: it must be a whole number, at least 1"),
        ({"events": "events"}, "`events` is wrong: it must be the path of a URL, such as `/events`"),
        ({"access_log": "xml"}, "`access_log` is wrong: it must be one of text, json, none"),
        ({"instances": "warm"}, "`instances` must be one of fresh, pooled"),
        ({"size": 0}, "`size` must be a whole number from 1 to 100,000"),
    ],
)
def test_a_wrong_argument_is_an_error_at_once(component: Path, given: dict[str, Any], said: str) -> None:
    with pytest.raises(WitkitError) as refused:
        witkit.asgi(component, **given)
    [problem] = refused.value.diagnostics
    assert (problem.code, problem.message[: len(said)]) == ("WIT0904", said)


def test_an_argument_that_does_not_exist_is_an_error_at_once(component: Path) -> None:
    with pytest.raises(TypeError, match=r"^there is no setting `timout` for requests; did you mean `timeout`\?$"):
        witkit.asgi(component, timout=10)


def test_sizes_may_have_units(component: Path) -> None:
    with witkit.asgi(component, body="1KiB") as app:
        assert [TestClient(app).post("/echo", content=b"a" * n).status_code for n in (1024, 1025)] == [200, 413]


HOST = """
import json, sys
import mine
import witkit
from starlette.testclient import TestClient

app = witkit.asgi("app.py")

if __name__ == "beside":
    texts = [TestClient(app).get("/").text for _ in range(2)]
    sys.stdout.write(json.dumps([texts, "beside" in sys.modules, sys.modules["mine"] is mine]))
"""
ANSWERS = """
from wit_world import exports
from wit_world.imports.http_types import Response
import mine

mine.seen += 1

class HttpHandler(exports.HttpHandler):
    def handle_http(self, req):
        return Response(200, None, str(mine.seen).encode())
"""


def test_the_program_may_be_beside_its_guest(tmp_path: Path) -> None:
    """`uvicorn beside:app`: what the program has imported stays imported, and the guest has modules of its own."""
    world = "world app { export spiderlightning:http/http-handler@0.5.1; }"
    folder = project(tmp_path, world, ANSWERS, "http").parent
    (folder / "mine.py").write_text("seen = 0\n")
    (folder / "beside.py").write_text(HOST)
    command = [sys.executable, "-c", "import importlib; importlib.import_module('beside')"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, '[["1", "1"], true, true]'), done.stderr


def test_what_answers_no_requests_is_an_error_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.runtime.guests import component

    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.wasm").write_bytes(
        component("package t:w; world w { export add: func(); }", '(module (func (export "add")))')
    )
    with pytest.raises(WitkitError) as refused:
        witkit.asgi("other.wasm")
    assert refused.value.diagnostics[0].code == "WIT0813"
