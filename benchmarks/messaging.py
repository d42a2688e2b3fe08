"""Measure what a message costs on each backend, compared with its bare client library, in one run.

    python benchmarks/messaging.py [--messages N] [--only BACKEND ...] [--redis URL] [--nats URL] [--rabbitmq URL]
                                   [--mqtt URL] [--kafka URL]

A message of 100 bytes is published, received and acknowledged, one after the other, in one process: no batches, and a
publish ends when the broker has the message. `CPU` is the processor time of this process, whose client library may have
threads; `messages/s` is what one such process does, and depends on other programs and on the broker. Both ways have
their turns, and the least of all rounds counts. The bare ways do what the library's documentation shows first, without
headers, counted attempts, or redelivery after a time. Kafka is measured if `--kafka` says where it is; its topic stays.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from secrets import token_hex
from typing import Any, Final
from urllib.parse import urlsplit

from witkit.backends.connect import Choice
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES

NAME: Final = f"witkit-benchmark-{token_hex(4)}"
MESSAGE: Final = b"m" * 100
ROUNDS: Final = 5
SOON: Final = 10.0

Cycle = Callable[[], object]
"""Publish a message, receive it, and acknowledge it."""


@contextmanager
def memory(url: str) -> Iterator[Cycle]:
    waiting = deque[bytes]()

    def cycle() -> None:
        waiting.append(MESSAGE)
        assert waiting.popleft() == MESSAGE

    yield cycle


@contextmanager
def sqlite(url: str) -> Iterator[Cycle]:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        for line in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE m (id INTEGER PRIMARY KEY, message, taken)",
        ):
            connection.execute(line).fetchall()

        def cycle() -> None:
            connection.execute("INSERT INTO m (message, taken) VALUES (?, 0)", (MESSAGE,))
            take = "UPDATE m SET taken = 1 WHERE id = (SELECT min(id) FROM m WHERE taken = 0) RETURNING id, message"
            ((number, message),) = connection.execute(take).fetchall()
            assert message == MESSAGE
            connection.execute("DELETE FROM m WHERE id = ?", (number,))

        yield cycle
        connection.close()


@contextmanager
def redis(url: str) -> Iterator[Cycle]:
    from redis import Redis

    with Redis.from_url(url) as client:
        client.xgroup_create(NAME, "workers", mkstream=True)

        def cycle() -> None:
            client.xadd(NAME, {"message": MESSAGE})
            [[_, [(number, fields)]]] = client.xreadgroup("workers", "me", {NAME: ">"}, count=1)
            assert fields[b"message"] == MESSAGE
            with client.pipeline(transaction=False) as pipeline:
                pipeline.xack(NAME, "workers", number)
                pipeline.xdel(NAME, number)
                pipeline.execute()

        try:
            yield cycle
        finally:
            client.delete(NAME)


@contextmanager
def nats(url: str) -> Iterator[Cycle]:
    from nats import connect
    from nats.js.api import RetentionPolicy

    with asyncio.Runner() as runner:
        client = runner.run(connect(url))
        jetstream = client.jetstream()
        runner.run(jetstream.add_stream(name=NAME, subjects=[NAME], retention=RetentionPolicy.WORK_QUEUE))
        pulled = runner.run(jetstream.pull_subscribe(NAME, "workers"))

        async def once() -> None:
            await jetstream.publish(NAME, MESSAGE)
            (message,) = await pulled.fetch(1, timeout=SOON)
            assert message.data == MESSAGE
            await message.ack_sync()

        try:
            yield lambda: runner.run(once())
        finally:
            runner.run(jetstream.delete_stream(NAME))
            runner.run(client.close())


@contextmanager
def rabbitmq(url: str) -> Iterator[Cycle]:
    from pika import BasicProperties, BlockingConnection, URLParameters

    with BlockingConnection(URLParameters(url)) as connection:
        channel, publishing = connection.channel(), connection.channel()
        publishing.confirm_delivery()
        channel.queue_declare(NAME, durable=True)
        lasting = BasicProperties(delivery_mode=2)

        def cycle() -> None:
            publishing.basic_publish("", NAME, MESSAGE, lasting)
            method, _, message = channel.basic_get(NAME)
            assert message == MESSAGE
            channel.basic_ack(method.delivery_tag)

        try:
            yield cycle
        finally:
            channel.queue_delete(NAME)


@contextmanager
def mqtt(url: str) -> Iterator[Cycle]:
    from paho.mqtt.client import Client, MQTTv5
    from paho.mqtt.enums import CallbackAPIVersion

    place, received, subscribed = urlsplit(url), SimpleQueue[Any](), SimpleQueue[None]()
    clients = [Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5, manual_ack=True) for _ in range(2)]
    for client in clients:
        client.connect(place.hostname or "127.0.0.1", place.port or 1883)
        client.loop_start()
    publishing, receiving = clients
    receiving.on_message = lambda client, data, message: received.put(message)
    receiving.on_subscribe = lambda *said: subscribed.put(None)
    receiving.subscribe(NAME, 1)
    subscribed.get(timeout=SOON)

    def cycle() -> None:
        publishing.publish(NAME, MESSAGE, 1).wait_for_publish(SOON)
        message = received.get(timeout=SOON)
        assert message.payload == MESSAGE
        receiving.ack(message.mid, 1)

    try:
        yield cycle
    finally:
        for client in clients:
            client.disconnect()
            client.loop_stop()


@contextmanager
def kafka(url: str) -> Iterator[Cycle]:
    from confluent_kafka import Consumer, Producer

    servers = {"bootstrap.servers": url.removeprefix("kafka://")}
    producer = Producer(servers | {"linger.ms": 0})
    consumer = Consumer(servers | {"group.id": NAME, "enable.auto.commit": False, "auto.offset.reset": "earliest"})
    producer.produce(NAME, MESSAGE)  # which makes the topic
    producer.flush(SOON)
    consumer.subscribe([NAME])

    def cycle() -> None:
        producer.produce(NAME, MESSAGE)
        producer.flush(SOON)
        message = consumer.poll(SOON)
        assert message is not None
        assert message.value() == MESSAGE
        consumer.commit(message=message, asynchronous=False)

    try:
        yield cycle
    finally:
        consumer.close()


BARE: Final = {
    "memory": memory,
    "sqlite": sqlite,
    "redis": redis,
    "nats": nats,
    "rabbitmq": rabbitmq,
    "mqtt": mqtt,
    "kafka": kafka,
}
PLACE: Final = {"redis": "prefix", "nats": "stream", "rabbitmq": "prefix", "mqtt": "prefix", "kafka": "prefix"}
"""The setting of each backend that keeps what is the benchmark's apart."""


