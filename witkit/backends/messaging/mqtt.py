"""Topics of a broker for MQTT 5, such as Mosquitto.

A message of the topic has the topic `<prefix>/<broker>/<topic>` of MQTT, with names as `spelling` has them, and QoS 1.
A subscription is a client of the broker with a session of its own, which the broker keeps for the time `idle` while the
client is away. A group is a shared subscription: the broker deals its messages out to the sessions that there are, and
takes none back. Members of the group take over the session of one that has ended, see `mqtt_members`.

What is given back stays with this process, which also counts how often it was given out. What nobody listens to is kept
for a group that exists, or that will exist, see `mqtt_groups` and `mqtt_kept`.
"""

from __future__ import annotations

import itertools
import re
import secrets
import time
from dataclasses import dataclass, field
from functools import partial
from threading import Condition, Lock, Thread
from typing import Any, Final

from witkit.backends.backend import Backend
from witkit.backends.errors import wrong_setting
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import COUNT, SECONDS, SECRET, TEXT, TIME_LIMIT, BackendSettings, setting

from .headers import NO_HEADERS, Headers
from .mqtt_client import MQTT, NOBODY, URL, MqttLink, address, refused, subscribed
from .mqtt_groups import Groups
from .mqtt_headers import headers_of, properties_of
from .mqtt_kept import Kept, MqttSession
from .mqtt_members import FOREVER, GroupMember, GroupMembers, place_of
from .protocol import AGAIN, IDLE, WAIT, Messages, Received
from .spelling import spelled
from .subscriptions import Subscriptions

LIMITS: Final = Limits(name=1 << 16, key=1 << 16, value=1 << 24)

SLICE: Final = 0.2
"""The seconds after which somebody who waits looks whether the subscription has ended."""


def _host(text: str) -> None:
    if text and not re.fullmatch(r"[^\s/@?#:\[\]]+|[0-9A-Fa-f:.]+", text):
        raise wrong_setting("`host` is not a host", "its name or its address; the rest belongs in `url`", "host")


def _port(number: int) -> None:
    if number >= 1 << 16:
        raise wrong_setting("`port` must be less than 65,536", setting="port")


def _written(host: str) -> str:
    """A host as URLs have it."""
    return f"[{host}]" if ":" in host else host


@dataclass(frozen=True, slots=True, repr=False)
class MqttSettings(BackendSettings):
    url: str = setting(SECRET, "The broker, with user and password.", URL, checked=address)
    host: str = setting(TEXT, "The host of the broker, instead of `url`.", "", checked=_host)
    port: int = setting(COUNT, "The port of the broker, with `host`.", 1883, checked=_port)
    prefix: str = setting(TEXT, "The first level of all topics of MQTT.", "witkit")
    wait: float = setting(SECONDS, "How long `receive` waits for a message.", WAIT)
    again: float = setting(SECONDS, "After how long a message without acknowledgement is received again.", AGAIN)
    idle: float = setting(SECONDS, "How long the broker keeps a subscription whose program is away.", IDLE)
    timeout: float = setting(TIME_LIMIT, "How long a call may take.", 5.0)


@dataclass(slots=True)
class Arrived:
    """A message that the broker has sent over a link. It can be received when it is `due`.

    With the quality of service (`qos`) 0, which its publisher has chosen, the broker wants no acknowledgement.
    """

    link: MqttLink
    message: bytes
    headers: Headers
    number: int
    qos: int
    attempt: int
    due: float = 0.0
    is_held: bool = False


