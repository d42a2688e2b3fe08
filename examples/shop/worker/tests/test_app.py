"""The worker as plain Python, over an SQLite database in which the test has placed an order."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import app
import pytest
from componentize_py_types import Err
from payloads import encode_order_placed
from wit_world.imports.events import OrderPlaced
from wit_world.imports.types import BrokerMessage
from wit_world_guest import Guest

from witkit.guest import Bound, Choice

MESSAGE = BrokerMessage("orders", encode_order_placed(OrderPlaced(1, "tea", 2)), None)


@pytest.fixture
def worker(wit_host: Callable[..., Bound], tmp_path: Path) -> Guest:
    return wit_host(sql=Choice("sqlite", {"path": tmp_path})).load(app, Guest)


def test_an_order_is_packed_and_stays_packed(worker: Guest, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "database-shop.db") as database:
        database.execute("CREATE TABLE shop_order (number BIGINT, status TEXT)")
        database.execute("INSERT INTO shop_order VALUES (1, 'placed'), (2, 'placed')")
    for _ in range(2):
        worker.handler.handle_message(MESSAGE)
        assert list(database.execute("SELECT * FROM shop_order")) == [(1, "packed"), (2, "placed")]


def test_an_order_that_cannot_be_packed_comes_again(worker: Guest) -> None:
    with pytest.raises(Err, match="no such table"):
        worker.handler.handle_message(MESSAGE)
