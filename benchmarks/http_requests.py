"""Measure requests to guests, compared with a bare ASGI application on the same server, in one run.

    python benchmarks/http_requests.py [--seconds 1] [--rounds 5] [--connections 1 16 200] [--memory 100000]

Needs `wrk` (Debian has it). Prints requests per second, and milliseconds of the median and of one request in a hundred,
for each number of connections, and the microseconds of CPU that the server uses for one request, which depend less on
other programs. Each way is a process of its own. The ways have their turns in each round, and the best round counts for
each figure: other programs only make figures worse. `--memory` sends so many requests to the pooled guest, and prints
how much its process has grown.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

WORLD = "world hello { export spiderlightning:http/http-handler@0.5.1; }"

APP = """
from wit_world import exports
from wit_world.imports.http_types import Request, Response


class HttpHandler(exports.HttpHandler):
    def handle_http(self, req: Request) -> Response:
        return Response(200, [("content-type", "text/plain")], b"hello")
"""

WAYS = ("bare", "wat pooled", "wat fresh", "python pooled", "python fresh", "app.py")


@dataclass(frozen=True)
class Figures:
    """Requests per second, milliseconds, and microseconds of the server's CPU for each request."""

    rate: float
    p50: float
    p99: float
    failed: int
    cpu: float


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """The least that an application can do."""
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


def serve(way: str, guest: Path) -> None:
    """Serve until a signal comes; print the port first."""
    import witkit
    from witkit.program.triggers.http.addresses import Address
    from witkit.program.triggers.http.server import Server
    from witkit.program.triggers.http.settings import HttpSettings

    instances: Any = "fresh" if way.endswith("fresh") else "pooled"
    settings = HttpSettings(concurrency=1000, access_log="none")
    app = bare if way == "bare" else witkit.asgi(guest, instances=instances, concurrency=1000, access_log="none")
    server = Server(app, settings, Address("127.0.0.1", 0))
    server.start()
    print(server.address.port, flush=True)
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    while not ended.wait(0.2):
        pass
    server.stop(5)


@contextmanager
def serving(way: str, guest: Path) -> Iterator[tuple[str, int]]:
    """A process that serves: its address and its id."""
    command = [sys.executable, __file__, "--serve", way, str(guest)]
    with tempfile.TemporaryDirectory() as empty:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=empty)
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/hello", process.pid
        finally:
            process.terminate()
            process.wait()


def wrk(url: str, pid: int, connections: int, seconds: int) -> Figures:
    """What `wrk` says about a server, and what that uses."""
    before = used(pid)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = sum(map(int, re.findall(r"(?:Non-2xx or 3xx responses: |timeout |read |write )(\d+)", said)))
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
    answered = int(re.findall(r"(\d+) requests in", said)[0])
    cpu = (used(pid) - before) / max(answered, 1) * 1e6
    return Figures(rate, _milliseconds(said, "50%"), _milliseconds(said, "99%"), failed, cpu)


def _milliseconds(said: str, quantile: str) -> float:
    [(number, unit)] = re.findall(rf"^\s+{quantile}\s+([\d.]+)(us|ms|s|m)", said, re.MULTILINE)
    return float(number) * {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}[unit]


def used(pid: int) -> float:
    """The seconds of CPU that a process has used."""
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """The KiB that a process has in memory."""
    return int(re.findall(r"^VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)[0])


def guests(folder: Path, wanted: list[str]) -> dict[str, Path]:
    """The guests of the ways."""
    from tests.guest.building import built
    from tests.program.http.guests import handler
    from tests.run.projects import project

    app = project(folder, WORLD, APP, "http")
    wat = folder / "wat.wasm"
    wat.write_bytes(handler("hello"))
    found = {"bare": wat, "wat": wat, "app.py": app}
    if any(way.startswith("python") for way in wanted):
        (folder / "built").mkdir()
        found["python"] = built(app.parent, "http-hello", folder / "built")
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--serve", nargs=2, metavar=("WAY", "GUEST"))
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16, 200])
    parser.add_argument("--ways", nargs="+", default=list(WAYS))
    parser.add_argument("--memory", type=int, default=0)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve[0], Path(given.serve[1]))
        return
    if not shutil.which("wrk"):
        sys.exit("this needs `wrk`, which Debian has as a package")
    with tempfile.TemporaryDirectory() as folder:
        found = guests(Path(folder), given.ways)
        if given.memory:
            grown(found["python"], given.memory)
            return
        table(given.ways, found, given.connections, given.seconds, given.rounds)


def table(ways: list[str], found: dict[str, Path], connections: list[int], seconds: int, rounds: int) -> None:
    """Measure all ways for all numbers of connections."""
    measured: dict[tuple[str, int], list[Figures]] = {(way, number): [] for way in ways for number in connections}
    with ExitStack() as stack:
        servers = {way: stack.enter_context(serving(way, found[way.split()[0]])) for way in ways}
        for server in servers.values():
            wrk(*server, 4, 1)
        for _ in range(rounds):
            for number in connections:
                for way in ways:
                    measured[way, number].append(wrk(*servers[way], number, seconds))
    for number in connections:
        print(f"{number} connections")
        print(f"  {'':16}{'requests/s':>12}{'of bare':>10}{'p50 ms':>9}{'p99 ms':>9}", end="")
        print(f"{'CPU us':>9}{'of bare':>9}{'failed':>8}")
        base = measured[ways[0], number]
        for way in ways:
            each = measured[way, number]
            rate, best = (max(one.rate for one in those) for those in (each, base))
            p50, p99 = min(one.p50 for one in each), min(one.p99 for one in each)
            cpu, least = (min(one.cpu for one in those) for those in (each, base))
            print(f"  {way:16}{rate:12.0f}{rate / best:10.2f}{p50:9.2f}{p99:9.2f}", end="")
            print(f"{cpu:9.0f}{cpu / least:9.1f}{sum(one.failed for one in each):8}")


def grown(guest: Path, requests: int) -> None:
    """Print the memory of a pooled guest's process before and after many requests."""
    with serving("python pooled", guest) as (url, pid):
        done, sizes = 0.0, []
        while done < requests:
            done += wrk(url, pid, 16, 5).rate * 5
            sizes.append(resident(pid))
        print(f"{done:.0f} requests: {sizes[0]:,} KiB after the first 5 s, {sizes[-1]:,} KiB at the end")


if __name__ == "__main__":
    main()
