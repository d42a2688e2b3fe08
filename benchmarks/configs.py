"""Measure settings and log messages through witkit, and the bare library or file beneath them.

    python benchmarks/configs.py [--rounds N] [--redis URL] [--nats URL]

`bare` reads the same value without witkit; for NATS it is called from another thread, as every program does that is not
asynchronous itself. Microseconds are the least of N rounds, each the mean of 200 operations. A server is left out
without its URL. A hash and a bucket whose names begin with `witkit-benchmark` are made and removed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

import witkit.backends
from witkit.interfaces.wasi_logging.logging import Level

NAME = f"witkit-benchmark-{os.getpid()}"
EACH = 200
LINE = "tea is out, and so is the milk for it"


def least(rounds: int, *calls: Callable[[], object]) -> list[float]:
    """Microseconds of each call. They take turns, so that all of them see the same machine."""
    found = [float("inf")] * len(calls)
    for _ in range(rounds):
        for number, call in enumerate(calls):
            began = time.perf_counter()
            for _ in range(EACH):
                call()
            found[number] = min(found[number], (time.perf_counter() - began) / EACH * 1e6)
    return found


def reader(stack: ExitStack, backend: str, **settings: Any) -> tuple[Callable[[], object], Callable[[], object]]:
    """Reading `greeting` in the set `shop`: by SpiderLightning's interface, and by WASI's."""
    settings |= {"set": "shop"}
    configs = stack.enter_context(witkit.backends.open("configs", backend, **settings))
    store = stack.enter_context(witkit.backends.open("wasi:config/store@0.2.0-rc.1", backend, **settings))
    shop = configs.Configs.open("shop")
    if backend in ("redis", "nats"):
        shop.set("greeting", b"hello")
    return lambda: shop.get("greeting"), lambda: store.get("greeting")


def bare_redis(stack: ExitStack, url: str) -> Callable[[], object]:
    from redis import Redis

    client = stack.enter_context(Redis.from_url(url))
    stack.callback(client.delete, f"{NAME}shop")
    return lambda: client.hget(f"{NAME}shop", "greeting")


def bare_nats(stack: ExitStack, url: str) -> Callable[[], object]:
    import nats

    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, daemon=True).start()

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    client = run(nats.connect(url))
    bucket = run(client.jetstream().key_value(NAME))
    stack.callback(lambda: (run(client.jetstream().delete_key_value(NAME)), run(client.close())))
    return lambda: run(bucket.get("shop.greeting"))


def measured(rounds: int, redis: str | None, nats: str | None) -> None:
    """Print one line for each backend."""
    print(f"{'get':<14}{'bare':>8}{'configs':>9}{'wasi':>8}   µs")
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        values = {"greeting": "hello"}
        file = Path(folder) / "settings.toml"
        file.write_text('[shop]\ngreeting = "hello"\n')
        os.environ["CONFIGS_SHOP_GREETING"] = "hello"
        rows: dict[str, tuple[Callable[[], object], ...]] = {
            "memory": (lambda: values["greeting"], *reader(stack, "memory", values=values)),
            "environment": (lambda: os.environ["CONFIGS_SHOP_GREETING"], *reader(stack, "environment")),
            "file": (file.read_bytes, *reader(stack, "file", path=file)),
        }
        if redis:
            calls = reader(stack, "redis", url=redis, prefix=NAME)
            rows["redis"] = (bare_redis(stack, redis), *calls)
        if nats:
            calls = reader(stack, "nats", url=nats, bucket=NAME)
            rows["nats"] = (bare_nats(stack, nats), *calls)
        for name, row in rows.items():
            bare, configs, wasi = least(rounds, *row)
            print(f"{name:<14}{bare:>8.1f}{configs:>9.1f}{wasi:>8.1f}")
        lines(rounds, stack, Path(folder))


def lines(rounds: int, stack: ExitStack, folder: Path) -> None:
    """Print what a log message costs."""
    bare = stack.enter_context((folder / "bare.log").open("w", buffering=1))
    file = stack.enter_context(witkit.backends.open("logging", "file", path=folder / "messages.log"))
    memory = stack.enter_context(witkit.backends.open("logging", "memory"))
    found = least(
        rounds,
        lambda: bare.write(f"{LINE}\n"),
        lambda: file.log(Level.INFO, "shop", LINE),
        lambda: memory.log(Level.INFO, "shop", LINE),
    )
    print("log            bare {:.1f}, file {:.1f}, memory {:.1f} µs".format(*found))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--redis", metavar="URL")
    parser.add_argument("--nats", metavar="URL")
    options = parser.parse_args()
    measured(options.rounds, options.redis, options.nats)
