"""The front of the shop: it shows the products, takes orders, and publishes a message about each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from urllib.parse import parse_qs

import pages
import storage
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports.http_server import Router, Server
from wit_world.imports.http_types import Request, Response

JSON = "application/json"


class HttpServerExport(exports.HttpServerExport):
    """Which request is answered by which function."""

    def on_server_init(self) -> None:
        routes = (
            Router.new().get("/", "show-products").post("/orders", "place-order").get("/orders/:number", "show-order")
        )
        Server.serve("127.0.0.1:8080", routes)


class WitWorld(wit_world.WitWorld):
    """The functions that answer."""

    def show_products(self, req: Request) -> Response:
        return _answered(lambda: _page(200, pages.products(storage.products())))

    def place_order(self, req: Request) -> Response:
        return _answered(lambda: _see(storage.place(*_ordered(req.body or b""))))

    def show_order(self, req: Request) -> Response:
        return _answered(lambda: _order(req))


def _answered(answer: Callable[[], Response]) -> Response:
    """The answer, or a page that says why there is none."""
    try:
        return answer()
    except storage.Refused as refused:
        return _page(refused.status, pages.refusal(str(refused)))
    except Err as failed:
        print(f"a service failed: {failed.value}")
        return _page(503, pages.refusal("Something is out of order. Please come again."))


def _ordered(form: bytes) -> tuple[str, int]:
    """The product and the quantity that somebody has chosen in the form."""
    fields = parse_qs(form.decode("utf-8", "replace"))
    item, quantity = fields.get("item", [""])[0], fields.get("quantity", [""])[0]
    if not (quantity.isascii() and quantity.isdigit() and len(quantity) < 4 and int(quantity)):
        raise storage.Refused(400, "How many would you like? Between 1 and 999.")
    return item, int(quantity)


def _order(req: Request) -> Response:
    order = storage.order(dict(req.params)["number"])
    if any(name.lower() == "accept" and JSON in value for name, value in req.headers):
        return Response(200, [("content-type", JSON)], json.dumps(asdict(order)).encode())
    return _page(200, pages.order(order))


def _page(status: int, text: str) -> Response:
    return Response(status, [("content-type", "text/html; charset=utf-8")], text.encode())


def _see(number: int) -> Response:
    """Sends the browser to the page of an order, so that reloading it does not order once more."""
    return Response(303, [("location", f"/orders/{number}")], None)
