"""The guest, tested as plain Python: its imports are witkit's in-memory stores, no build is needed."""

from collections.abc import Callable

import app
import pytest
from componentize_py_types import Err
from wit_world import OrderError_EmptyOrder, OrderError_OutOfStock, OrderError_UnknownItem, Receipt
from wit_world.exports.catalog import StockError_UnknownItem
from wit_world_guest import Guest

from witkit.guest import Bound

Connect = Callable[..., Bound]


@pytest.fixture
def shop(wit_host: Connect) -> Guest:
    return wit_host(keyvalue="memory").load(app, Guest)


def test_the_first_order_is_number_one(shop: Guest) -> None:
    assert shop.place("tea", 2) == Receipt(1, "tea", 2, 640)


def test_every_receipt_is_kept(shop: Guest) -> None:
    placed = [shop.place("tea", 1), shop.place("coffee", 3)]
    assert shop.history() == placed


def test_an_order_takes_from_the_stock(shop: Guest) -> None:
    shop.place("teapot", 1)
    assert shop.catalog.stock("teapot") == 1


def test_more_than_there_is_cannot_be_ordered(shop: Guest) -> None:
    with pytest.raises(Err) as refused:
        shop.place("teapot", 3)
    assert refused.value.value == OrderError_OutOfStock(2)
    assert shop.history() == []


def test_nothing_cannot_be_ordered(shop: Guest) -> None:
    with pytest.raises(Err) as refused:
        shop.place("tea", 0)
    assert refused.value.value == OrderError_EmptyOrder()


def test_an_unknown_item_is_named(shop: Guest) -> None:
    with pytest.raises(Err) as refused:
        shop.place("cofee", 1)
    assert refused.value.value == OrderError_UnknownItem("cofee")
    with pytest.raises(Err) as refused:
        shop.catalog.stock("cofee")
    assert refused.value.value == StockError_UnknownItem("cofee")


def test_an_item_of_the_catalog_has_its_price(shop: Guest) -> None:
    assert shop.catalog.Item("tea").price() == 320
    with pytest.raises(Err) as refused:
        shop.catalog.Item("cofee").price()
    assert refused.value.value == StockError_UnknownItem("cofee")


def test_the_demonstration_prints_what_is_stored(shop: Guest, capsys: pytest.CaptureFixture[str]) -> None:
    shop.run.run()
    assert capsys.readouterr().out.splitlines()[-1] == "stock    tea: 38, teapot: 1"
