"""The front as plain Python: its stock, its orders and its messages are in the memory of the test."""

from collections.abc import Callable
from pathlib import Path

import app
import pytest
from wit_world.imports.http_types import Method, Request, Response
from wit_world_guest import Guest

from witkit.guest import Bound, Choice


@pytest.fixture
def front(wit_host: Callable[..., Bound], tmp_path: Path) -> Guest:
    host = wit_host(store="memory", atomics="memory", messaging="memory", sql=Choice("sqlite", {"path": tmp_path}))
    return host.load(app, Guest)


def ordered(front: Guest, form: str) -> Response:
    return front.place_order(Request(Method.POST, "/orders", [], [], form.encode()))


def shown(front: Guest, number: str, *headers: tuple[str, str]) -> tuple[int, str]:
    answer = front.show_order(Request(Method.GET, f"/orders/{number}", list(headers), [("number", number)], None))
    return answer.status, (answer.body or b"").decode()


def products(front: Guest) -> str:
    return (front.show_products(Request(Method.GET, "/", [], [], None)).body or b"").decode()


def test_the_page_shows_what_is_left(front: Guest) -> None:
    assert "<td>tea</td><td>3.20</td><td>40</td>" in products(front)
    ordered(front, "item=tea&quantity=2")
    assert "<td>tea</td><td>3.20</td><td>38</td>" in products(front)


def test_an_order_has_a_page(front: Guest) -> None:
    answer = ordered(front, "item=tea&quantity=2")
    assert (answer.status, answer.headers) == (303, [("location", "/orders/1")])
    status, page = shown(front, "1")
    assert (status, "2 x tea, 6.40" in page, ">placed<" in page) == (200, True, True)
    assert shown(front, "1", ("accept", "application/json")) == (
        200,
        '{"number": 1, "item": "tea", "quantity": 2, "cents": 640, "status": "placed"}',
    )


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ("item=teapot&quantity=3", 409, "2 left"),
        ("item=<b>&quantity=1", 400, "We do not have that"),
        ("item=tea&quantity=0", 400, "Between 1 and 999"),
        ("item=tea&quantity=²", 400, "Between 1 and 999"),
        ("", 400, "Between 1 and 999"),
    ],
)
def test_what_the_shop_does_not_have_is_refused(front: Guest, form: str, status: int, said: str) -> None:
    answer = ordered(front, form)
    assert (answer.status, said in (answer.body or b"").decode()) == (status, True)
    assert "<td>teapot</td><td>24.00</td><td>2</td>" in products(front)


@pytest.mark.parametrize("number", ["1", "0", "x", "²", "9" * 40])
def test_an_order_that_nobody_placed_is_not_found(front: Guest, number: str) -> None:
    assert shown(front, number)[0] == 404
