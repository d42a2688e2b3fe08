"""Kafka: the mock cluster of librdkafka, which runs in threads of the tests' own process.

The client library has it as C functions. They do not need Python: processes that the tests start can use the cluster
while Python waits for them. It knows no credentials and does not create topics on request, only when they are used.
"""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.services.standing import Standing, unavailable

KAFKA = Standing("kafka")

_PRODUCER = 0


class MockKafka:
    """A cluster of one broker. `down` and `up` are for all connections."""

    def __init__(self) -> None:
        self._library = _library()
        self._handle = self._library.rd_kafka_new(_PRODUCER, self._quiet(), None, 0)
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._handle, 1)
        # Otherwise, each group waits three seconds for more members.
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 0)
        servers: bytes = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster)
        self.url = f"kafka://{servers.decode()}"

    def down(self) -> None:
        self._library.rd_kafka_mock_broker_set_down(self._cluster, 1)

    def up(self) -> None:
        self._library.rd_kafka_mock_broker_set_up(self._cluster, 1)

    def answer_after(self, milliseconds: int) -> None:
        """Hold back each answer."""
        self._library.rd_kafka_mock_broker_set_rtt(self._cluster, 1, milliseconds)

    def close(self) -> None:
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._handle)

    def _quiet(self) -> Any:
        """A configuration without messages on standard error, which belongs to the client from now on."""
        configuration = self._library.rd_kafka_conf_new()
        self._library.rd_kafka_conf_set(configuration, b"log_level", b"0", None, 0)
        return configuration


@cache
def _library() -> Any:
    """The C library beside the client, with the types of the functions that are used here."""
    found = importlib.util.find_spec("confluent_kafka")
    if found is None or found.origin is None:
        unavailable("needs the distribution confluent-kafka")
    bundled = sorted((Path(found.origin).parents[1] / "confluent_kafka.libs").glob("librdkafka-*"))
    if not bundled:
        unavailable("needs confluent-kafka with librdkafka in it")
    library: Any = ctypes.CDLL(str(bundled[0]))
    pointer, text, size, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int
    for name, result, *arguments in (
        ("rd_kafka_new", pointer, number, pointer, text, size),
        ("rd_kafka_destroy", None, pointer),
        ("rd_kafka_conf_new", pointer),
        ("rd_kafka_conf_set", number, pointer, text, text, text, size),
        ("rd_kafka_mock_cluster_new", pointer, pointer, number),
        ("rd_kafka_mock_cluster_destroy", None, pointer),
        ("rd_kafka_mock_cluster_bootstraps", text, pointer),
        ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, pointer, ctypes.c_int32),
        ("rd_kafka_mock_broker_set_down", number, pointer, ctypes.c_int32),
        ("rd_kafka_mock_broker_set_up", number, pointer, ctypes.c_int32),
        ("rd_kafka_mock_broker_set_rtt", number, pointer, ctypes.c_int32, number),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


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
