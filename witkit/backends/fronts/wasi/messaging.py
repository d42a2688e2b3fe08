"""`wasi:messaging/types`, `producer` and `request-reply` over backends for messages."""

from __future__ import annotations

from typing import ClassVar, Final, Self

from witkit.abi import Err
from witkit.backends.failure import Kind
from witkit.backends.fronts.failures import Cases
from witkit.backends.messaging.headers import Headers
from witkit.backends.messaging.protocol import Messages, Received
from witkit.backends.messaging.requests import request
from witkit.backends.messaging.sending import send
from witkit.backends.selector import Selector
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

PATIENCE: Final = 10_000
"""The milliseconds that a request waits without options."""


class Message:
    """`resource message`."""

    def __init__(self, data: bytes) -> None:
        self._data, self._topic = bytes(data), ""
        self._type: str | None = None
        self._metadata: dict[str, str] = {}
        self._reply_to: str | None = None
        self._from: tuple[Messages, str] | None = None
        self._correlation: dict[str, str] = {}

    @classmethod
    def received(cls, found: Received, messages: Messages, broker: str) -> Self:
        """A message that came from a broker."""
        made = cls(found.message)
        made._topic, made._from = found.topic, (messages, broker)
        made._type, made._reply_to = found.headers.content_type, found.headers.reply_to
        made._metadata, made._correlation = dict(found.headers.metadata), found.headers.correlation
        return made

    @property
    def headers(self) -> Headers:
        """What is sent beside the payload."""
        return Headers(self._type, None, dict(self._metadata))

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

    def answer(self, reply: Message) -> None:
        """Publish a reply to a message that was received and wants one."""
        if self._from is None or self._reply_to is None:
            raise Err(api.Error_Other("nobody waits for a reply to this message"))
        messages, broker = self._from
        with CASES.raised("messaging reply"):
            headers = Headers(reply._type, None, {**self._correlation, **reply._metadata})
            send(messages, broker, self._reply_to, reply.payload(), headers)

    def payload(self) -> bytes:
        """The payload of a message that is sent, which cannot be empty."""
        if not self._data:
            raise Err(api.Error_Other("a message must have at least one byte"))
        return self._data


class Client:
    """`resource client`: a broker."""

    _selector: ClassVar[Selector[Messages]]

    def __init__(self, name: str, messages: Messages) -> None:
        self._name, self._messages = name, messages
        self._is_connected = True

    @classmethod
    def connect(cls, name: str) -> Self:
        """The broker with this name."""
        with CASES.raised("messaging connect"):
            messages = cls._selector(name)
            messages.check()
        return cls(name, messages)

    def disconnect(self) -> None:
        """End it for this component."""
        self._is_connected = False

    def send(self, topic: str, message: Message) -> None:
        """Publish a message."""
        self._expect_connected()
        data = message.payload()
        with CASES.raised("messaging send"):
            send(self._messages, self._name, topic, data, message.headers)

    def request(self, topic: str, message: Message, options: RequestOptions) -> list[Message]:
        """Publish a message and wait for replies. Raises `timeout` if none comes."""
        self._expect_connected()
        data, wait, expected = message.payload(), options.timeout_ms / 1000, options.expected
        with CASES.raised("messaging request"):
            replies = request(self._messages, self._name, topic, data, message.headers, wait, expected)
        if expected and not replies:
            raise Err(api.Error_Timeout())
        return [Message.received(each, self._messages, self._name) for each in replies]

    def _expect_connected(self) -> None:
        if not self._is_connected:
            raise Err(api.Error_Connection("the client has been disconnected"))


class Types:
    """`interface types`: the implementation for an import."""

    def __init__(self, selector: Selector[Messages]) -> None:
        self._client = type("Client", (Client,), {"_selector": selector, "__doc__": Client.__doc__})

    @property
    def Client(self) -> type[Client]:
        """The client's class of this selector."""
        return self._client

    @property
    def Message(self) -> type[Message]:
        """The message's class, the same for all selectors."""
        return Message


class Producer:
    """`interface producer`: the implementation for an import. The client knows its selector."""

    def __init__(self, selector: Selector[Messages]) -> None:
        del selector

    def send(self, c: Client, topic: str, message: Message) -> None:
        """Publish a message with a client."""
        c.send(topic, message)


class RequestOptions:
    """`resource request-options`."""

    def __init__(self) -> None:
        self.timeout_ms, self.expected = PATIENCE, 1

    def set_timeout_ms(self, timeout_ms: int) -> None:
        """How many milliseconds a request waits."""
        self.timeout_ms = timeout_ms

    def set_expected_replies(self, expected_replies: int) -> None:
        """How many replies it waits for."""
        self.expected = expected_replies


class RequestReply:
    """`interface request-reply`: the implementation for an import. Clients and messages know their selector."""

    def __init__(self, selector: Selector[Messages]) -> None:
        del selector

    def request(self, c: Client, topic: str, message: Message, options: RequestOptions | None) -> list[Message]:
        """Publish a message with a client and wait for replies."""
        return c.request(topic, message, options or RequestOptions())

    def reply(self, reply_to: Message, message: Message) -> None:
        """Answer a message."""
        reply_to.answer(message)

    @property
    def RequestOptions(self) -> type[RequestOptions]:
        """The class of options."""
        return RequestOptions