@contextmanager
def witkit(backend: str, url: str) -> Iterator[Cycle]:
    """The same by the backend, as a trigger does it."""
    with ExitStack() as stack:
        settings = {"url": url, PLACE[backend]: f"{NAME}-w", "timeout": SOON} if url else {}
        if backend == "sqlite":
            settings["path"] = f"{stack.enter_context(tempfile.TemporaryDirectory())}/messages.db"
        messages: Any = Openings(stack).open(CAPABILITIES["messaging"], Choice(backend, settings))
        token = messages.subscribe("", "orders")

        def cycle() -> None:
            messages.publish("", "orders", MESSAGE)
            received = messages.receive(token, SOON)
            assert received is not None
            assert received.message == MESSAGE
            messages.acknowledge(token, received)

        try:
            yield cycle
        finally:
            messages.unsubscribe(token)


def least(cycles: list[Cycle], count: int) -> list[tuple[float, float]]:
    """The microseconds of CPU and of time that a message takes in each way."""
    found = [(float("inf"), float("inf")) for _ in cycles]
    for _ in range(ROUNDS):
        for index, cycle in enumerate(cycles):
            cycle()
            used, began = time.process_time(), time.perf_counter()
            for _ in range(count):
                cycle()
            taken = time.process_time() - used, time.perf_counter() - began
            cpu, wall = (each / count * 1e6 for each in taken)
            found[index] = min(found[index][0], cpu), min(found[index][1], wall)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--only", nargs="+", choices=BARE, default=list(BARE))
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/0", metavar="URL")
    parser.add_argument("--nats", default="nats://127.0.0.1:4222", metavar="URL")
    parser.add_argument("--rabbitmq", default="amqp://guest:guest@127.0.0.1:5672/", metavar="URL")
    parser.add_argument("--mqtt", default="mqtt://127.0.0.1:1883", metavar="URL")
    parser.add_argument("--kafka", default="", metavar="URL")
    asked = parser.parse_args()
    print(f"{'':<10}{'CPU in µs: bare':>17}{'witkit':>9}{'ratio':>8}", end="")
    print(f"{'messages/s: bare':>20}{'witkit':>9}{'share':>8}")
    for backend in asked.only:
        url = getattr(asked, backend, "")
        if backend == "kafka" and not url:
            continue
        with BARE[backend](url) as bare, witkit(backend, url) as ours:
            (cpu, wall), (our_cpu, our_wall) = least([bare, ours], asked.messages)
        print(f"{backend:<10}{cpu:>17.1f}{our_cpu:>9.1f}{our_cpu / cpu:>8.1f}", end="")
        print(f"{1e6 / wall:>20.0f}{1e6 / our_wall:>9.0f}{wall / our_wall:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
