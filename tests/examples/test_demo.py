"""`make demo` with the orders in another backend."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guest.building import built
from tests.services.private.ports import free_port
from tests.services.private.redis import PrivateRedis

pytestmark = pytest.mark.xdist_group("component of the orders example")

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A copy of the example, with the component that the demonstration would build."""
    ignored = shutil.ignore_patterns("*.wasm", ".*", "__pycache__")
    copy = Path(shutil.copytree(ORDERS, tmp_path / "orders", ignore=ignored))
    shutil.copyfile(built(ORDERS, "orders", tmp_path), copy / "orders.wasm")
    return copy


def demo(orders: Path, **given: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, **given}
    return subprocess.run(["bash", "demo.sh"], cwd=orders, env=environment, capture_output=True, text=True)


@pytest.mark.redis
def test_the_demonstration_keeps_its_orders_in_redis(orders: Path) -> None:
    with PrivateRedis(password="hunter2secret") as server:
        done = demo(orders, BACKEND="redis", URL=server.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"witkit: key-value stores are in Redis at 127.0.0.1:{server.port}" in done.stderr
    assert "stored   #4  1 x teapot" in done.stdout
    assert "hunter2secret" not in done.stderr


@pytest.mark.thorough
def test_processes_price_baskets_with_one_component(orders: Path) -> None:
    done = subprocess.run([sys.executable, "quotes.py"], cwd=orders, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "120 baskets, 274800 cents\n"), done.stderr


@pytest.mark.thorough
def test_workers_of_dask_price_baskets_with_one_component(orders: Path) -> None:
    pytest.importorskip("distributed", reason="needs the package distributed")
    done = subprocess.run([sys.executable, "cluster.py"], cwd=orders, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "120 baskets, 274800 cents\n"), done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("backend", "url", "said"),
    [
        ("rediss", "", "there is no backend `rediss` for key-value\n  = help: did you mean `redis`?"),
        ("redis", "redis://127.0.0.1:PORT/0", "there is no connection to the server"),
    ],
)
def test_a_backend_that_cannot_be_used_is_reported_before_anything_else(
    backend: str, url: str, said: str, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(ORDERS, tmp_path / "orders", ignore=shutil.ignore_patterns("*.wasm", ".*")))
    done = demo(copy, BACKEND=backend, URL=url.replace("PORT", str(free_port())))
    assert (done.returncode > 0, done.stdout) == (True, "")
    assert said in done.stderr
