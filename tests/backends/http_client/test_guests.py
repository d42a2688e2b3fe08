"""Guests that send requests: a component, and a guest under CPython."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.backends.conftest import Relayed
from tests.backends.http_client.servers import response, serving
from witkit import Engine, Err
from witkit._resources import data_folder
from witkit.host import Choice, bind
from witkit.program.native import run_native
from witkit.program.settings import RunSettings

NATIVE = """
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import http_client
from wit_world.imports.http_types import Method, Request

class Run(exports.Run):
    def run(self) -> None:
        answer = http_client.request(Request(Method.PUT, "/orders/1", [("x-one", "1")], [], b"tea"))
        print(answer.status, dict(answer.headers)["x-two"], answer.body)
        try:
            http_client.request(Request(Method.GET, "https://shop.example/", [], [], None))
        except Err as refused:
            print(refused.value)
"""


def test_a_component_sends_requests(relayed: Relayed) -> None:
    made: Any = relayed("http-client")
    component = made.load(Engine(cache=False))
    types = made.package.http_types
    with serving(response("200 OK", "x-two: 2", body=b"\0tea")) as server:
        settings = {"allow": ["http://127.0.0.1:*"], "timeout": 60}
        with (
            bind(component, http_client=Choice("network", settings)) as imports,
            component.instantiate(**imports) as instance,
        ):
            found = instance.call_request(types.Request(types.Method.POST, server.url, [("x-one", "1")], [], b"\0\xff"))
            assert (found.status, found.body) == (200, b"\0tea")
            assert ("x-two", "2") in found.headers
            for url, case in (("https://shop.example/", "InvalidUrl"), ("tea", "InvalidUrl")):
                with pytest.raises(Err) as refused:
                    instance.call_request(types.Request(types.Method.GET, url, [], [], None))
                assert type(refused.value.value).__name__ == f"HttpError_{case}"
        assert [(each.line, each.body) for each in server.received] == [("POST / HTTP/1.1", b"\0\xff")]


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    """A guest that sends two requests."""
    cli = data_folder("wit").parent / "examples" / "configs" / "wit" / "deps" / "cli"
    if not cli.is_dir():
        pytest.skip("the examples are not here")
    deps = tmp_path / "wit" / "deps"
    deps.mkdir(parents=True)
    for name, source in (("cli", cli), ("http", data_folder("wit") / "http")):
        (deps / name).symlink_to(source)
    world = "world w { import spiderlightning:http/http-client@0.5.1; export wasi:cli/run@0.2.0; }"
    (tmp_path / "wit" / "world.wit").write_text(f"package t:native;\n{world}\n")
    (tmp_path / "app.py").write_text(NATIVE)
    return tmp_path / "app.py"


def test_a_guest_under_cpython_sends_requests(guest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    with serving(response("201 Created", "x-two: 2", body=b"made")) as server:
        choice = Choice("network", {"base": server.url, "allow": ["*.example.com"], "timeout": 60})
        assert run_native(guest, [], RunSettings({"http-client": choice}, said.append)) == 0
        assert said == [f"HTTP requests go to {server.url}, *.example.com"]
        assert capsys.readouterr().out.splitlines() == [
            "201 2 b'made'",
            "HttpError_InvalidUrl(value='this program may not send requests to https://shop.example')",
        ]
        assert [(each.line, each.body) for each in server.received] == [("PUT /orders/1 HTTP/1.1", b"tea")]


def test_a_guest_under_cpython_gets_fixed_answers(guest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = {"PUT /orders/1": {"headers": {"x-two": "3"}}}
    assert run_native(guest, [], RunSettings({"http-client": Choice("memory", {"answers": answers})})) == 0
    assert capsys.readouterr().out.splitlines() == [
        "200 3 b''",
        "HttpError_UnexpectedError(value='`answers` has none for GET https://shop.example/')",
    ]
