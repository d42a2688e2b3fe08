"""Backends for messages in tests: where each keeps them, and what the documentation says that it promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest

import witkit.backends
from tests.conftest import REPOSITORY
from tests.services.names import new_name
from witkit.backends.connect import Choice
from witkit.backends.messaging.protocol import Messages
from witkit.backends.messaging.spelling import spelled
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES

PAGE = REPOSITORY / "docs" / "capabilities" / "messaging.md"

SERVERS = {"redis": "redis", "nats": "nats", "rabbitmq": "rabbitmq", "mqtt": "mosquitto", "kafka": "kafka"}
"""The server of each backend that has one."""

ALL = [
    pytest.param(name, marks=getattr(pytest.mark, SERVERS[name])) if name in SERVERS else name
    for name in CAPABILITIES["messaging"].backends
]


@dataclass(frozen=True)
class Backend:
    """One backend with settings that keep it inside the test's folder, or among what is the test's on a server."""

    name: str
    settings: dict[str, Any]

    @contextmanager
    def opened(self, **more: Any) -> Iterator[Any]:
        """The interface as the import of a component gets it."""
        with witkit.backends.open("messaging", self.name, **{**self.settings, **more}) as found:
            yield found

    @contextmanager
    def spoken(self, **more: Any) -> Iterator[Messages]:
        """What is behind the interface."""
        with ExitStack() as stack:
            found: Any = Openings(stack).open(CAPABILITIES["messaging"], Choice(self.name, {**self.settings, **more}))
            yield found

    def promises(self, promise: str) -> bool:
        """Whether the table in the documentation has `yes` for this backend."""
        return promised()[promise][self.name].startswith("yes")


def backend_of(name: str, request: pytest.FixtureRequest) -> Backend:
    """The backend of this name, where nothing but the test is."""
    match name:
        case "memory":
            return Backend(name, {})
        case "sqlite":
            # On a busy machine, a process may stop for seconds in the middle of a change.
            return Backend(name, {"path": request.getfixturevalue("tmp_path") / "messages.db", "timeout": 60})
        case "redis":
            url, prefix = (request.getfixturevalue(fixture) for fixture in ("redis_url", "redis_prefix"))
            return Backend(name, {"url": url, "prefix": prefix})
        case "nats":
            url, stream = (request.getfixturevalue(fixture) for fixture in ("nats_url", "nats_prefix"))
            return Backend(name, {"url": url, "stream": stream})
        case "mqtt":
            url, prefix = request.getfixturevalue("mosquitto_url"), new_name()
            request.addfinalizer(lambda: forgotten(url, prefix))
            return Backend(name, {"url": url, "prefix": prefix, "idle": 20})
        case "kafka":
            return Backend(name, {"url": request.getfixturevalue("kafka_url"), "prefix": new_name(), "session": 3})
        case _:
            url = request.getfixturevalue(f"{SERVERS[name]}_url")
            prefix = new_name()
            request.addfinalizer(lambda: removed(url, prefix))
            return Backend(name, {"url": url, "prefix": prefix, "idle": 20})


def removed(url: str, prefix: str) -> None:
    """Remove the exchange of a test from RabbitMQ, and the queues of its groups. Others end by themselves."""
    import pika

    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        for group in ("workers", "others"):
            for topic in ("orders", "orders.dead"):
                channel.queue_delete(f"{prefix}.g{spelled(f'broker{chr(0)}{topic}{chr(0)}{group}')}")
        channel.exchange_delete(f"{prefix}-messages")


def presences(url: str, prefix: str, level: str = "=members") -> dict[str, bytes]:
    """What a broker for MQTT keeps about the members of a test's groups, or about the groups, by its topics."""
    from paho.mqtt.client import Client, MQTTv5
    from paho.mqtt.enums import CallbackAPIVersion

    found, ended, last = dict[str, bytes](), Event(), f"{prefix}/{level}/~"

    def hear(_: Any, __: Any, message: Any) -> None:
        found[message.topic] = message.payload
        if message.topic == last:
            ended.set()

    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.on_message = hear
    host, port = url.removeprefix("mqtt://").split(":")
    client.connect(host, int(port))
    client.loop_start()
    client.subscribe(f"{prefix}/{level}/#", qos=1)
    client.publish(last, b"end", 1)
    assert ended.wait(60)
    client.disconnect()
    client.loop_stop()
    del found[last]
    return found


def forgotten(url: str, prefix: str) -> None:
    """Have a broker for MQTT forget the sessions of a test's groups."""
    from paho.mqtt.client import MQTTv5
    from paho.mqtt.publish import single

    host, port = url.removeprefix("mqtt://").split(":")
    for topic in (*presences(url, prefix), *presences(url, prefix, "=groups")):
        name = topic.rpartition("/")[2]
        single(topic, None, 1, retain=True, hostname=host, port=int(port), client_id=name, protocol=MQTTv5)


def promised() -> dict[str, dict[str, str]]:
    """The table of promises: what it has for each promise and backend."""
    text = PAGE.read_text(encoding="utf-8")
    table = re.search(r"^\| promise \|.*?\n(?=\n)", text, re.M | re.S)
    assert table
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table[0].strip().split("\n"))
    names = [name.strip("`") for name in head[1:]]
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
