"""One write and one read of each kind of server, with its client library."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.request
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tests.services import mariadb
from tests.services.private.azure import ACCOUNT, KEY

if TYPE_CHECKING:
    from obstore.store import ObjectStore


PATIENCE = 6
"""The seconds that a server has for an answer."""


def write_redis(url: str) -> None:
    from redis import Redis

    with Redis.from_url(url, socket_timeout=PATIENCE) as client:
        client.set("a", "1")


def read_redis(url: str) -> object:
    from redis import Redis

    with Redis.from_url(url, socket_timeout=PATIENCE) as client:
        value = client.get("a")
    return value.decode() if isinstance(value, bytes) else value


def write_nats(url: str) -> None:
    asyncio.run(_nats(url, "1"))


def read_nats(url: str) -> object:
    return asyncio.run(_nats(url, None))


async def _nats(url: str, value: str | None) -> str:
    from nats import connect

    connection = await connect(
        url, connect_timeout=PATIENCE, allow_reconnect=False, max_reconnect_attempts=1, reconnect_time_wait=0.1
    )
    try:
        jetstream = connection.jetstream(timeout=PATIENCE)
        bucket = await jetstream.create_key_value(bucket="b")
        if value is not None:
            await bucket.put("a", value.encode())
        return ((await bucket.get("a")).value or b"").decode()
    finally:
        await connection.close()


def write_postgresql(url: str) -> None:
    import psycopg

    with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
        connection.execute("create table t (a text)")
        connection.execute("insert into t values ('1')")


def read_postgresql(url: str) -> object:
    import psycopg

    with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
        row = connection.execute("select a from t").fetchone()
    return row and row[0]


def write_mariadb(url: str) -> None:
    with closing(mariadb.connect(url, PATIENCE)) as connection, connection.cursor() as cursor:
        cursor.execute("create table mysql.t (a text)")
        cursor.execute("insert into mysql.t values ('1')")
        connection.commit()


def read_mariadb(url: str) -> object:
    with closing(mariadb.connect(url, PATIENCE)) as connection, connection.cursor() as cursor:
        cursor.execute("select a from mysql.t")
        row = cursor.fetchone()
    return row and row[0]


def write_etcd(url: str, key: str = "a") -> None:
    _etcd(url, "kv/put", {"key": _text(key), "value": _text("1")})


def read_etcd(url: str, key: str = "a") -> object:
    found = _etcd(url, "kv/range", {"key": _text(key)}).get("kvs")
    return base64.b64decode(found[0]["value"]).decode() if found else None


def _etcd(url: str, method: str, body: dict[str, str]) -> dict[str, Any]:
    place = urlsplit(url)
    here = f"http://127.0.0.1:{place.port}/v3/"
    headers = {}
    if place.password is not None:
        credentials = {"name": place.username, "password": unquote(place.password)}
        headers["Authorization"] = _post(f"{here}auth/authenticate", credentials, {})["token"]
    return _post(here + method, body, headers)


def _post(url: str, body: object, headers: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _text(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def objects_s3(url: str, bucket: str) -> bytes:
    """What is read after it was written."""
    from obstore.store import S3Store

    return _objects(
        S3Store(
            bucket,
            endpoint=url,
            region="us-east-1",
            access_key_id="any",
            secret_access_key="any",
            client_options={"allow_http": True},
        )
    )


def objects_azure(url: str, container: str) -> bytes:
    """What is read after it was written."""
    from obstore.store import AzureStore

    return _objects(
        AzureStore(
            container,
            account_name=ACCOUNT,
            account_key=KEY,
            endpoint=url,
            client_options={"allow_http": True},
        )
    )


def _objects(store: ObjectStore) -> bytes:
    import obstore

    obstore.put(store, "a", b"1")
    return bytes(obstore.get(store, "a").bytes())
