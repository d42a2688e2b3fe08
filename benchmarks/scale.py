"""Measure what a message costs when 1, 2 and 3 processes of `witkit serve` share the work.

    python benchmarks/scale.py [--messages N] [--redis URL]

Each process serves the same guest (under CPython), which publishes each message of `orders` to `done`. `CPU` is the
processor time of all workers after they have started, per message; `messages/s` depends on how many processors are
free. What is made in Redis begins with `witkit_benchmark` and is removed.
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
    """Of one run: seconds until all messages were done, and the processor seconds of the workers for them."""

    seconds: float
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/0", metavar="URL")
    asked = parser.parse_args()
    print(f"{'processes':>9}  {'CPU in µs':>9}  {'messages/s':>10}")
    with tempfile.TemporaryDirectory() as folder, removed(asked.redis):
        app = project(Path(folder), asked.redis)
        for processes in (1, 2, 3):
            found = measured(app, asked.redis, processes, asked.messages)
            each, rate = found.cpu / asked.messages * 1e6, asked.messages / found.seconds
            print(f"{processes:>9}  {each:>9.0f}  {rate:>10.0f}", flush=True)


def project(folder: Path, url: str) -> Path:
    """The guest with its interface and its configuration."""
    shutil.copytree(data_folder("wit") / "wasmcloud-messaging", folder / "wit" / "deps" / "wasmcloud-messaging")
    (folder / "wit" / "worker.wit").write_text(WORLD)
    (folder / "app.py").write_text(APP)
    lines = [f'[messaging]\nbackend = "redis"\nurl = "{url}"\nprefix = "{PREFIX}"\n[instances]\ninstances = "pooled"']
    lines.append('[[messaging.subscriptions]]\ntopic = "orders"\ngroup = "workers"')
    (folder / "witkit.toml").write_text("\n".join(lines))
    return folder / "app.py"


def measured(app: Path, url: str, processes: int, count: int) -> Figures:
    """Publish so many messages to so many workers, and wait until each is done."""
    with ExitStack() as stack:
        choice = Choice("redis", {"url": url, "prefix": PREFIX})
        messages: Any = Openings(stack).open(CAPABILITIES["messaging"], choice)
        token = messages.subscribe("", "done")
        workers = [stack.enter_context(worker(app)) for _ in range(processes)]
        before, began = sum(map(cpu, workers)), time.perf_counter()
        for number in range(count):
            messages.publish("", "orders", b"%d" % number)
        missing = {b"%d" % number for number in range(count)}
        while missing:
            received = messages.receive(token, 60)
            if received is None:
                raise SystemExit(f"{len(missing)} messages are missing")
            messages.acknowledge(token, received)
            missing.discard(received.message)
        return Figures(time.perf_counter() - began, sum(map(cpu, workers)) - before)


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
    """The processor seconds that a process has used, on Linux."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
