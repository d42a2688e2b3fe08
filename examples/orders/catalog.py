"""The resource of the interface `catalog`, in the module of that name, where componentize-py looks for it."""

from __future__ import annotations

from componentize_py_types import Err
from wit_world.exports import catalog
from wit_world.exports.catalog import StockError_UnknownItem

PRODUCTS = {"coffee": 450, "tea": 320, "teapot": 2400}
"""Price in cents by name."""


class Item(catalog.Item):
    """One product, looked up by its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def price(self) -> int:
        if self.name not in PRODUCTS:
            raise Err(StockError_UnknownItem(self.name))
        return PRODUCTS[self.name]
