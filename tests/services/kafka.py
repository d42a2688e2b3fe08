"""Kafka: the mock cluster of librdkafka, in a process of its own (`kafka_cluster`).

What goes wrong in the C library there does not end the tests' process. The cluster knows no credentials and does not
create topics on request, only when they are used.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.services.standing import Standing, unavailable

KAFKA = Standing("kafka")


class MockKafka:
    """A cluster of one broker. `down` and `up` are for all connections."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("kafka_cluster.py")), str(_library())]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"kafka://{self._answer()}"

    def down(self) -> None:
        self._say("down")

    def up(self) -> None:
        self._say("up")

    def answer_after(self, milliseconds: int) -> None:
        """Hold back each answer."""
        self._say(f"rtt {milliseconds}")

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)
        assert self._answer() == "done"

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@cache
def _library() -> Path:
    """The C library beside the client."""
    found = importlib.util.find_spec("confluent_kafka")
    if found is None or found.origin is None:
        unavailable("needs the distribution confluent-kafka")
    bundled = sorted((Path(found.origin).parents[1] / "confluent_kafka.libs").glob("librdkafka-*"))
    if not bundled:
        unavailable("needs confluent-kafka with librdkafka in it")
    return bundled[0]


@contextmanager
def mock_kafka() -> Iterator[MockKafka]:
    cluster = MockKafka()
    try:
        yield cluster
    finally:
        cluster.close()


@pytest.fixture(scope="session")
def kafka_url() -> Iterator[str]:
    """The cluster of a whole session: one that the environment names, or a mock cluster."""
    if (url := KAFKA.url()) is not None:
        yield url
        return
    with mock_kafka() as cluster:
        yield cluster.url
