"""Measure what witkit adds to obstore, without a network.

    python benchmarks/objects.py [--count N]

The object store is obstore's own in memory, so that hardly anything but the work in this process is measured. Both
sides take turns; the figures are medians of N operations in microseconds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from statistics import median

import obstore
from obstore.store import MemoryStore

from witkit.backends.fronts.spiderlightning.blob import Containers
from witkit.backends.fronts.spiderlightning.keyvalue import Stores
from witkit.backends.objects.blobs import ObjectBlobs
from witkit.backends.objects.keyvalue import ObjectStores
from witkit.backends.objects.service import ObjectService
from witkit.backends.selector import Selector

VALUE = bytes(range(256)) * 4
LISTED = 100

Operation = Callable[[], object]


def operations() -> Iterator[tuple[str, Operation, Operation]]:
    """Names, what obstore does, and the same through an interface of SpiderLightning."""
    bare = MemoryStore()
    service = ObjectService("memory", "shop", "", lambda bucket, again: bare)
    photos = Containers(Selector(ObjectBlobs(service))).Container.open("photos")
    orders = Stores(Selector(ObjectStores(service))).Keyvalue.open("orders")
    for number in range(LISTED):
        obstore.put(bare, f"listed/{number}", VALUE)
        orders.set(f"{number}", VALUE)

    def write() -> None:
        stream = photos.write_object("cat")
        stream.write(VALUE)
        stream.close()

    yield "write an object", lambda: obstore.put(bare, "photos/cat", VALUE), write
    yield (
        "read an object",
        lambda: bytes(obstore.get(bare, "photos/cat").bytes()),
        lambda: photos.read_object("cat").read(1 << 20),
    )
    yield "object-info", lambda: obstore.head(bare, "photos/cat"), lambda: photos.object_info("cat")
    yield "set a value", lambda: obstore.put(bare, "orders/tea", VALUE), lambda: orders.set("tea", VALUE)
    yield (
        "get a value",
        lambda: bytes(obstore.get(bare, "orders/tea").bytes()),
        lambda: orders.get("tea"),
    )
    yield (
        f"{LISTED} keys",
        lambda: [each["path"] for page in obstore.list(bare, "listed", chunk_size=1000) for each in page],
        orders.keys,
    )
    yield "delete", lambda: obstore.delete(bare, ["orders/none"]), lambda: orders.delete("none")


def measure(count: int) -> None:
    """Print one line for each operation."""
    print(f"{'operation':<16}{'obstore':>10}{'witkit':>10}{'added':>10}   µs; {len(VALUE)} bytes")
    for name, bare, ours in operations():
        theirs, own = taking_turns(count, bare, ours)
        print(f"{name:<16}{theirs:>10.1f}{own:>10.1f}{own - theirs:>10.1f}")


def taking_turns(count: int, *operations: Operation) -> list[float]:
    """The median microseconds of each operation."""
    found: list[list[float]] = [[] for _ in operations]
    for _ in range(count):
        for operation, times in zip(operations, found, strict=True):
            began = time.perf_counter()
            operation()
            times.append((time.perf_counter() - began) * 1e6)
    return [median(times) for times in found]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    measure(parser.parse_args().count)
