"""Measure what a message costs when 1, 2 and 3 processes of `witkit serve` share the work.

    python benchmarks/scale.py [--messages N] [--rounds N] [--redis URL]

Each process serves the same guest (under CPython), which publishes each message of `orders` to `done`. `CPU a message`
is the processor time of all workers per message, without what they use while they wait, which `CPU idle` has: of one
process, for each second, measured while there are no messages. Each is the least of some rounds. `messages/s` is that
of the best round, and depends on how many processors are free. What is made in Redis begins with `witkit_benchmark` and
is removed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from witkit._resources import data_folder
from witkit.backends.connect import Choice
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES

PREFIX = f"witkit_benchmark_{os.getpid()}:"
WORLD = "package example:worker@0.1.0;\nworld worker { include wasmcloud:messaging/service@0.2.0; }\n"
APP = """
from wit_world import exports
from wit_world.imports import consumer, types

class Handler(exports.Handler):
    def handle_message(self, msg):
        consumer.publish(types.BrokerMessage("done", msg.body, None))
"""
READY = "end with Ctrl-C"


@dataclass(frozen=True)
class Figures:
    """Of one number of workers: seconds until all messages were done, their processor seconds for these messages, and
    those of one worker for each second in which it only waits."""

    seconds: float
    cpu: float
    idle: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/0", metavar="URL")
    asked = parser.parse_args()
    print(f"{'processes':>9}  {'CPU a message, µs':>17}  {'CPU idle, µs/s':>14}  {'messages/s':>10}")
    with tempfile.TemporaryDirectory() as folder, removed(asked.redis):
        app = project(Path(folder), asked.redis)
        for processes in (1, 2, 3):
            found = measured(app, asked.redis, processes, asked.messages, asked.rounds)
            each, rate = found.cpu / asked.messages * 1e6, asked.messages / found.seconds
            print(f"{processes:>9}  {each:>17.0f}  {found.idle * 1e6:>14.0f}  {rate:>10.0f}", flush=True)


def project(folder: Path, url: str) -> Path:
    """The guest with its interface and its configuration."""
    shutil.copytree(data_folder("wit") / "wasmcloud-messaging", folder / "wit" / "deps" / "wasmcloud-messaging")
    (folder / "wit" / "worker.wit").write_text(WORLD)
    (folder / "app.py").write_text(APP)
    lines = [f'[messaging]\nbackend = "redis"\nurl = "{url}"\nprefix = "{PREFIX}"\n[instances]\ninstances = "pooled"']
    lines.append('[[messaging.subscriptions]]\ntopic = "orders"\ngroup = "workers"')
    (folder / "witkit.toml").write_text("\n".join(lines))
    return folder / "app.py"


def measured(app: Path, url: str, processes: int, count: int, rounds: int) -> Figures:
    """Publish so many messages to so many workers, and wait until each is done, some times."""
    with ExitStack() as stack:
        choice = Choice("redis", {"url": url, "prefix": PREFIX})
        messages: Any = Openings(stack).open(CAPABILITIES["messaging"], choice)
        token = messages.subscribe("", "done")
        workers = [stack.enter_context(worker(app)) for _ in range(processes)]
        one_round(messages, token, count // 10)
        idle = min(waiting(workers) for _ in range(3)) / processes
        found = []
        for _ in range(rounds):
            before, began = sum(map(cpu, workers)), time.perf_counter()
            one_round(messages, token, count)
            seconds = time.perf_counter() - began
            found.append((seconds, sum(map(cpu, workers)) - before - idle * seconds * processes))
        return Figures(min(seconds for seconds, _ in found), min(used for _, used in found), idle)


def waiting(workers: list[int]) -> float:
    """What the workers use in a second in which nothing happens."""
    before, began = sum(map(cpu, workers)), time.perf_counter()
    time.sleep(1)
    return (sum(map(cpu, workers)) - before) / (time.perf_counter() - began)


def one_round(messages: Any, token: str, count: int) -> None:
    """Publish so many messages, and wait until each is done."""
    for number in range(count):
        messages.publish("", "orders", b"%d" % number)
    missing = {b"%d" % number for number in range(count)}
    while missing:
        received = messages.receive(token, 60)
        if received is None:
            raise SystemExit(f"{len(missing)} messages are missing")
        messages.acknowledge(token, received)
        missing.discard(received.message)


@contextmanager
def worker(app: Path) -> Iterator[int]:
    """The number of a process that serves the guest."""
    command = [sys.executable, "-m", "witkit", "serve", str(app)]
    process = subprocess.Popen(command, cwd=app.parent, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        lines: list[str] = []
        for line in process.stderr:
            lines.append(line)
            if READY in line:
                break
        else:
            raise SystemExit("".join(lines))
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def cpu(process: int) -> float:
    """The processor seconds that the threads of a process have used, on Linux."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sum(int((each / "schedstat").read_text(encoding="ascii").split()[0]) for each in threads) / 1e9


@contextmanager
def removed(url: str) -> Iterator[None]:
    """Remove what the benchmark has made."""
    from redis import Redis

    try:
        yield
    finally:
        with Redis.from_url(url) as client:
            for key in client.scan_iter(f"{PREFIX}*"):
                client.delete(key)


if __name__ == "__main__":
    main()
