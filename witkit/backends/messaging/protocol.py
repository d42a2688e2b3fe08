"""The protocol of backends for messages."""

from __future__ import annotations

import re
import secrets
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Final, Protocol

from witkit.backends.backend import Opened
from witkit.backends.failure import Failure, Kind

from .headers import NO_HEADERS, Headers

WAIT: Final = 0.2
"""The default for `wait`, in seconds."""

AGAIN: Final = 30.0
"""The default for `again`, in seconds."""

IDLE: Final = 3600.0
"""The default for `idle`, in seconds."""

_REPLIES: Final = re.compile(r"_replies\.[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Received:
    """A message that a subscription has given out. `receipt` is the backend's own, for acknowledging it.

    `attempt` counts how often the message was given out, from 1.
    """

    topic: str
    message: bytes
    receipt: Any = None
    attempt: int = 1
    headers: Headers = NO_HEADERS


class Messages(Opened, Protocol):
    """Brokers with topics. Everything raises Failure. docs/capabilities/messaging.md says what each backend promises.

    The limits are for the name of a broker, for a topic (`key`) and for a message (`value`). `wait` is how many seconds
    a program waits for a message if it does not say.

    A backend that carries headers says so with `carries_headers`. One that does not is published to without them, so
    that its `publish` may have three arguments.
    """

    wait: float
    carries_headers: bool = False

    @abstractmethod
    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        """Give the message to every subscription that the topic has now, or to none if this fails.

        Its headers come with it whenever it is received.

        Raises Failure: INVALID_VALUE for a message that is too large, FULL if there is no room for it.
        """

    @abstractmethod
    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        """A token for the messages that are published to the topic from now on.

        The subscriptions of one group share its messages: each goes to one of them. A group begins with its first
        subscription and stays when all have ended. Nobody can guess a token. Raises Failure (FULL) if there are too
        many.
        """

    def keep(self, broker: str, topic: str, group: str) -> None:
        """Have what is published to a topic from now on kept for a group, although nobody of it may receive yet.

        Raises Failure. Not all backends can do more than their table of promises says.
        """
        # A group stays when its subscriptions have ended, if the backend promises so.
        self.unsubscribe(self.subscribe(broker, topic, group))

    @abstractmethod
    def receive(self, token: str, wait: float) -> Received | None:
        """The oldest message of a subscription; None if none comes within `wait` seconds.

        Nobody else gets it until it is given back, or until it was not acknowledged within the time that the backend
        allows. Raises Failure (MISSING) for a token that is not valid.
        """

    @abstractmethod
    def acknowledge(self, token: str, received: Received) -> None:
        """Be done with a message. Doing this again, or after the end of the subscription, does nothing."""

    @abstractmethod
    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        """Let a message be received again after `delay` seconds, before all that wait then.

        Does nothing if it was acknowledged or given back.
        """

    @abstractmethod
    def unsubscribe(self, token: str) -> None:
        """End a subscription, and forget its messages if it has no group.

        Those of a group go to its other subscriptions. Ending it again, or after `close`, does nothing.

        This may be called at any moment, even in the middle of another call of the same thread: when an object that
        holds the subscription is collected.
        """


def topic_for_replies() -> str:
    """The name of a new topic for the replies to one request."""
    return f"_replies.{secrets.token_hex(16)}"


def is_for_replies(topic: str) -> bool:
    """Whether a topic has such a name: one that lives shortly, with a subscription that has no group."""
    return _REPLIES.fullmatch(topic) is not None


def closed() -> Failure:
    """The failure of every call after `close`."""
    return Failure(Kind.CLOSED, "messaging has been closed")
