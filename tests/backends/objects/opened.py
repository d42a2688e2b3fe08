"""Object stores as their protocols, with settings as a user gives them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from witkit.backends.blob.protocol import Blobs
from witkit.backends.connect import Choice
from witkit.backends.failure import Failure, Kind
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES


@contextmanager
def blobs(name: str, settings: dict[str, Any]) -> Iterator[Blobs]:
    """The blob backend of this name, with the container `photos`."""
    with ExitStack() as stack:
        found: Any = Openings(stack).open(CAPABILITIES["blob-store"], Choice(name, settings))
        found.create("photos")
        yield found


@contextmanager
def stores(name: str, settings: dict[str, Any]) -> Iterator[KeyValue]:
    """The key-value backend of this name, with the store `orders`."""
    with ExitStack() as stack:
        found: Any = Openings(stack).open(CAPABILITIES["key-value"], Choice(name, settings))
        found.create("orders")
        yield found


@contextmanager
def fails(*kinds: Kind) -> Iterator[list[Failure]]:
    """It raises a Failure of one of these kinds, which the list gets."""
    found: list[Failure] = []
    with pytest.raises(Failure) as caught:
        yield found
    assert caught.value.kind in kinds, caught.value
    found.append(caught.value)


@contextmanager
def may_fail(*kinds: Kind) -> Iterator[None]:
    """It may raise a Failure, but only of one of these kinds."""
    try:
        yield
    except Failure as failure:
        if failure.kind not in kinds:
            raise


def put(blobs: Blobs, name: str, *parts: bytes) -> None:
    writer = blobs.write("photos", name)
    for part in parts:
        writer.write(part)
    writer.commit()


def content(blobs: Blobs, name: str) -> bytes:
    reader, parts = blobs.read("photos", name), []
    while reader.left:
        parts.append(reader.read(1 << 20))
    return b"".join(parts)
