"""A Kafka of one broker in a process of its own: the mock cluster of librdkafka, which is part of the client library.

It prints its address. Then it does what each line says that it reads: `down` and `up` for all connections, `rtt` with
the milliseconds for which it holds back each answer. It ends with its input, without taking the cluster apart: clients
of tests may still be connected.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

_PRODUCER = 0


def library(path: str) -> Any:
    """The C library with the types of the functions that are used here."""
    found: Any = ctypes.CDLL(path)
    pointer, text, size, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int
    for name, result, *arguments in (
        ("rd_kafka_new", pointer, number, pointer, text, size),
        ("rd_kafka_conf_new", pointer),
        ("rd_kafka_conf_set", number, pointer, text, text, text, size),
        ("rd_kafka_mock_cluster_new", pointer, pointer, number),
        ("rd_kafka_mock_cluster_bootstraps", text, pointer),
        ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, pointer, ctypes.c_int32),
        ("rd_kafka_mock_broker_set_down", number, pointer, ctypes.c_int32),
        ("rd_kafka_mock_broker_set_up", number, pointer, ctypes.c_int32),
        ("rd_kafka_mock_broker_set_rtt", number, pointer, ctypes.c_int32, number),
    ):
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    return found


def main(path: str) -> None:
    kafka = library(path)
    # Without messages on standard error. The configuration belongs to the client from then on.
    configuration = kafka.rd_kafka_conf_new()
    kafka.rd_kafka_conf_set(configuration, b"log_level", b"0", None, 0)
    cluster = kafka.rd_kafka_mock_cluster_new(kafka.rd_kafka_new(_PRODUCER, configuration, None, 0), 1)
    # Otherwise, each group waits three seconds for more members.
    kafka.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)
    print(kafka.rd_kafka_mock_cluster_bootstraps(cluster).decode(), flush=True)
    for line in sys.stdin:
        match line.split():
            case ["down"]:
                kafka.rd_kafka_mock_broker_set_down(cluster, 1)
            case ["up"]:
                kafka.rd_kafka_mock_broker_set_up(cluster, 1)
            case ["rtt", milliseconds]:
                kafka.rd_kafka_mock_broker_set_rtt(cluster, 1, int(milliseconds))
        print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
    os._exit(0)
