"""`spiderlightning:messaging/messaging` over backends for messages."""

from __future__ import annotations

import weakref
from typing import ClassVar, Final, Self

from witkit.abi import Err
from witkit.backends.failure import Kind
from witkit.backends.fronts.failures import Cases
from witkit.backends.messaging.protocol import Messages
from witkit.backends.selector import Selector
from witkit.interfaces.messaging import messaging as api

_ALWAYS: Final = {
    Kind.MISSING: api.MessagingError_QueueOrTopicNotFound,
    Kind.INVALID_NAME: api.MessagingError_QueueOrTopicNotFound,
    Kind.INVALID_KEY: api.MessagingError_QueueOrTopicNotFound,
    Kind.INVALID_VALUE: api.MessagingError_PayloadTooLarge,
    Kind.INVALID_TYPE: api.MessagingError_UnsupportedMessageFormat,
    Kind.DENIED: api.MessagingError_InsufficientPermissions,
    Kind.UNREACHABLE: api.MessagingError_ServiceUnavailable,
    Kind.TIMEOUT: api.MessagingError_ServiceUnavailable,
    Kind.FULL: api.MessagingError_ServiceUnavailable,
    Kind.IO: api.MessagingError_ServiceUnavailable,
    Kind.CLOSED: api.MessagingError_ConnectionLost,
}
CASES: Final = Cases(api.MessagingError_UnexpectedError, _ALWAYS)
PUBLISHING: Final = Cases(
    api.MessagingError_UnexpectedError,
    {
        **_ALWAYS,
        Kind.UNREACHABLE: api.MessagingError_ConnectionLost,
        Kind.TIMEOUT: api.MessagingError_ConnectionLost,
        Kind.FULL: api.MessagingError_DeliveryFailed,
        Kind.IO: api.MessagingError_DeliveryFailed,
    },
)
"""Of a message that got no answer, nobody knows whether it was taken."""


class Pub:
    """`resource pub`: publishes to the topics of one broker."""

    _selector: ClassVar[Selector[Messages]]

    def __init__(self, name: str, messages: Messages) -> None:
        self._name, self._messages = name, messages

    @classmethod
    def open(cls, name: str) -> Self:
        """A producer for the broker with this name."""
        return cls(name, _opened(cls._selector, name))

    def publish(self, msg: bytes, topic: str) -> None:
        """Raises `unsupported-message-format` for an empty message, `payload-too-large` for one that never fits,
        `delivery-failed` if there is no room for it now."""
        with PUBLISHING.raised("messaging publish"):
            self._messages.limits.check_key(topic)
            self._messages.limits.check_value(len(msg))
            if msg:
                self._messages.publish(self._name, topic, bytes(msg))
            else:
                self._messages.check()
        if not msg:
            raise Err(api.MessagingError_UnsupportedMessageFormat("a message must have at least one byte"))


class Sub:
    """`resource sub`: the subscriptions of one consumer, which end with it."""

    _selector: ClassVar[Selector[Messages]]

    def __init__(self, name: str, messages: Messages) -> None:
        self._name, self._messages = name, messages
        self._tokens: set[str] = set()

    @classmethod
    def open(cls, name: str) -> Self:
        """A consumer for the broker with this name."""
        return cls(name, _opened(cls._selector, name))

    def subscribe(self, topic: str) -> str:
        """A token for the messages published to the topic from now on. Raises `service-unavailable`."""
        with CASES.raised("messaging subscribe"):
            self._messages.limits.check_key(topic)
            token = self._messages.subscribe(self._name, topic)
        weakref.finalize(self, self._messages.unsubscribe, token).atexit = False
        self._tokens.add(token)
        return token

    def receive(self, sub_tok: str) -> bytes:
        """The oldest message, or empty if none comes. Raises `queue-or-topic-not-found` for an unknown token.

        The interface cannot acknowledge, so a message is done with once the guest gets it.
        """
        with CASES.raised("messaging receive"):
            if sub_tok not in self._tokens:
                self._messages.check()
                raise Err(api.MessagingError_QueueOrTopicNotFound(sub_tok))
            received = self._messages.receive(sub_tok, self._messages.wait)
            if received is None:
                return b""
            self._messages.acknowledge(sub_tok, received)
            return received.message


def _opened(selector: Selector[Messages], name: str) -> Messages:
    with CASES.raised("messaging open"):
        messages = selector(name)
        messages.check()
        return messages


class Messaging:
    """`interface messaging`: the implementation for an import."""

    def __init__(self, selector: Selector[Messages]) -> None:
        self._pub = type("Pub", (Pub,), {"_selector": selector, "__doc__": Pub.__doc__})
        self._sub = type("Sub", (Sub,), {"_selector": selector, "__doc__": Sub.__doc__})

    @property
    def Pub(self) -> type[Pub]:
        """The producer's class of this selector."""
        return self._pub

    @property
    def Sub(self) -> type[Sub]:
        """The consumer's class of this selector."""
        return self._sub
