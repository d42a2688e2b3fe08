"""What slight demonstrated: the examples with slight's own files. `tests/run` has its locks on etcd."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.cli.command_line import witkit, witkit_with_input
from tests.services.names import new_name
from tests.services.private.redis import PrivateRedis

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HOSTILE = "tea', 1); DROP TABLE expense; --"
PASSWORD = "hunter2secret"


def capability(resource: str, name: str, **configs: str) -> str:
    """A file for slight 0.2 with one capability."""
    lines = [f'    {key} = "{value}"' for key, value in configs.items()]
    table = ["    [capability.configs]", *lines] if lines else []
    head = ['specversion = "0.2"', "", "[[capability]]", f'resource = "{resource}"', f'name = "{name}"']
    return "\n".join([*head, *table, ""])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def keep(folder: Path, name: str, value: str) -> None:
    """Store a secret, as slight's `slight secret` did."""
    done = witkit_with_input(value.encode(), "secret", "set", name, cwd=folder)
    assert done.returncode == 0, done.stderr


def run(folder: Path, text: str, example: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an example with a file of slight's."""
    (folder / "slightfile.toml").write_text(text)
    guest = EXAMPLES / example / "app.py"
    options = words[: words.index("GUEST")] if "GUEST" in words else words
    rest = words[len(options) + 1 :]
    return witkit("run", "-c", "slightfile.toml", *options, guest, *rest, cwd=folder)


@pytest.mark.redis
def test_key_value_on_redis(folder: Path) -> None:
    with PrivateRedis(password=PASSWORD) as server:
        keep(folder, "redis", server.url)
        text = capability("keyvalue.redis", "orders", REDIS_ADDRESS="${usersecrets.redis}")
        first, second = run(folder, text, "orders"), run(folder, text, "orders")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert f"Redis at 127.0.0.1:{server.port}" in first.stderr
    assert "stored   #4" in second.stdout
    assert PASSWORD not in first.stderr + second.stderr


@pytest.mark.redis
def test_a_name_that_the_file_does_not_have_is_refused(folder: Path) -> None:
    with PrivateRedis() as server:
        done = run(folder, capability("keyvalue.redis", "other", REDIS_ADDRESS=server.url), "orders")
    assert done.returncode == 1
    assert "nothing is configured under the name `orders`" in done.stderr


def test_key_value_in_a_folder(folder: Path) -> None:
    text = capability("keyvalue.filesystem", "orders")
    assert [run(folder, text, "orders").returncode for _ in range(2)] == [0, 0]
    assert "stored   #4" in run(folder, text, "orders").stdout


@pytest.mark.postgresql
def test_sql_on_postgresql_keeps_an_injection_as_a_value(folder: Path, postgresql_database: str) -> None:
    import psycopg

    keep(folder, "EXPENSES", postgresql_database)
    text = capability("sql.postgres", "expenses", POSTGRES_CONNECTION_URL="${usersecrets.EXPENSES}")
    entry = json.dumps([{"day": "2026-05-07", "kind": HOSTILE, "cents": 4}])
    entered = run(folder, text, "sql", "--invoke", "enter", "GUEST", entry)
    assert entered.returncode == 0, entered.stderr
    totals = run(folder, text, "sql", "--invoke", "totals", "GUEST", "2026-05")
    assert json.loads(totals.stdout) == [{"kind": HOSTILE, "count": 1, "cents": 4}]
    with psycopg.connect(postgresql_database) as connection:
        assert connection.execute("SELECT kind FROM expense").fetchall() == [(HOSTILE,)]


@pytest.mark.s3
def test_blobs_in_s3(folder: Path, s3_url: str) -> None:
    # For slight a container is a bucket; its name is that of the guest.
    urllib.request.urlopen(urllib.request.Request(f"{s3_url}/journal", method="PUT"), timeout=10).close()
    keep(folder, "key", "any-secret")
    secrets = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "${usersecrets.key}", "AWS_REGION": "us-east-1"}
    text = capability("blobstore.aws_s3", "*", **secrets)
    done = run(folder, text, "blob-store", "--set", f"blob-store.endpoint={s3_url}")
    assert done.returncode == 0, done.stderr
    assert "2026-05-03: The peas are up!" in done.stdout
    assert "any-secret" not in done.stderr


def test_settings_are_secrets_of_the_user(folder: Path) -> None:
    keep(folder, "base", "390")
    keep(folder, "per-kilogram", "120")
    done = run(folder, capability("configs.usersecrets", "tariff"), "configs")
    assert (done.returncode, done.stdout) == (0, "0.4 kg: 5.10\n2.3 kg: 7.50\n2.3 kg: 7.50\n"), done.stderr


CONSUMER = """
from wit_world import exports
from wit_world.imports.messaging import Sub

class Run(exports.Run):
    def run(self) -> None:
        consumer = Sub.open("BROKER")
        token = consumer.subscribe("garden")
        print("ready", flush=True)
        heard = b""
        while heard != b"good night":
            if heard := consumer.receive(token):
                print(heard, flush=True)
"""

PRODUCER = """
from wit_world import exports
from wit_world.imports.messaging import Pub

class Run(exports.Run):
    def run(self) -> None:
        for message in (b"line\\nby line", bytes(range(256)), b"good night"):
            Pub.open("BROKER").publish(message, "garden")
"""

MOSQUITTO = {"MOSQUITTO_HOST": "127.0.0.1", "MOSQUITTO_PORT": "1883"}


def guest(folder: Path, name: str, text: str, broker: str) -> Path:
    """A program with the bindings of the example."""
    made = folder / name
    shutil.copytree(EXAMPLES / "messaging", made)
    (made / "app.py").write_text(text.replace("BROKER", broker))
    return made / "app.py"


@pytest.mark.parametrize(
    ("resource", "configs"),
    [
        ("messaging.filesystem", {}),
        pytest.param("messaging.mosquitto", MOSQUITTO, marks=pytest.mark.mosquitto),
    ],
)
def test_a_producer_and_a_consumer_are_two_programs(folder: Path, resource: str, configs: dict[str, str]) -> None:
    broker = new_name()
    (folder / "slightfile.toml").write_text(capability(resource, broker, **configs))
    command = [sys.executable, "-m", "witkit", "run", "--quiet", "-c", "slightfile.toml"]
    consumer = subprocess.Popen(
        [*command, guest(folder, "consumer", CONSUMER, broker)], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    try:
        assert consumer.stdout is not None
        assert consumer.stdout.readline() == "ready\n"
        done = subprocess.run([*command, guest(folder, "producer", PRODUCER, broker)], cwd=folder, check=False)
        heard, _ = consumer.communicate(timeout=60)
    finally:
        consumer.kill()
        consumer.wait()
    assert (done.returncode, consumer.returncode) == (0, 0)
    expected = [b"line\nby line", bytes(range(256)), b"good night"]
    assert heard == "".join(f"{message!r}\n" for message in expected)
