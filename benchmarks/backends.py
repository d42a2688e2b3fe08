"""Measure the operations of each embedded key-value backend, without a component.

    python benchmarks/backends.py [--count N]

Data is in a temporary folder; `set` includes flushing it to disk. Microseconds are the mean of N operations.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import witkit.backends
from witkit.interfaces.keyvalue.keyvalue import Keyvalue

VALUE = bytes(range(256)) * 4


def measure(count: int) -> None:
    """Print one line for each backend."""
    print(f"{'backend':<12}{'set':>10}{'get':>10}{'keys':>10}{'delete':>10}   µs; {len(VALUE)} bytes, {count} keys")
    for name in ("memory", "filesystem", "sqlite"):
        with tempfile.TemporaryDirectory() as folder:
            place = {} if name == "memory" else {"path": Path(folder) / "data"}
            with witkit.backends.open("key-value", name, **place) as opened:
                costs = operations(opened.Keyvalue.open("benchmark"), count)
        print(f"{name:<12}" + "".join(f"{cost:>10.1f}" for cost in costs))


def operations(store: Keyvalue, count: int) -> list[float]:
    """Microseconds for `set`, `get`, `keys` and `delete`."""
    keys = [f"order/{number:06}" for number in range(count)]
    return [
        each(count, lambda n: store.set(keys[n], VALUE)),
        each(count, lambda n: store.get(keys[n])),
        each(10, lambda n: store.keys()),
        each(count, lambda n: store.delete(keys[n])),
    ]


def each(count: int, operation: Callable[[int], object]) -> float:
    """The mean microseconds of an operation, which is called with its number."""
    began = time.perf_counter()
    for number in range(count):
        operation(number)
    return (time.perf_counter() - began) / count * 1e6


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    measure(parser.parse_args().count)