@dataclass(slots=True)
class Subscription:
    """`kept` has what the broker has kept for the group until there was this subscription."""

    topic: str
    prefix: str
    link: MqttLink = field(init=False)
    kept: MqttLink | None = None
    member: GroupMember | None = None
    changed: Condition = field(default_factory=Condition)
    arrived: dict[int, Arrived] = field(default_factory=dict)
    counted: Any = field(default_factory=itertools.count)
    is_over: bool = False

    def add(self, message: Any, link: MqttLink | None = None) -> None:
        with self.changed:
            # The broker says whether it has sent the message before, and not how often.
            headers, before = headers_of(message.properties, self.prefix), int(message.dup)
            found = Arrived(link or self.link, message.payload, headers, message.mid, message.qos, before)
            self.arrived[next(self.counted)] = found
            self.changed.notify_all()

    def forget(self, link: MqttLink | None = None) -> None:
        """Forget what was not acknowledged, which the broker sends again over a new connection."""
        with self.changed:
            lost = [place for place, found in self.arrived.items() if found.link is (link or self.link)]
            for place in lost:
                del self.arrived[place]

    def holds(self, link: MqttLink) -> bool:
        """Whether messages of a link have not been acknowledged."""
        with self.changed:
            return any(found.link is link for found in self.arrived.values())

    def take(self, again: float) -> Received | None:
        """The oldest message that can be received now."""
        for place, found in self.arrived.items():
            if found.due <= (now := time.monotonic()):
                found.attempt, found.due, found.is_held = found.attempt + 1, now + again, True
                return Received(self.topic, found.message, (place, found.attempt), found.attempt, found.headers)
        return None

    def held(self, received: Received) -> Arrived | None:
        place, attempt = received.receipt
        found = self.arrived.get(place)
        return found if found is not None and found.is_held and found.attempt == attempt else None


