"""A small order-taking application: the guest side of `wit/orders.wit`, in plain Python.

It keeps one key per order (`order/000001`: the receipt as JSON) and one per item (`stock/tea`: units left).
"""

from __future__ import annotations

import json
from dataclasses import asdict

import wit_world
from catalog import PRODUCTS
from componentize_py_types import Err
from wit_world import (
    OrderError_EmptyOrder,
    OrderError_OutOfStock,
    OrderError_Storage,
    OrderError_UnknownItem,
    Receipt,
    exports,
)
from wit_world.exports.catalog import Product, StockError_Storage, StockError_UnknownItem
from wit_world.imports.keyvalue import Keyvalue, KeyvalueError, KeyvalueError_KeyNotFound

DELIVERED = {"coffee": 20, "tea": 40, "teapot": 2}
"""Units on the shelf before the first order."""


class WitWorld(wit_world.WitWorld):
    """The functions that the world exports itself."""

    def place(self, item: str, quantity: int) -> Receipt:
        if item not in PRODUCTS:
            raise Err(OrderError_UnknownItem(item))
        if quantity == 0:
            raise Err(OrderError_EmptyOrder())
        try:
            return _accept(item, quantity)
        except _StorageFailed as failed:
            raise Err(OrderError_Storage(str(failed))) from failed

    def history(self) -> list[Receipt]:
        try:
            with _open() as store:
                return [_receipt(store, key) for key in _order_keys(store)]
        except _StorageFailed as failed:
            raise Err(OrderError_Storage(str(failed))) from failed


class Catalog(exports.Catalog):
    """What the shop sells."""

    def products(self) -> list[Product]:
        return [Product(name, price) for name, price in sorted(PRODUCTS.items())]

    def stock(self, item: str) -> int:
        if item not in PRODUCTS:
            raise Err(StockError_UnknownItem(item))
        try:
            with _open() as store:
                return _stock(store, item)
        except _StorageFailed as failed:
            raise Err(StockError_Storage(str(failed))) from failed


class Run(exports.Run):
    """`witkit run`: places two orders, then prints everything that is stored."""

    def run(self) -> None:
        shop = WitWorld()
        for item, quantity in (("tea", 2), ("teapot", 1)):
            try:
                print(f"placed   {_line(shop.place(item, quantity))}")
            except Err as refused:
                print(f"refused  {quantity} x {item}: {refused.value}")
        for receipt in shop.history():
            print(f"stored   {_line(receipt)}")
        print(f"stock    tea: {Catalog().stock('tea')}, teapot: {Catalog().stock('teapot')}")


def _line(receipt: Receipt) -> str:
    return f"#{receipt.number}  {receipt.quantity} x {receipt.item}  {receipt.total_cents / 100:.2f}"


# ---- storage ----------------------------------------------------------------------------------


class _StorageFailed(Exception):
    """The key-value store answered with an error other than a missing key."""


def _open() -> Keyvalue:
    try:
        return Keyvalue.open("orders")
    except Err as refused:
        raise _failed(refused.value) from refused


def _accept(item: str, quantity: int) -> Receipt:
    """Takes the units from the stock and writes the receipt; `Err` if too few are left."""
    with _open() as store:
        left = _stock(store, item)
        if quantity > left:
            raise Err(OrderError_OutOfStock(left))
        number = len(_order_keys(store)) + 1
        receipt = Receipt(number, item, quantity, quantity * PRODUCTS[item])
        _write(store, f"stock/{item}", left - quantity)
        _write(store, f"order/{number:06}", asdict(receipt))
        return receipt


def _stock(store: Keyvalue, item: str) -> int:
    left = _read(store, f"stock/{item}", DELIVERED[item])
    assert isinstance(left, int)
    return left


def _receipt(store: Keyvalue, key: str) -> Receipt:
    fields = _read(store, key, None)
    assert isinstance(fields, dict)
    return Receipt(**fields)


def _order_keys(store: Keyvalue) -> list[str]:
    try:
        return sorted(key for key in store.keys() if key.startswith("order/"))
    except Err as refused:
        raise _failed(refused.value) from refused


def _read(store: Keyvalue, key: str, default: object) -> object:
    try:
        return json.loads(store.get(key))
    except Err as refused:
        if isinstance(refused.value, KeyvalueError_KeyNotFound):
            return default
        raise _failed(refused.value) from refused


def _write(store: Keyvalue, key: str, value: object) -> None:
    try:
        store.set(key, json.dumps(value).encode())
    except Err as refused:
        raise _failed(refused.value) from refused


def _failed(error: KeyvalueError) -> _StorageFailed:
    return _StorageFailed(f"{type(error).__name__.partition('_')[2]}: {error.value}")
