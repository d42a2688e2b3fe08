"""What `open` gives, as type checkers see it: a connection that has the attributes of its interface.

A generated package has its own classes for the types of an interface, and the runtime translates between packages. Type
checkers know nothing of that. They take these classes for exports of the interface, which every generated `instantiate`
accepts by the interface's name. Nothing here exists while a program runs.
"""

from __future__ import annotations

from typing import Literal

from witkit.interfaces.blob_store.blob_store import BlobStore
from witkit.interfaces.configs.configs import ConfigsInterface
from witkit.interfaces.distributed_locking.distributed_locking import DistributedLockingInterface
from witkit.interfaces.http.http_client import HttpClient
from witkit.interfaces.keyvalue.keyvalue import KeyvalueInterface
from witkit.interfaces.messaging.messaging import Messaging
from witkit.interfaces.sql.sql import SqlInterface
from witkit.interfaces.wasi_logging.logging import Logging
from witkit.runtime import ExportedInterface

from .connection import Connection
from .http_client import protocol
from .logs.protocol import Logs


class KeyValue(Connection, KeyvalueInterface, ExportedInterface[Literal["spiderlightning:keyvalue/keyvalue"]]):
    """Opened by `open("key-value")`."""


class Messages(Connection, Messaging, ExportedInterface[Literal["spiderlightning:messaging/messaging"]]):
    """Opened by `open("messaging")`."""


class Locks(
    Connection,
    DistributedLockingInterface,
    ExportedInterface[Literal["spiderlightning:distributed-locking/distributed-locking"]],
):
    """Opened by `open("locking")`."""


class Configurations(Connection, ConfigsInterface, ExportedInterface[Literal["spiderlightning:configs/configs"]]):
    """Opened by `open("configs")`."""


class BlobStores(Connection, BlobStore, ExportedInterface[Literal["spiderlightning:blob-store/blob-store"]]):
    """Opened by `open("blob-store")`."""


class Databases(Connection, SqlInterface, ExportedInterface[Literal["spiderlightning:sql/sql"]]):
    """Opened by `open("sql")`."""


class Log(Connection, Logging, ExportedInterface[Literal["wasi:logging/logging"]]):
    """Opened by `open("logging")`. `logs` is the backend, which has the `entries` if it is `memory`."""

    logs: Logs


class Requests(Connection, HttpClient, ExportedInterface[Literal["spiderlightning:http/http-client"]]):
    """Opened by `open("http-client")`. `client` is the backend, which has the `requests` if it is `memory`."""

    client: protocol.HttpClient
