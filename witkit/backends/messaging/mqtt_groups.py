"""Which groups listen to the topics of a broker for MQTT, also while their programs are away.

A broker does not say which groups a topic has. It may say that nobody listens to a message, but need not, and says
nothing of a group if anything else listens, such as a monitor with `#`. So members of groups write down, in retained
messages, that their group exists, and whether they are here (see `mqtt_members`): also who is away has a session, which
collects what comes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import sha256
from threading import Event
from typing import Any, Final

from witkit.backends.failure import Failure, Kind

from .mqtt_client import subscribed
from .mqtt_members import Connect, place_of
from .spelling import spelled

MOST: Final = 1000
"""The most topics of which it is remembered that they have no groups."""


class Groups:
    """The groups of one broker, as their members have written them down."""

    def __init__(self, connect: Connect, retain: Callable[[str, bytes], object], prefix: str, timeout: float) -> None:
        """`retain` publishes a message that the broker keeps for its topic."""
        self._connect, self._retain, self._prefix, self._timeout = connect, retain, prefix, timeout
        self._without, self._collecting = set[str](), set[tuple[str, str]]()

    def add(self, topic: str, group: str) -> None:
        """Write down that a topic of MQTT has a group. Raises Failure."""
        self._retain(f"{self._place(topic)}/{_hash(group)}", group.encode())

    def of(self, topic: str) -> list[str]:
        """The groups of a topic of MQTT. Raises Failure."""
        if topic in self._without:
            return []
        found = self._retained(self._place(topic))
        if not found:
            if len(self._without) >= MOST:
                self._without.clear()
            self._without.add(topic)
        return [each.decode() for each in found]

    def collects(self, topic: str, group: str) -> bool:
        """Whether a group has a member, here or away, which gets what is published. Raises Failure."""
        if (topic, group) in self._collecting:
            return True
        if found := bool(self._retained(place_of(self._prefix, f"$share/{spelled(group)}/{topic}"))):
            self._collecting.add((topic, group))
        return found

    def forget(self) -> None:
        """Ask the broker again, because it may be another one, or have forgotten."""
        self._without, self._collecting = set(), set()

    def _place(self, topic: str) -> str:
        return f"{self._prefix}/=groups/{_hash(topic)}"

    def _retained(self, place: str) -> list[bytes]:
        """The messages that the broker keeps on the topics of a place. Raises Failure."""
        found, ended, last = list[bytes](), Event(), f"{place}/={secrets.token_hex(8)}"

        def heard(message: Any) -> None:
            if message.topic == last:
                ended.set()
            elif message.retain and message.payload:
                found.append(message.payload)

        link = self._connect("", 0, heard)
        try:
            subscribed(link, f"{place}/+", self._timeout, qos=0)
            link.connected().publish(last, b"end")  # comes after what is kept
            if not ended.wait(self._timeout):
                raise Failure(Kind.TIMEOUT, "the server did not answer in time")
        finally:
            link.drop()
        return found


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
