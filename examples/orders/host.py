"""The host side of `wit/orders.wit`: give the component a key-value store, place orders, meet a refusal."""

from pathlib import Path
from typing import ClassVar, Self

from orders import Err, OrderError_OutOfStock, Orders
from orders.keyvalue import KeyvalueError_KeyNotFound


class Memory:
    """The imported interface, kept in a dictionary. Its resource is the class `Keyvalue`."""

    class Keyvalue:
        entries: ClassVar[dict[str, bytes]] = {}

        @classmethod
        def open(cls, name: str) -> Self:
            return cls()

        def get(self, key: str) -> bytes:
            if key not in self.entries:
                raise Err(KeyvalueError_KeyNotFound(key))
            return self.entries[key]

        def set(self, key: str, value: bytes) -> None:
            self.entries[key] = value

        def keys(self) -> list[str]:
            return sorted(self.entries)

        def delete(self, key: str) -> None:
            self.entries.pop(key, None)


with Orders.load(Path(__file__).with_name("orders.wasm")).instantiate(keyvalue=Memory()) as shop:
    print(shop.place("tea", 2))
    try:
        shop.place("teapot", 3)
    except Err as refused:
        match refused.value:
            case OrderError_OutOfStock(left):
                print(f"refused: only {left} left")
    print(shop.catalog.stock("tea"), "packets of tea left")
