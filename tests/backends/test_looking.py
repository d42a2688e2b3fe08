"""What `witkit run --check` does to servers: it looks, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest

from tests.backends.locking.backends import settings_for
from tests.backends.messaging.backends import backend_of, presences
from tests.backends.objects.places import place
from tests.services.names import new_name
from witkit.backends.connect import Choice, Connections
from witkit.backends.postgresql_client import ConnectionPool
from witkit.backends.settings import spelled
from witkit.text import WitkitError

BACKENDS = {
    "key-value": ["redis", "nats", "postgresql", "s3", "azure"],
    "blob-store": ["s3", "azure", "gcs"],
    "sql": ["postgresql"],
    "messaging": ["redis", "nats", "rabbitmq", "mqtt", "kafka"],
    "locking": ["redis", "etcd", "postgresql"],
    "configs": ["redis", "nats"],
}
"""Every backend with a server whose user could create something there."""

MARKS = {"gcs": "s3", "mqtt": "mosquitto"}

NEEDING = {
    ("key-value", "nats"),
    ("key-value", "postgresql"),
    ("messaging", "nats"),
    ("messaging", "rabbitmq"),
    ("locking", "postgresql"),
    ("configs", "nats"),
}
"""Those that need a table, a bucket, a stream or an exchange before they can hold data."""


@dataclass(frozen=True)
class Chosen:
    """A backend with settings for a place where there is nothing yet."""

    capability: str
    backend: str
    settings: dict[str, Any]

    def connections(self) -> Connections:
        return Connections({}, {self.capability: Choice(self.backend, self.settings)}, more=[self.capability])

    def there(self) -> list[str]:
        """What is in that place on the server."""
        found: list[str] = globals()[f"in_{self.backend}"](self.settings)
        return found


@pytest.fixture(
    params=[
        pytest.param((capability, name), id=f"{capability}-{name}", marks=getattr(pytest.mark, MARKS.get(name, name)))
        for capability, names in BACKENDS.items()
        for name in names
    ]
)
def chosen(request: pytest.FixtureRequest) -> Chosen:
    capability, name = request.param
    return Chosen(capability, name, settings(capability, name, request))


def settings(capability: str, name: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    def of(fixture: str) -> Any:
        return request.getfixturevalue(fixture)

    if name in ("s3", "azure", "gcs"):
        return place(name, request)
    if capability == "messaging":
        return backend_of(name, request).settings
    if name == "nats":
        return {"url": of("nats_url"), "bucket": of("nats_prefix")}
    if name == "postgresql":
        return {"url": of("postgresql_database")}
    if name == "redis":
        return {"url": of("redis_url"), "prefix": of("redis_prefix")}
    return {spelled(setting): value for setting, value in settings_for(name, request).items()}


def in_redis(settings: dict[str, Any]) -> list[str]:
    import redis

    with redis.Redis.from_url(settings["url"], decode_responses=True) as client:
        return list(client.scan_iter(match=f"{settings['prefix']}*", count=1000))


def in_nats(settings: dict[str, Any]) -> list[str]:
    async def streams() -> list[str]:
        import nats

        connection = await nats.connect(settings["url"])
        try:
            return [stream.config.name or "" for stream in await connection.jetstream().streams_info()]
        finally:
            await connection.close()

    own = settings.get("bucket") or settings["stream"]
    return [name for name in asyncio.run(streams()) if own in name]


def in_postgresql(settings: dict[str, Any]) -> list[str]:
    pool = ConnectionPool(settings["url"], 30)
    try:
        return [row[0] for row in pool.run(b"SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")]
    finally:
        pool.close()


def in_rabbitmq(settings: dict[str, Any]) -> list[str]:
    import pika

    exchange = f"{settings['prefix']}-messages"
    with pika.BlockingConnection(pika.URLParameters(settings["url"])) as connection:
        try:
            connection.channel().exchange_declare(exchange, passive=True)
        except pika.exceptions.ChannelClosedByBroker as refused:
            return [] if refused.reply_code == 404 else [str(refused)]
    return [exchange]


def in_mqtt(settings: dict[str, Any]) -> list[str]:
    return [topic for level in ("=members", "=groups") for topic in presences(*where(settings), level)]


def where(settings: dict[str, Any]) -> tuple[str, str]:
    return settings["url"], settings["prefix"]


def in_kafka(settings: dict[str, Any]) -> list[str]:
    from confluent_kafka.admin import AdminClient

    url, prefix = where(settings)
    topics = AdminClient({"bootstrap.servers": url.removeprefix("kafka://")}).list_topics(timeout=60).topics
    return [name for name in topics if name.startswith(prefix)]


def in_etcd(settings: dict[str, Any]) -> list[str]:
    url, prefix = where(settings)
    first, after = (base64.b64encode(text.encode()).decode() for text in (prefix, prefix + "~"))
    body = json.dumps({"key": first, "range_end": after, "keys_only": True}).encode()
    with urllib.request.urlopen(f"{url}/v3/kv/range", body, timeout=30) as answer:
        return [entry["key"] for entry in json.load(answer).get("kvs", [])]


def in_s3(settings: dict[str, Any]) -> list[str]:
    url = f"{settings['endpoint']}/{settings['bucket']}?list-type=2"
    with urllib.request.urlopen(url, timeout=60) as answer:
        return ["an object"] * answer.read().count(b"<Contents>")


in_gcs = in_s3
"""The server of the tests is the same."""


def in_azure(settings: dict[str, Any]) -> list[str]:
    from obstore.store import AzureStore

    store: Any = AzureStore(
        settings["container"],
        account_name=settings["account"],
        account_key=settings["key"],
        endpoint=settings["endpoint"],
        client_options={"allow_http": True},
    )
    return [entry["path"] for some in store.list() for entry in some]


def test_looking_leaves_nothing_on_the_server(chosen: Chosen) -> None:
    assert chosen.there() == []
    assert chosen.connections().problems() == []
    assert chosen.there() == []


def test_a_run_after_it_makes_what_it_needs(chosen: Chosen) -> None:
    assert chosen.connections().problems() == []
    with chosen.connections():
        assert bool(chosen.there()) == ((chosen.capability, chosen.backend) in NEEDING)
    assert chosen.connections().problems() == []


@pytest.mark.postgresql
@pytest.mark.parametrize("capability", ["key-value", "locking"])
def test_a_table_that_the_user_may_not_make_is_found(capability: str, postgresql_database: str) -> None:
    only_to_read = f"{postgresql_database}?options=-c%20default_transaction_read_only%3Don"
    for settings in ({"url": only_to_read}, {"url": postgresql_database, "table": f"{new_name()}.orders"}):
        (said,) = Chosen(capability, "postgresql", settings).connections().problems()
        assert said.code == "WIT0802"
        assert "cannot be used" in said.message
    assert in_postgresql({"url": postgresql_database}) == []


@pytest.mark.postgresql
def test_nothing_is_made_if_another_server_is_down(postgresql_database: str) -> None:
    choices = {
        "key-value": Choice("postgresql", {"url": postgresql_database}),
        "messaging": Choice("rabbitmq", {"url": "amqp://guest:guest@127.0.0.1:1/"}),
    }
    with pytest.raises(WitkitError, match="there is no connection to the server"):
        Connections({}, choices, more=list(choices)).__enter__()
    assert in_postgresql({"url": postgresql_database}) == []
    with Connections({}, choices, more=["key-value"]):
        assert in_postgresql({"url": postgresql_database}) != []


@pytest.mark.postgresql
def test_everything_that_cannot_be_made_is_reported(postgresql_database: str) -> None:
    only_to_read = {"url": f"{postgresql_database}?options=-c%20default_transaction_read_only%3Don"}
    choices = {name: Choice("postgresql", only_to_read) for name in ("key-value", "locking")}
    with pytest.raises(WitkitError) as wrong:
        Connections({}, choices, more=list(choices)).__enter__()
    assert [said.message.partition(" cannot")[0] for said in wrong.value.diagnostics] == [
        "the backend `postgresql` for key-value",
        "the backend `postgresql` for locking",
    ]
