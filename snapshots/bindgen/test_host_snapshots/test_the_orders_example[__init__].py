# Source: example:orders/orders@0.1.0

"""Host bindings of the world `example:orders/orders@0.1.0`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from witkit import abi, runtime
from witkit.abi import Err, Ok, Some

from . import catalog, keyvalue, run
from .catalog import Catalog
from .keyvalue import KeyvalueInterface
from .run import Run

__all__ = [
    "WORLD",
    "Err",
    "Ok",
    "OrderError",
    "OrderError_EmptyOrder",
    "OrderError_OutOfStock",
    "OrderError_Storage",
    "OrderError_UnknownItem",
    "Orders",
    "OrdersComponent",
    "Receipt",
    "Some",
    "catalog",
    "keyvalue",
    "run",
]


@dataclass(slots=True)
class Receipt:
    """The proof of an accepted order."""

    number: int
    """Orders are numbered from 1, in the order in which they were accepted."""
    item: str
    """What was ordered."""
    quantity: int
    """How many units were ordered."""
    total_cents: int
    """The price of the whole order, in cents."""


@dataclass(slots=True)
class OrderError_UnknownItem:
    """The shop does not sell an item of that name."""

    value: str


@dataclass(slots=True)
class OrderError_EmptyOrder:
    """An order needs at least one unit."""


@dataclass(slots=True)
class OrderError_OutOfStock:
    """Fewer units are left than were ordered; their number is attached."""

    value: int


@dataclass(slots=True)
class OrderError_Storage:
    """The key-value store failed; its message is attached."""

    value: str


OrderError: TypeAlias = (
    OrderError_UnknownItem
    | OrderError_EmptyOrder
    | OrderError_OutOfStock
    | OrderError_Storage
)
"""Why an order was not accepted."""


# What the runtime knows of these types and functions.
RECEIPT_TYPE = abi.Record(
    "receipt",
    Receipt,
    (
        abi.Field("number", "number", abi.U32),
        abi.Field("item", "item", abi.STRING),
        abi.Field("quantity", "quantity", abi.U32),
        abi.Field("total-cents", "total_cents", abi.U64),
    ),
)
ORDER_ERROR_TYPE = abi.Variant(
    "order-error",
    (
        abi.Case("unknown-item", OrderError_UnknownItem, abi.STRING),
        abi.Case("empty-order", OrderError_EmptyOrder),
        abi.Case("out-of-stock", OrderError_OutOfStock, abi.U32),
        abi.Case("storage", OrderError_Storage, abi.STRING),
    ),
)
WORLD = abi.World(
    "example:orders/orders@0.1.0",
    imports=(abi.Import("keyvalue", keyvalue.INTERFACE),),
    exports=(catalog.INTERFACE, run.INTERFACE),
    export_functions=(
        abi.Func(
            "place",
            "place",
            (abi.Param("item", abi.STRING), abi.Param("quantity", abi.U32)),
            abi.Result(RECEIPT_TYPE, ORDER_ERROR_TYPE),
            raises=True,
        ),
        abi.Func(
            "history",
            "history",
            (),
            abi.Result(abi.List(RECEIPT_TYPE), ORDER_ERROR_TYPE),
            raises=True,
        ),
    ),
)


class Orders(runtime.Instance):
    """A small order-taking application: it keeps its orders and its stock in a key-value store."""

    _world = WORLD

    @cached_property
    def catalog(self) -> Catalog:
        """The exported interface `example:orders/catalog@0.1.0`."""
        return Catalog(self)

    @cached_property
    def run(self) -> Run:
        """The exported interface `wasi:cli/run@0.2.0`."""
        return Run(self)

    def place(self, item: str, quantity: int) -> Receipt:
        """Places an order: takes the units from the stock and stores the receipt.

        Raises:
            Err: with a value of type `OrderError`.
        """
        result: Receipt = self._exports["place"](item, quantity)
        return result

    def history(self) -> list[Receipt]:
        """All receipts so far, oldest first.

        Raises:
            Err: with a value of type `OrderError`.
        """
        result: list[Receipt] = self._exports["history"]()
        return result


class OrdersComponent(runtime.Component):
    """A compiled component of the world `example:orders/orders@0.1.0`.

    `load` reads it from a file. Any number of instances can be made of it, in several threads.
    """

    _world = WORLD

    def instantiate(
        self,
        *,
        keyvalue: (
            KeyvalueInterface
            | runtime.ExportedInterface[Literal["spiderlightning:keyvalue/keyvalue"]]
            | None
        ),
        wasi: runtime.Wasi | None = None,
        limits: runtime.Limits | None = None,
        optional: Iterable[str] = (),
    ) -> Orders:
        """Make an instance.

        An import may be `None` only if `optional` names it, or if it belongs to WASI 0.2.
        """
        return self._instantiate(
            Orders,
            {
                "keyvalue": keyvalue,
            },
            wasi,
            limits,
            optional,
        )

    def prepare(
        self,
        *,
        keyvalue: (
            KeyvalueInterface
            | runtime.ExportedInterface[Literal["spiderlightning:keyvalue/keyvalue"]]
            | None
        ),
        optional: Iterable[str] = (),
    ) -> runtime.Prepared[Orders]:
        """Match and link the imports once, to make many instances."""
        return self._prepare(
            Orders,
            {
                "keyvalue": keyvalue,
            },
            optional,
        )
