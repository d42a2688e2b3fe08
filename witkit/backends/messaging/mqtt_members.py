"""The sessions of a group, so that nothing is lost that the broker has dealt to a program that has ended.

The broker deals the messages of a group out to the sessions that it knows, also to those whose program is away, and
takes none back. So each member says with a retained message, on a topic of its own, that it is here; its will says that
it is gone. A member that is here takes over the session of one that is gone: it ends the subscription of that session,
receives what is left in it, and ends it. If nobody is here, the session goes on collecting for the next member.

Two members that take over a session at the same time take it from each other; one of them keeps it. Nothing is lost by
that, but a message can come twice.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Event, Lock, Thread
from typing import Any, Final

from witkit.backends.failure import Failure

from .mqtt_client import GONE, MqttLink, subscribed

FOREVER: Final = float(0xFFFFFFFE)
"""How long a broker keeps the session of a group, in seconds."""
TICK: Final = 0.2
"""The seconds between two looks at sessions."""
QUIET: Final = 3.0
"""The seconds without a message after which a session that was taken over is empty."""
RETRY: Final = (10.0, 30.0)
"""The bounds of the seconds after which a member tries once more to take over a session."""

Connect = Callable[..., MqttLink]
"""Makes a link from a client's name, `idle`, and what it does with messages."""


def place_of(prefix: str, asked: str) -> str:
    """Where the members of a group say whether they are here. No broker's name is spelled like that."""
    return f"{prefix}/=members/{sha256(asked.encode()).hexdigest()[:32]}"


@dataclass(slots=True)
class Taken:
    """A session that was taken over. `last` is when its last message came."""

    link: MqttLink
    last: float = field(default_factory=time.monotonic)


@dataclass(slots=True, eq=False)
class GroupMember:
    """A subscription in a group: the name of its client, and what it asked the broker for.

    `holds` says whether messages of a link have not been acknowledged yet.
    """

    name: str
    asked: str
    place: str
    on_message: Callable[[Any, MqttLink], None]
    on_lost: Callable[[MqttLink], None]
    holds: Callable[[MqttLink], bool]
    taken: dict[str, Taken] = field(default_factory=dict)

    @property
    def presence(self) -> str:
        """The topic of MQTT on which it says whether it is here."""
        return f"{self.place}/{self.name}"


class GroupMembers:
    """The members of groups in this process, and those that are gone elsewhere."""

    def __init__(self, connect: Connect, retain: Callable[[str, bytes], object], timeout: float) -> None:
        """`retain` publishes a message that the broker keeps for its topic."""
        self._connect, self._retain, self._timeout = connect, retain, timeout
        self._watch = connect("", 0, self._heard)
        self._here: dict[str, GroupMember] = {}
        self._gone: dict[tuple[str, str], float] = {}
        self._lock, self._ended = Lock(), Event()
        self._thread: Thread | None = None

    def join(self, member: GroupMember) -> None:
        """Look after the group from now on. Raises Failure."""
        with self._lock:
            self._here[member.name] = member
            topics = sorted({f"{each.place}/+" for each in self._here.values()})
            subscribed(self._watch, f"{member.place}/+", self._timeout, qos=0)
            self._watch.wanted = [(topic, 0) for topic in topics]
            if self._thread is None:
                self._thread = Thread(target=self._work, name="witkit-mqtt-members", daemon=True)
                self._thread.start()

    def leave(self, member: GroupMember) -> None:
        """Leave the sessions that were taken over to others."""
        with self._lock:
            self._here.pop(member.name, None)
            taken, member.taken = member.taken, {}
        for each in taken.values():
            each.link.drop()

    def close(self) -> None:
        """End the thread and the connection."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(self._timeout)
        self._watch.drop()

    def _heard(self, message: Any) -> None:
        """What a member has said: this one is here, gone, or all has been taken from it."""
        place, _, name = message.topic.rpartition("/")
        if message.payload == GONE and name not in self._here:
            # Others hear it at the same time.
            self._gone.setdefault((place, name), time.monotonic() + random.random() / 2)
        else:
            self._gone.pop((place, name), None)

    def _work(self) -> None:
        while not self._ended.wait(TICK):
            with suppress(Failure):
                self._look()

    def _look(self) -> None:
        """Take over what is gone, and end what is empty. Raises Failure."""
        now = time.monotonic()
        for key in [key for key, due in list(self._gone.items()) if due <= now]:
            place, name = key
            self._gone[key] = now + random.uniform(*RETRY)
            members = [each for each in list(self._here.values()) if each.place == place]
            if members and name not in members[0].taken:
                self._take(members[0], name)
        for member in list(self._here.values()):
            for name, taken in list(member.taken.items()):
                self._end(member, name, taken)

    def _take(self, member: GroupMember, name: str) -> None:
        def arrived(message: Any) -> None:
            taken.last = time.monotonic()
            member.on_message(message, link)

        link: MqttLink = self._connect(name, FOREVER, arrived, lambda: member.on_lost(link), is_single=False)
        taken = Taken(link)
        client = link.connected()
        if not link.was_known:
            link.drop(forget=True)
            self._retain(f"{member.place}/{name}", b"")
            return
        client.unsubscribe(member.asked)
        with self._lock:
            if member.name in self._here:
                member.taken[name] = taken
                return
        link.drop()

    def _end(self, member: GroupMember, name: str, taken: Taken) -> None:
        """End a session that is empty; one that another member has taken is not this one's any more."""
        if not taken.link.is_connected:
            member.taken.pop(name, None)
        elif time.monotonic() - taken.last > QUIET and not member.holds(taken.link):
            member.taken.pop(name, None)
            taken.link.drop(forget=True)
            self._retain(f"{member.place}/{name}", b"")
