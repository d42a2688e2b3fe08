"""The host side of `wit/orders.wit`: give the component a key-value store, place orders, meet a refusal."""

from pathlib import Path

from orders import Err, OrdersComponent, keyvalue

entries: dict[str, bytes] = {}


class Memory:  # the imported interface: any object or module with these names
    class Keyvalue:  # a WIT resource is a plain Python class; keyvalue.Keyvalue is the Protocol it fits
        @classmethod
        def open(cls, name: str) -> "Memory.Keyvalue":
            return cls()

        def get(self, key: str) -> bytes:
            if key not in entries:
                raise Err(keyvalue.KeyvalueError_KeyNotFound(key))  # result<T, E>: return T, raise Err(E)
            return entries[key]

        def set(self, key: str, value: bytes) -> None:
            entries[key] = value

        def keys(self) -> list[str]:
            return sorted(entries)

        def delete(self, key: str) -> None:
            entries.pop(key, None)


component = OrdersComponent.load(Path(__file__).with_name("orders.wasm"))  # compiled once, then cached on disk
with component.instantiate(keyvalue=Memory()) as orders, orders.catalog.Item("tea") as tea:
    print(orders.place("tea", 2), f"at {tea.price()} cents each")
    try:
        orders.place("teapot", 3)
    except Err as refused:
        print(f"refused: {refused.value}")
