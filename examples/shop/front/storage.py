"""What the shop knows: units in a key-value store, orders in SQL, and a message about each order.

The store counts the units that are sold (`sold/tea`) and the orders (`orders`). Counting is atomic, so any number of
fronts can sell from one stock.
"""

from __future__ import annotations

from dataclasses import dataclass

from componentize_py_types import Err
from payloads import encode_order_placed
from wit_world.imports import atomics, store
from wit_world.imports.events import OrderPlaced
from wit_world.imports.messaging import Pub
from wit_world.imports.sql import DataType_Null, RowItem, Sql, Statement

SHOP = "shop"
TOPIC = "orders"
PRICES = {"coffee": 450, "tea": 320, "teapot": 2400}
DELIVERED = {"coffee": 20, "tea": 40, "teapot": 2}

# SQL that SQLite, PostgreSQL and MariaDB share.
TABLE = """
CREATE TABLE IF NOT EXISTS shop_order (
  number   BIGINT       NOT NULL PRIMARY KEY,
  item     VARCHAR(100) NOT NULL,
  quantity INTEGER      NOT NULL,
  cents    INTEGER      NOT NULL,
  status   VARCHAR(10)  NOT NULL
)"""
ENTER = "INSERT INTO shop_order (number, item, quantity, cents, status) VALUES ($1, $2, $3, $4, 'placed')"
LOOK = "SELECT number, item, quantity, cents, status FROM shop_order WHERE number = $1"
REMOVE = "DELETE FROM shop_order WHERE number = $1"


class Refused(Exception):
    """The shop does not take this order, or does not know it; `status` is that of HTTP."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass
class Product:
    """A product with its price in cents and the units that are left."""

    name: str
    cents: int
    left: int


@dataclass
class Order:
    """An order; its status is `placed` or `packed`."""

    number: int
    item: str
    quantity: int
    cents: int
    status: str


def products() -> list[Product]:
    with store.open(SHOP) as units:
        return [Product(name, PRICES[name], _left(units, name)) for name in PRICES]


def place(item: str, quantity: int) -> int:
    """Takes the units, records the order, and publishes it: the order's number. A failure gives the units back."""
    if item not in PRICES:
        raise Refused(400, "We do not have that.")
    with store.open(SHOP) as units:
        if atomics.increment(units, f"sold/{item}", quantity) > DELIVERED[item]:
            atomics.increment(units, f"sold/{item}", -quantity)
            raise Refused(409, f"We do not have so much {item}: {_left(units, item)} left.")
        try:
            placed = OrderPlaced(atomics.increment(units, "orders", 1), item, quantity)
            _record(placed)
        except Err:
            atomics.increment(units, f"sold/{item}", -quantity)
            raise
    return placed.number


def order(number: str) -> Order:
    """The order with this number. Raises Refused if there is none."""
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise Refused(404, "There is no such order.")
    with _database() as database, Statement.prepare(LOOK, [number]) as look:
        row = database.query(look)
    if not row:
        raise Refused(404, "There is no such order.")
    found, item, quantity, cents, status = (_text(field) for field in row)
    return Order(int(found), item, int(quantity), int(cents), status)


def _left(units: store.Bucket, item: str) -> int:
    # While others try to take more than there is, the count may be too high for a moment.
    return max(0, DELIVERED[item] - atomics.increment(units, f"sold/{item}", 0))


def _record(placed: OrderPlaced) -> None:
    """Writes the order, then publishes it: the worker that gets the message finds the order."""
    with _database() as database, Pub.open(SHOP) as pub:
        cents = placed.quantity * PRICES[placed.item]
        _do(database, ENTER, placed.number, placed.item, placed.quantity, cents)
        try:
            pub.publish(encode_order_placed(placed), TOPIC)
        except Err:
            _do(database, REMOVE, placed.number)
            raise


def _database() -> Sql:
    database = Sql.open(SHOP)
    _do(database, TABLE)
    return database


def _do(database: Sql, statement: str, *values: object) -> None:
    with Statement.prepare(statement, [str(value) for value in values]) as prepared:
        database.exec(prepared)


def _text(field: RowItem) -> str:
    assert not isinstance(field.value, DataType_Null)
    return str(field.value.value)
