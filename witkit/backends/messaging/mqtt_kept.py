"""Messages that a broker for MQTT keeps for a group that nobody is in yet.

A group of MQTT is its sessions, so a broker has nobody to keep a message for while there is none. For topics of dead
letters, and for groups that a broker has forgotten, witkit then makes a session of its own, which has the topic but no
client. Who subscribes to the topic for the group, or is connected again, takes over what is in it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any, Final

from witkit.backends.failure import Failure

from .mqtt_client import MqttLink, subscribed, unsubscribed
from .mqtt_members import FOREVER, Connect

LOG: Final = logging.getLogger("witkit.messages")


@dataclass(frozen=True, slots=True)
class MqttSession:
    """The session of a group for a topic of MQTT."""

    connect: Connect
    topic: str
    group: str

    @property
    def name(self) -> str:
        """The same in all hosts."""
        return f"witkit-kept-{sha256(f'{self.topic}{chr(0)}{self.group}'.encode()).hexdigest()[:32]}"

    def begin(self, timeout: float) -> None:
        """Have messages kept from now on. Raises Failure."""
        link = self.connect(self.name, FOREVER)
        try:
            subscribed(link, self.topic, timeout)
        finally:
            link.drop()

    def taken(
        self, on_message: Callable[[Any, MqttLink], None], on_lost: Callable[[MqttLink], None]
    ) -> MqttLink | None:
        """A link that receives what is in the session; None if there is none, or if another client has just taken it.

        Messages go on coming until `unsubscribe` of the client. Another client that takes the session ends the link.
        """
        link: MqttLink = self.connect(
            self.name,
            FOREVER,
            lambda message: on_message(message, link),
            lambda: on_lost(link),
            is_single=False,
        )
        try:
            link.connected()
        except Failure as failure:
            LOG.debug("what is kept for `%s` in %s stays there: %s", self.group, self.topic, failure)
            link.drop()
            return None
        if link.was_known:
            return link
        link.drop(forget=True)
        return None

    def end(self, link: MqttLink, timeout: float) -> None:
        """Have nothing more kept in a session that was taken: its subscription gets what comes from here on."""
        with suppress(Failure):  # another one has the session now, and does the same
            unsubscribed(link, self.topic, timeout)


class Kept:
    """The topics whose messages are kept, and for whom."""

    def __init__(self) -> None:
        self._sessions: dict[str, dict[str, MqttSession]] = {}
        self._lock = Lock()

    def add(self, session: MqttSession) -> None:
        """Have messages of its topic kept if nobody listens."""
        with self._lock:
            self._sessions.setdefault(session.topic, {})[session.group] = session

    def of(self, topic: str) -> list[MqttSession]:
        """The sessions that have to be there before a message is published to a topic of MQTT."""
        with self._lock:
            return list(self._sessions.get(topic, {}).values())
