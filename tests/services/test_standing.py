"""Servers that already run: their fixtures, and what becomes of a test if one does not run."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PYTEST
from tests.services import clients, etcd, mariadb, nats, postgresql, redis
from tests.services.plugin import SERVERS
from tests.services.private.ports import free_port
from tests.services.standing import REQUIRED


def test_redis_answers_and_keys_of_the_prefix_are_deleted(redis_url: str, redis_prefix: str) -> None:
    from redis import Redis

    with Redis.from_url(redis_url) as client:
        client.set(f"{redis_prefix}:a", "1")
        redis.remove_keys(redis_url, redis_prefix)
        assert client.get(f"{redis_prefix}:a") is None


def test_nats_answers_and_buckets_of_the_prefix_are_deleted(nats_url: str, nats_prefix: str) -> None:
    asyncio.run(_make_and_remove_a_bucket(nats_url, nats_prefix))


async def _make_and_remove_a_bucket(url: str, prefix: str) -> None:
    from nats import connect
    from nats.js.errors import BucketNotFoundError

    connection = await connect(url)
    jetstream = connection.jetstream()
    bucket = await jetstream.create_key_value(bucket=prefix)
    await bucket.put("a", b"1")
    assert (await bucket.get("a")).value == b"1"
    await nats.remove_streams(url, prefix)
    with pytest.raises(BucketNotFoundError):
        await jetstream.key_value(prefix)
    await connection.close()


def test_a_postgresql_database_is_empty_and_dropped_afterwards(postgresql_url: str) -> None:
    import psycopg

    with postgresql.database(postgresql_url) as url, psycopg.connect(url) as connection:
        tables = "select count(*) from information_schema.tables where table_schema = 'public'"
        assert connection.execute(tables).fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_a_mariadb_database_is_empty_and_dropped_afterwards(mariadb_url: str) -> None:
    with mariadb.database(mariadb_url) as url, mariadb.connect(mariadb_url).cursor() as cursor:
        name = url.rpartition("/")[2]
        cursor.execute("show databases like %s", (name,))
        assert cursor.fetchall() == ((name,),)
        cursor.execute(f"show tables in {name}")
        assert cursor.fetchall() == ()
    with mariadb.connect(mariadb_url).cursor() as cursor:
        assert cursor.execute("show databases like %s", (name,)) == 0


def test_etcd_answers_and_keys_of_the_prefix_are_deleted(etcd_url: str, etcd_prefix: str) -> None:
    for key in (etcd_prefix, f"{etcd_prefix}/\N{GREEK SMALL LETTER OMEGA}"):
        clients.write_etcd(etcd_url, key)
        assert clients.read_etcd(etcd_url, key) == "1"
    etcd.remove_keys(etcd_url, etcd_prefix)
    assert clients.read_etcd(etcd_url, etcd_prefix) is None
    assert clients.read_etcd(etcd_url, f"{etcd_prefix}/\N{GREEK SMALL LETTER OMEGA}") is None


def test_an_s3_bucket_takes_an_object(s3_url: str, s3_bucket: str) -> None:
    assert clients.objects_s3(s3_url, s3_bucket) == b"1"


def test_an_azure_container_takes_a_blob(azure_url: str, azure_container: str) -> None:
    assert clients.objects_azure(azure_url, azure_container) == b"1"


def test_rabbitmq_and_mosquitto_accept_connections(rabbitmq_url: str, mosquitto_url: str) -> None:
    assert rabbitmq_url.startswith("amqp://")
    assert mosquitto_url.startswith("mqtt://")


MARKED = "import pytest\n\n@pytest.mark.{0}\ndef test_it(): pass\n\ndef test_its_url({0}_url): pass\n"


@pytest.mark.parametrize("server", SERVERS)
def test_without_its_server_a_test_is_skipped_with_the_reason(server: str, tmp_path: Path) -> None:
    port = free_port()
    ran = _run(MARKED.format(server), tmp_path, {f"WITKIT_TEST_{server.upper()}_URL": f"x://127.0.0.1:{port}"})
    assert f"needs {server} at 127.0.0.1:{port}" in ran.stdout
    assert "2 skipped" in ran.stdout


def test_without_its_server_a_test_fails_if_services_are_required(tmp_path: Path) -> None:
    port = free_port()
    there = {"WITKIT_TEST_REDIS_URL": f"redis://127.0.0.1:{port}", REQUIRED: "1"}
    ran = _run(MARKED.format("redis"), tmp_path, there)
    assert f"needs redis at 127.0.0.1:{port}, and {REQUIRED} is 1" in ran.stdout
    assert "2 errors" in ran.stdout


STARTS = """
from redis import Redis
from tests.services.private.redis import PrivateRedis
from tests.services.standing import Standing, url_fixture

other_url = url_fixture(Standing("other", "redis://127.0.0.1:{port}"), PrivateRedis)

def test_it(other_url):
    assert Redis.from_url(other_url).ping()
    assert not other_url.endswith(":{port}/0")
"""


def test_a_server_that_does_not_run_is_started_for_the_session(tmp_path: Path) -> None:
    ran = _run(STARTS.format(port=free_port()), tmp_path, {})
    assert "1 passed" in ran.stdout, ran.stdout


def test_a_test_that_uses_a_fixture_of_a_server_can_be_chosen_by_its_marker(tmp_path: Path) -> None:
    ran = _run("def test_it(redis_prefix): pass\ndef test_more(): pass\n", tmp_path, {}, "--co", "-m", "not redis")
    assert "test_more" in ran.stdout
    assert "test_it" not in ran.stdout


def _run(text: str, folder: Path, variables: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """pytest on a module of its own, with the plugin and the markers of this repository."""
    (folder / "test_some.py").write_text(text)
    repository = Path(__file__).parents[2]
    command = [sys.executable, *PYTEST, "-ra", "-p", "tests.services.plugin", "-c", str(repository / "pyproject.toml")]
    environment = {**os.environ, REQUIRED: "0", "PYTHONPATH": str(repository), **variables}
    return subprocess.run(
        [*command, *options, str(folder)], capture_output=True, text=True, env=environment, timeout=60
    )
