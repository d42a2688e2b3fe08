"""Floor 5: implementations of imports, with one folder per capability and one module per backend.

    with witkit.backends.open("key-value", "sqlite", path="orders.db") as stores:
        with component.instantiate(keyvalue=stores) as orders: ...

`witkit.backends.table` lists the backends. The module of a backend is imported only when the backend is opened.
"""

from witkit.backends.connect import Choice
from witkit.backends.connection import Connection, open

__all__ = ["Choice", "Connection", "open"]
