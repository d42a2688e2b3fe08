"""Floor 5: what stands behind an import. One folder a capability, one module a backend.

    with witkit.backends.open("key-value", "sqlite", path="orders.db") as stores:
        with component.instantiate(keyvalue=stores) as orders: ...

`witkit.backends.table` knows which backends there are and imports one only when it is opened.
"""

from witkit.backends.connect import Choice
from witkit.backends.connection import Connection, open

__all__ = ["Choice", "Connection", "open"]
