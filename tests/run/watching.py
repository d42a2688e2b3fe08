"""What the port for those who watch a served guest says."""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence

SOON = 60.0


def ask(lines: Sequence[str], path: str) -> tuple[int, str]:
    """Status and body, from the port that an announced line names."""
    connection = http.client.HTTPConnection(_place(lines), timeout=SOON)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def figures(lines: Sequence[str]) -> dict[str, float]:
    """The figures for Prometheus by name and labels."""
    status, text = ask(lines, "/metrics")
    assert status == 200
    found = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in found}


def _place(lines: Sequence[str]) -> str:
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        for line in list(lines):
            if line.startswith("health and metrics are at http://"):
                return line.removeprefix("health and metrics are at http://").partition("/")[0]
        time.sleep(0.02)
    raise AssertionError(f"nothing names the port: {list(lines)}")
