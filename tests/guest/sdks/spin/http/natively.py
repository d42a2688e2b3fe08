"""The guest under CPython, with real objects behind its imports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hosts import IMPORTS, Broker, written
from spin_sdk import wit
from spin_sdk.wit.imports import wasi_http_types_0_3_0 as types
from web import HTTP, Fields, Request, Response, read

from witkit.guest import Bound


@pytest.fixture
def guest(wit_host: Callable[..., Bound]) -> Any:
    return wit_host(**IMPORTS, **HTTP).load("app")


def answer(guest: Any, path: str, body: str) -> tuple[int, str]:
    async def ask() -> tuple[int, str]:
        request = Request(Fields(), written(wit.byte_stream(), body.encode()))
        request.method, request.path = types.Method_Post(), path
        response: Response = await guest.http_handler.handle(request)
        return response.status, (await read(response.contents)).decode()

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("capability", "text", "expected"),
    [
        ("visits", "tea", "tea 1 of 1"),
        ("notes", "milk", "milk 7"),
        ("setting", "greeting", "hello"),
        ("counter", "cups", "cups 2"),
        ("people", "Ada", "name Ada"),
        ("parcels", "P-1", "name P-1"),
        ("telemetry", "21.5", "sent"),
        ("joke", "why", "why? 0.5 (2)"),
        ("fetch", "body", "200 text/plain Method_Post example.com/echo?x=1 body"),
    ],
)
def test_a_capability_reaches_its_host(guest: Any, capability: str, text: str, expected: str) -> None:
    assert answer(guest, f"/{capability}?q=1", text) == (200, expected)


def test_what_was_published_is_what_the_guest_has_sent() -> None:
    assert Broker.sent == [("telemetry", b"21.5", "AT_LEAST_ONCE")]


def test_another_path_is_not_found(guest: Any) -> None:
    assert answer(guest, "/nothing", "")[0] == 404


def test_an_error_of_the_host_is_the_sdks_own_answer(guest: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(guest, "/setting", "missing")[0] == 500
    assert "Error_Undefined" in capsys.readouterr().err


def test_an_import_that_nothing_is_bound_to_is_named_when_it_is_called(wit_host: Callable[..., Bound]) -> None:
    guest = wit_host(**HTTP).load("app")
    with pytest.raises(Exception, match="spin:variables/variables@3"):
        answer(guest, "/setting", "greeting")
