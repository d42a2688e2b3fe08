"""The guest that the page about answering requests shows does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from tests.run.projects import project
from witkit.program.triggers.http.opened import Asgi

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "capabilities" / "http.md").read_text(encoding="utf-8")

IMPORTS = """
import wit_world
from wit_world import exports
from wit_world.imports.http_server import Router, Server
from wit_world.imports.http_types import Request, Response
"""


def block(language: str, word: str) -> str:
    """The block of a language with this word in it."""
    [found] = [
        each for each in re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) if word in each
    ]
    return str(found)


def test_a_project_of_django_answers_as_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.responses import PlainTextResponse

    import witkit

    guest = project(tmp_path, block("wit", "world"), IMPORTS + block("python", "WitWorld"), "http")
    monkeypatch.chdir(guest.parent)
    given = {"witkit": witkit, "get_asgi_application": lambda: PlainTextResponse("django")}
    exec(block("python", "get_asgi_application").replace('"shop.wasm"', '"app.py"'), given)
    shop = given["shop"]
    assert isinstance(shop, Asgi)
    with shop:
        client = TestClient(given["application"])  # type: ignore[arg-type]
        assert [client.get(path).text for path in ("/", "/shop", "/shop/orders/7")] == ["django", "django", "7"]


def test_the_guest_of_the_page_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = project(tmp_path, block("wit", "world"), IMPORTS + block("python", "WitWorld"), "http")
    monkeypatch.chdir(guest.parent)
    given: dict[str, object] = {}
    exec(block("python", "import witkit").replace('"shop.wasm"', '"app.py"'), given)
    app = given["app"]
    assert isinstance(app, Asgi)
    with app:
        answer = TestClient(Starlette(routes=[Mount("/shop", app)])).get("/shop/orders/a%2Fb")
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (200, "a/b", "text/plain")
