"""The shop: two programs that are called, over SQLite files and over servers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from witkit.backends.messaging.spelling import spelled

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the example without data."""
    return Path(shutil.copytree(SHOP, tmp_path / "shop", ignore=shutil.ignore_patterns("*.wasm", ".*", "__pycache__")))


def demo(shop: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """What `make demo-shop` runs, at any free port."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "ADDRESS": "127.0.0.1:0", **given}
    return subprocess.run(["bash", "demo.sh"], cwd=shop, env=environment, capture_output=True, text=True)


PACKED = '{"number": 1, "item": "tea", "quantity": 2, "cents": 640, "status": "packed"}'


def test_a_customer_orders_and_the_worker_packs(shop: Path) -> None:
    done = demo(shop)
    assert done.returncode == 0, done.stdout + done.stderr
    assert PACKED in done.stdout
    # The README shows what is printed, but for the port.
    said = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8080", done.stdout).strip()
    (shown,) = re.findall(r"^\$ make demo-shop\n(.*?)\n```", (SHOP / "README.md").read_text(), re.M | re.S)
    assert sorted(shown.splitlines()) == sorted(said.splitlines())


def test_a_customer_learns_why_there_is_no_order(shop: Path) -> None:
    """The demo ends with what the shop says. So does a customer who asks for nonsense, or finds no shop."""
    script = shop / "demo.sh"
    script.write_text(script.read_text().replace('customer.py "$shop" 2 tea', 'customer.py "$shop" 41 tea'))
    done = demo(shop)
    assert (done.returncode, done.stderr) == (1, "the shop says: We do not have so much tea: 40 left.\n")
    for arguments, code, said in (
        (["http://127.0.0.1:1", "2", "tea"], 1, "there is no shop at http://127.0.0.1:1: "),
        (["nowhere", "2", "tea"], 1, "there is no shop at nowhere: "),
        ([], 2, "usage: python "),
    ):
        alone = subprocess.run(
            [sys.executable, shop / "customer.py", *arguments], capture_output=True, text=True, check=False
        )
        assert (alone.returncode, alone.stdout) == (code, "")
        assert alone.stderr.startswith(said)
        assert alone.stderr.count("\n") == 1


@pytest.mark.thorough
def test_the_same_on_servers(
    shop: Path, redis_url: str, redis_prefix: str, postgresql_database: str, nats_url: str, nats_prefix: str
) -> None:
    done = demo(
        shop,
        BACKEND="real",
        SHOP_NAME=redis_prefix,
        SHOP_REDIS=redis_url,
        SHOP_POSTGRESQL=postgresql_database,
        SHOP_NATS=nats_url,
        SHOP_STREAM=nats_prefix,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert PACKED in done.stdout
    assert not (shop / ".witkit").exists()


@pytest.mark.thorough
def test_the_same_with_messages_in_rabbitmq(
    shop: Path, redis_url: str, redis_prefix: str, postgresql_database: str, rabbitmq_url: str
) -> None:
    import pika

    done = demo(
        shop,
        BACKEND="real",
        BROKER="rabbitmq",
        SHOP_NAME=redis_prefix,
        SHOP_REDIS=redis_url,
        SHOP_POSTGRESQL=postgresql_database,
        SHOP_RABBITMQ=rabbitmq_url,
    )
    with pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection:
        channel = connection.channel()
        kept = channel.queue_declare(
            f"{redis_prefix}.g{spelled('shop' + chr(0) + 'orders' + chr(0) + 'packers')}", True
        )
        channel.queue_delete(kept.method.queue)
        channel.exchange_delete(f"{redis_prefix}-messages")
    assert done.returncode == 0, done.stdout + done.stderr
    assert PACKED in done.stdout
    assert kept.method.message_count == 0
    assert "guest:guest" not in done.stdout + done.stderr


@pytest.mark.parametrize("given", [{"BACKEND": "real", "BROKER": "kafka"}, {"BROKER": "rabbitmq"}])
def test_another_broker_is_refused(shop: Path, given: dict[str, str]) -> None:
    done = demo(shop, **given)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"BROKER is `{given['BROKER']}`: with BACKEND=real, it may be")


def test_another_backend_is_refused(shop: Path) -> None:
    done = demo(shop, BACKEND="realm")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "BACKEND is `realm`: it may be `real`, or nothing\n"
