"""A connection to a broker for MQTT 5, and its errors as failures."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from witkit.backends.backend import Requirement
from witkit.backends.errors import wrong_setting
from witkit.backends.failure import Failure, Kind

if TYPE_CHECKING:
    from paho.mqtt.client import Client

MQTT: Final = Requirement("paho", "mqtt")

URL: Final = "mqtt://127.0.0.1:1883"
"""The default for `url`."""

_DENIED: Final = {134, 135, 138}
"""Reason codes: wrong name or password, not allowed, banned."""

_QUOTA: Final = 151
"""The reason code for no room."""

HERE: Final = b"here"
GONE: Final = b"gone"
"""What the broker keeps on the topic of a client's presence."""

NOBODY: Final = 16
"""The reason code for a message that nobody has subscribed to."""


class MqttLink:
    """One client of a broker, with a thread of its own that connects again by itself.

    `on_message` gets each message of QoS 1, which has to be acknowledged by hand. `on_lost` is called when what was not
    acknowledged will come again, because the connection is a new one.
    """

    def __init__(
        self,
        url: str,
        timeout: float,
        name: str = "",
        idle: float = 0,
        on_message: Callable[[Any], None] | None = None,
        on_lost: Callable[[], None] = lambda: None,
        *,
        is_single: bool = True,
        presence: str = "",
        away: float = 0,
    ) -> None:
        """Connect to nothing yet. With a `name`, the broker keeps the session for `idle` seconds without a connection.

        If it is not `is_single`, others may take over the session, so this link ends with its connection. The topic
        `presence` says whether the client is here, or has been away for `idle` seconds.

        Raises WitkitError (WIT0910) if the URL is wrong."""
        self._address, self._timeout, self._name, self._idle = address(url), max(timeout, 0.001), name, idle
        self._presence, self._away = presence, away
        self._on_message, self._on_lost, self._is_single = on_message, on_lost, is_single
        self._client: Client | None = None
        self._answered, self._reason = Event(), 0
        self.was_known = False
        """Whether the broker had the session when the link was made."""
        self.answer = 0
        """The reason code with which the broker has taken the last message that was published."""
        self.wanted: list[tuple[str, int]] = []
        """Topics and QoS to subscribe to over every new connection: Mosquitto forgets groups when it starts."""
        self.location = f"MQTT at {self._address[1]}:{self._address[2]}"

    @property
    def is_connected(self) -> bool:
        return self._client is not None and self._client.is_connected()

    def connected(self) -> Client:
        """The client, which has a connection. Raises Failure: UNREACHABLE, DENIED or TIMEOUT."""
        if self._client is None:
            self._client = self._new()
            self._start(self._client)
        if not self._answered.wait(self._timeout):
            self.drop()
            raise Failure(Kind.TIMEOUT, "the server did not answer in time")
        if self._reason:
            reason, said = self._reason, f"reason code {self._reason}"
            self.drop()
            if reason in _DENIED:
                raise Failure(Kind.DENIED, "the server refuses the credentials, or these may not do it", said)
            raise Failure(Kind.UNREACHABLE, "there is no connection to the server", said)
        if not self._client.is_connected():
            raise Failure(Kind.UNREACHABLE, "there is no connection to the server")
        return self._client

    def drop(self, *, forget: bool = False, idle: float | None = None) -> None:
        """End the connection. With `forget`, the broker forgets the session too, and with `idle` after that time."""
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        client, self._client = self._client, None
        self._answered.clear()
        if client is None:
            return
        properties = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call]
        if forget or idle is not None:
            properties.SessionExpiryInterval = _seconds(idle or 0.0)
        with suppress(OSError, ValueError):
            if self._presence:
                # Nobody waits for the answer: if the broker does not get this, it has the will.
                client.publish(self._presence, GONE, 1, True)
            client.disconnect(properties=properties)
        # This waits for the client's thread, which sometimes waits for a silent broker until it has missed a ping.
        stopping = Thread(target=client.loop_stop, name="witkit-mqtt", daemon=True)
        stopping.start()
        stopping.join(self._timeout)

    def _new(self) -> Client:
        from paho.mqtt.client import Client, MQTTv5
        from paho.mqtt.enums import CallbackAPIVersion

        client = Client(CallbackAPIVersion.VERSION2, self._name, protocol=MQTTv5, manual_ack=True)
        scheme, _, _, user, password = self._address
        if user is not None:
            client.username_pw_set(user, password)
        if scheme == "mqtts":
            client.tls_set()
        if self._presence:
            client.will_set(self._presence, GONE, 1, True, self._will())
        client.connect_timeout = self._timeout
        client.reconnect_delay_set(1, 2)
        client.on_connect, client.on_disconnect = self._connected, self._disconnected
        client.on_publish = self._published
        client.on_message = lambda _, __, message: self._on_message and self._on_message(message)
        return client

    def _will(self) -> Any:
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        properties = Properties(PacketTypes.WILLMESSAGE)  # type: ignore[no-untyped-call]
        properties.WillDelayInterval = _seconds(self._away)
        return properties

    def _start(self, client: Client) -> None:
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = _seconds(self._idle)
        try:
            _, host, port, _, _ = self._address
            client.connect(host, port, keepalive=30, clean_start=not self._name, properties=properties)
        except OSError as error:
            self.drop()
            kind = Kind.TIMEOUT if isinstance(error, TimeoutError) else Kind.UNREACHABLE
            raise Failure(kind, "there is no connection to the server", str(error)) from error
        client.loop_start()

    def _connected(self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if self._answered.is_set():
            self._on_lost()
            if self.wanted and not reason.value:
                client.subscribe(self.wanted)
        else:
            self.was_known = bool(flags.session_present)
        if self._presence and not reason.value:
            client.publish(self._presence, HERE, 1, True)
        self._reason = reason.value
        self._answered.set()

    def _disconnected(self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if client is self._client and not self._is_single:
            # Perhaps another one has the session now. Both would take it from each other if they connected again.
            self._on_lost()
            # Not in this thread, which is the one that `drop` waits for.
            Thread(target=self.drop, name="witkit-mqtt", daemon=True).start()

    def _published(self, client: Any, userdata: Any, number: int, reason: Any, properties: Any) -> None:
        self.answer = reason.value


def subscribed(link: MqttLink, wanted: str, timeout: float, qos: int = 1) -> None:
    """Subscribe, and wait until the broker has done so. Raises Failure."""
    client, done = link.connected(), Event()
    codes: list[int] = []

    def answered(_: Any, __: Any, ___: Any, reasons: Any, ____: Any) -> None:
        codes.extend(reason.value for reason in reasons)
        done.set()

    client.on_subscribe = answered
    client.subscribe(wanted, qos=qos)
    if not done.wait(timeout) or any(code >= 128 for code in codes):
        link.drop(forget=True)
        if codes:
            raise Failure(Kind.DENIED, "the server refuses the subscription", f"reason codes {codes}")
        raise Failure(Kind.TIMEOUT, "the server did not answer in time")


def unsubscribed(link: MqttLink, topic: str, timeout: float) -> None:
    """End a subscription, and wait until the broker has done so, or does not say so in time. Raises Failure."""
    client, done = link.connected(), Event()
    client.on_unsubscribe = lambda *_: done.set()
    client.unsubscribe(topic)
    done.wait(timeout)


def refused(answer: int) -> Failure | None:
    """Why the broker has not taken a message, for its reason code; None if it has."""
    if answer < 128:
        return None
    said = f"reason code {answer}"
    if answer in _DENIED:
        return Failure(Kind.DENIED, "the server refuses the credentials, or these may not do it", said)
    if answer == _QUOTA:
        return Failure(Kind.FULL, "the server has no room left", said)
    return Failure(Kind.OTHER, "the server refuses the operation", said)


def _seconds(idle: float) -> int:
    """How long a session is kept, as the protocol has it."""
    return min(round(idle), 0xFFFFFFFE)


def address(url: str) -> tuple[str, str, int, str | None, str | None]:
    """Scheme, host, port, user and password of the setting `url`. Raises WitkitError (WIT0910)."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname or parts.port == 0:
            raise ValueError
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError
        port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
        user, password = (None if each is None else unquote(each) for each in (parts.username, parts.password))
        return parts.scheme, parts.hostname, port, user, password
    except ValueError:
        help = "mqtt://user:password@host:1883, or mqtts://… for TLS"
        raise wrong_setting("`url` is not the URL of a broker for MQTT", help, "url") from None
