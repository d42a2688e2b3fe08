"""The host side of `wit/orders.wit`: give the component a key-value store, place orders, meet a refusal."""

from pathlib import Path

from orders import Err, Orders
from orders.keyvalue import KeyvalueError_KeyNotFound

entries: dict[str, bytes] = {}


class Memory:
    class Keyvalue:
        @staticmethod
        def open(name: str) -> "Memory.Keyvalue":
            return Memory.Keyvalue()

        def get(self, key: str) -> bytes:
            if key not in entries:
                raise Err(KeyvalueError_KeyNotFound(key))
            return entries[key]

        def set(self, key: str, value: bytes) -> None:
            entries[key] = value

        def keys(self) -> list[str]:
            return sorted(entries)

        def delete(self, key: str) -> None:
            entries.pop(key, None)


with Orders.load(Path(__file__).with_name("orders.wasm")).instantiate(keyvalue=Memory()) as shop:
    print(shop.place("tea", 2))
    try:
        shop.place("teapot", 3)
    except Err as refused:
        print(f"refused: {refused.value}")
