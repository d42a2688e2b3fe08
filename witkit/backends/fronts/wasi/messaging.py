"""`wasi:messaging/types` and `producer` over backends for messages."""

from __future__ import annotations

from typing import ClassVar, Final, Self

from witkit.abi import Err
from witkit.backends.failure import Kind
from witkit.backends.fronts.failures import Cases
from witkit.backends.messaging.protocol import Messages
from witkit.backends.route import Route
from witkit.interfaces.wasi_messaging import types as api

CASES: Final = Cases(
    api.Error_Other,
    {
        Kind.DENIED: api.Error_PermissionDenied,
        Kind.UNREACHABLE: api.Error_Connection,
        Kind.FULL: api.Error_Connection,
        Kind.IO: api.Error_Connection,
        Kind.CLOSED: api.Error_Connection,
        Kind.TIMEOUT: lambda _: api.Error_Timeout(),
    },
)


class Message:
    """`resource message`."""

    def __init__(self, data: bytes) -> None:
        self._data, self._topic = bytes(data), ""
        self._type: str | None = None
        self._metadata: dict[str, str] = {}

    @classmethod
    def received(cls, topic: str, data: bytes) -> Self:
        """A message that came on a topic."""
        made = cls(data)
        made._topic = topic
        return made

    @property
    def is_plain(self) -> bool:
        """Whether it has nothing but a payload."""
        return self._type is None and not self._metadata

    def topic(self) -> str | None:
        """The topic of a message that was received."""
        return self._topic or None

    def content_type(self) -> str | None:
        """The format of the payload."""
        return self._type

    def set_content_type(self, content_type: str) -> None:
        """State the format of the payload."""
        self._type = content_type

    def data(self) -> bytes:
        """The payload."""
        return self._data

    def set_data(self, data: bytes) -> None:
        """Replace the payload."""
        self._data = bytes(data)

    def metadata(self) -> list[tuple[str, str]] | None:
        """Names and values."""
        return list(self._metadata.items()) or None

    def add_metadata(self, key: str, value: str) -> None:
        """Set the value of a name."""
        self._metadata[key] = value

    def set_metadata(self, meta: list[tuple[str, str]]) -> None:
        """Replace all metadata."""
        self._metadata = dict(meta)

    def remove_metadata(self, key: str) -> None:
        """Remove a name."""
        self._metadata.pop(key, None)


class Client:
    """`resource client`: a broker."""

    _route: ClassVar[Route[Messages]]

    def __init__(self, name: str, messages: Messages) -> None:
        self._name, self._messages = name, messages
        self._is_connected = True

    @classmethod
    def connect(cls, name: str) -> Self:
        """The broker with this name."""
        with CASES.raised("messaging connect"):
            messages = cls._route(name)
            messages.check()
        return cls(name, messages)

    def disconnect(self) -> None:
        """End it for this component."""
        self._is_connected = False

    def send(self, topic: str, message: Message) -> None:
        """Publish a message."""
        if not self._is_connected:
            raise Err(api.Error_Connection("the client has been disconnected"))
        if not message.is_plain:
            raise Err(api.Error_Other("this host carries only payloads: no content type, no metadata"))
        data = message.data()
        if not data:
            raise Err(api.Error_Other("a message must have at least one byte"))
        with CASES.raised("messaging send"):
            self._messages.limits.check_key(topic)
            self._messages.limits.check_value(len(data))
            self._messages.publish(self._name, topic, data)


class Types:
    """`interface types`: the implementation for an import."""

    def __init__(self, route: Route[Messages]) -> None:
        self._client = type("Client", (Client,), {"_route": route, "__doc__": Client.__doc__})

    @property
    def Client(self) -> type[Client]:
        """The client's class on this route."""
        return self._client

    @property
    def Message(self) -> type[Message]:
        """The message's class, the same on all routes."""
        return Message


class Producer:
    """`interface producer`: the implementation for an import. The client knows its route."""

    def __init__(self, route: Route[Messages]) -> None:
        del route

    def send(self, c: Client, topic: str, message: Message) -> None:
        """Publish a message with a client."""
        c.send(topic, message)