class MqttMessages(Messages):
    """The topics of one broker. One client publishes, and each subscription has another one."""

    limits = LIMITS
    carries_headers = True

    def __init__(self, settings: MqttSettings) -> None:
        self.wait, self._settings = settings.wait, settings
        self._url = f"mqtt://{_written(settings.host)}:{settings.port}" if settings.host else settings.url
        retain = partial(self._publish, retain=True)
        self._groups = Groups(self._link, retain, settings.prefix, settings.timeout)
        self._out = MqttLink(self._url, settings.timeout, on_lost=self._groups.forget)
        self._lock, self._kept = Lock(), Kept()
        self._members = GroupMembers(self._link, retain, settings.timeout)
        self._subscriptions: Subscriptions[Subscription] = Subscriptions(self._end)
        self.location = self._out.location

    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        self._subscriptions.expect_open()
        properties = properties_of(headers, self._prefix(broker)) if headers else None
        wanted, timeout = self._topic(broker, topic), self._settings.timeout
        kept = self._kept.of(wanted)
        for session in kept:
            if not self._groups.collects(wanted, session.group):
                session.begin(timeout)
        if self._publish(wanted, message, properties) == NOBODY:
            # Mosquitto has forgotten its groups when it starts.
            away = {session.group: session for session in kept}
            away |= {group: self._session(broker, topic, group) for group in self._groups.of(wanted)}
            for session in away.values():
                session.begin(timeout)
            if away:
                self._publish(wanted, message, properties)

    def keep(self, broker: str, topic: str, group: str) -> None:
        self._kept.add(self._session(broker, topic, group))

    def _publish(self, topic: str, message: bytes, properties: Any = None, retain: bool = False) -> int:
        """Publish to a topic of MQTT: the reason code of the broker. Raises Failure."""
        with self._lock:
            sent = self._connected().publish(topic, message, 1, retain, properties)
            try:
                sent.wait_for_publish(self._settings.timeout)
            except (RuntimeError, ValueError) as error:
                self._out.drop()
                raise Failure(Kind.UNREACHABLE, "there is no connection to the server", str(error)) from error
            if not sent.is_published():
                # Another client, because this one would send it once more, and later.
                self._out.drop()
                raise Failure(Kind.TIMEOUT, "the server did not answer in time")
            if (failure := refused(self._out.answer)) is not None:
                raise failure
            return self._out.answer

    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        self._subscriptions.expect_open()
        made, name = Subscription(topic, self._prefix(broker)), f"witkit-{secrets.token_hex(12)}"
        wanted, timeout = self._topic(broker, topic), self._settings.timeout
        if group is None:
            made.link = self._link(name, self._settings.idle, made.add, made.forget)
            subscribed(made.link, wanted, timeout)
            made.link.wanted = [(wanted, 1)]
            return self._subscriptions.add(made)
        session = self._session(broker, topic, group)
        made.kept = session.taken(made.add, made.forget)
        asked = f"$share/{spelled(group)}/{wanted}"
        place = place_of(self._settings.prefix, asked)
        made.member = GroupMember(name, asked, place, made.add, made.forget, made.holds)
        presence, again = made.member.presence, self._settings.again
        back = partial(self._back, made, session)
        made.link = self._link(name, FOREVER, made.add, back, presence=presence, away=again)
        subscribed(made.link, asked, timeout)
        made.link.wanted = [(asked, 1)]
        self._members.join(made.member)
        self._groups.add(wanted, group)
        if made.kept is not None:
            session.end(made.kept, timeout)
        return self._subscriptions.add(made)

    def _back(self, made: Subscription, session: MqttSession) -> None:
        """The link of a member is connected again. Others may have had messages kept while the broker knew no group."""
        made.forget()
        Thread(target=self._take_kept, args=(made, session), name="witkit-mqtt", daemon=True).start()

    def _take_kept(self, made: Subscription, session: MqttSession) -> None:
        if (link := session.taken(made.add, made.forget)) is None:
            return
        session.end(link, self._settings.timeout)
        with made.changed:
            before, made.kept = made.kept, link
        if before is not None:
            before.drop()
        if made.is_over:
            link.drop(idle=self._settings.idle)

    def receive(self, token: str, wait: float) -> Received | None:
        deadline = time.monotonic() + wait
        while True:
            found = self._subscriptions[token]
            with found.changed:
                if (received := found.take(self._settings.again)) is not None:
                    return received
                left = deadline - time.monotonic()
                due = min((each.due for each in found.arrived.values()), default=deadline) - time.monotonic()
                if left > 0:
                    found.changed.wait(max(0.0, min(left, due, SLICE)))
                    continue
            if not found.link.is_connected:
                self._subscriptions[token]
                raise Failure(Kind.UNREACHABLE, "there is no connection to the server")
            return None

    def acknowledge(self, token: str, received: Received) -> None:
        if (found := self._subscriptions.get(token)) is not None:
            with found.changed:
                if (held := found.held(received)) is not None:
                    del found.arrived[received.receipt[0]]
                    held.link.connected().ack(held.number, held.qos)

    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        if (found := self._subscriptions.get(token)) is not None:
            with found.changed:
                if (held := found.held(received)) is not None:
                    held.is_held, held.due = False, time.monotonic() + delay
                    found.changed.notify_all()

    def unsubscribe(self, token: str) -> None:
        self._subscriptions.end(token)

    def check(self) -> None:
        self._subscriptions.expect_open()
        with self._lock:
            self._connected()

    def close(self) -> None:
        if self._subscriptions.close():
            self._members.close()
            with self._lock:
                self._out.drop()

    def _connected(self) -> Any:
        """The client that publishes, another one if its connection was lost."""
        if not self._out.is_connected:
            self._out.drop()
            self._groups.forget()
        return self._out.connected()

    def _end(self, subscription: Subscription) -> None:
        subscription.is_over = True
        if subscription.member is not None:
            self._members.leave(subscription.member)
        # That of a group is left to its other members.
        subscription.link.drop(forget=subscription.member is None)
        if (kept := subscription.kept) is not None:
            # The broker may be about to send another one, so nothing is forgotten at once.
            kept.drop(idle=None if subscription.holds(kept) else self._settings.idle)

    def _session(self, broker: str, topic: str, group: str) -> MqttSession:
        return MqttSession(self._link, self._topic(broker, topic), group)

    def _link(self, *given: Any, **options: Any) -> MqttLink:
        return MqttLink(self._url, self._settings.timeout, *given, **options)

    def _topic(self, broker: str, topic: str) -> str:
        return f"{self._prefix(broker)}{spelled(topic)}"

    def _prefix(self, broker: str) -> str:
        return f"{self._settings.prefix}/{spelled(broker)}/"


backend = Backend("Topics of a broker for MQTT, such as Mosquitto.", MqttMessages, MqttSettings, LIMITS, MQTT)
