"""The host side of `wit/orders.wit`: give the component a key-value store, place orders, meet a refusal."""

from pathlib import Path

from orders import Err, OrderError_OutOfStock, Orders, keyvalue


class Memory:
    """The imported interface: any object, or module, with these names will do."""

    class Keyvalue:
        """Its resource is a plain Python class; `keyvalue.Keyvalue` is the Protocol that it fits."""

        def __init__(self, data: dict[str, bytes]) -> None:
            self.data = data

        @classmethod
        def open(cls, name: str) -> "Memory.Keyvalue":
            return cls(STORES.setdefault(name, {}))

        def get(self, key: str) -> bytes:
            if key not in self.data:
                raise Err(keyvalue.KeyvalueError_KeyNotFound(key))
            return self.data[key]

        def set(self, key: str, value: bytes) -> None:
            self.data[key] = value

        def keys(self) -> list[str]:
            return sorted(self.data)

        def delete(self, key: str) -> None:
            self.data.pop(key, None)


STORES: dict[str, dict[str, bytes]] = {}

component = Orders.load(Path(__file__).with_name("orders.wasm"))  # compiled once, kept on disk, shared by threads
with component.instantiate(keyvalue=Memory()) as orders:
    print(orders.place("tea", 2))
    try:
        orders.place("teapot", 3)
    except Err as refused:
        match refused.value:
            case OrderError_OutOfStock(left):
                print(f"refused: only {left} left")
    with orders.catalog.Item("tea") as item:
        print(f"{orders.catalog.stock('tea')} packets of tea left, at {item.price()} cents each")
