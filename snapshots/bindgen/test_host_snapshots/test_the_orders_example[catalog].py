# Source: example:orders/catalog@0.1.0

"""The exported interface `example:orders/catalog@0.1.0`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from witkit import abi, runtime

__all__ = [
    "INTERFACE",
    "Catalog",
    "Item",
    "Product",
    "StockError",
    "StockError_Storage",
    "StockError_UnknownItem",
]


@dataclass(slots=True)
class Product:
    """One product of the shop."""

    name: str
    """The name that orders use, such as `tea`."""
    price_cents: int
    """The price of one unit, in cents."""


@dataclass(slots=True)
class StockError_UnknownItem:
    """The shop does not sell an item of that name."""

    value: str


@dataclass(slots=True)
class StockError_Storage:
    """The key-value store failed; its message is attached."""

    value: str


StockError: TypeAlias = StockError_UnknownItem | StockError_Storage
"""Why the stock of an item is not known."""


class Item(runtime.GuestResource):
    """One product, looked up by its name."""

    def __init__(self, name: str) -> None:
        """The product of that name."""
        self._adopt(self._exports["[constructor]item"](name))

    def price(self) -> int:
        """The price of one unit, in cents.

        Raises:
            Err: with a value of type `StockError`.
        """
        result: int = self._exports["[method]item.price"](self)
        return result


class Catalog(runtime.ExportedInterface[Literal["example:orders/catalog"]]):
    """What the shop sells."""

    def __init__(
        self, instance: runtime.Instance, interface: abi.Interface | None = None
    ) -> None:
        """Bind the interface to an instance; `interface` is that of a labelled export."""
        super().__init__(instance, interface or INTERFACE)
        self.Item = self._bind(Item)

    def products(self) -> list[Product]:
        """All products, sorted by name."""
        result: list[Product] = self._exports["products"]()
        return result

    def stock(self, item: str) -> int:
        """How many units of an item can still be ordered.

        Raises:
            Err: with a value of type `StockError`.
        """
        result: int = self._exports["stock"](item)
        return result


# What the runtime knows of these types and functions.
PRODUCT_TYPE = abi.Record(
    "product",
    Product,
    (
        abi.Field("name", "name", abi.STRING),
        abi.Field("price-cents", "price_cents", abi.U32),
    ),
)
STOCK_ERROR_TYPE = abi.Variant(
    "stock-error",
    (
        abi.Case("unknown-item", StockError_UnknownItem, abi.STRING),
        abi.Case("storage", StockError_Storage, abi.STRING),
    ),
)
ITEM_TYPE = abi.Resource("item", "Item", Item)
INTERFACE = abi.Interface(
    "example:orders/catalog@0.1.0",
    functions=(
        abi.Func(
            "[constructor]item",
            "__init__",
            (abi.Param("name", abi.STRING),),
            abi.Own(ITEM_TYPE),
            kind="constructor",
            resource=ITEM_TYPE,
        ),
        abi.Func(
            "[method]item.price",
            "price",
            (),
            abi.Result(abi.U32, STOCK_ERROR_TYPE),
            kind="method",
            resource=ITEM_TYPE,
            raises=True,
        ),
        abi.Func("products", "products", (), abi.List(PRODUCT_TYPE)),
        abi.Func(
            "stock",
            "stock",
            (abi.Param("item", abi.STRING),),
            abi.Result(abi.U32, STOCK_ERROR_TYPE),
            raises=True,
        ),
    ),
    resources=(ITEM_TYPE,),
)
