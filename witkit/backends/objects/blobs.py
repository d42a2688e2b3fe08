"""Blobs in an object store: an object of the store for each object."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest

from witkit.backends.blob.protocol import Blobs, Info, closed, missing
from witkit.backends.limits import Limits

from .containers import ServiceContainers
from .folders import ObjectFolder
from .reading import ObjectReader
from .service import LONGEST_KEY, ObjectService
from .writing import PART, PARTS, ObjectWriter

LIMITS = Limits(key=LONGEST_KEY, value=PART * PARTS)


class ObjectBlobs(Blobs):
    """Containers in a bucket, or containers that are buckets."""

    limits = LIMITS

    def __init__(self, service: ObjectService) -> None:
        self.location = service.location
        self._containers = ServiceContainers(service)
        self._closed = False

    def create(self, container: str) -> None:
        self._expect_open()
        self._containers.create(container)

    def created(self, container: str) -> int:
        self._expect_open()
        return self._containers.created(container)

    def read(self, container: str, name: str) -> ObjectReader:
        return ObjectReader(self._folder(container), name, missing(name).message)

    def write(self, container: str, name: str) -> ObjectWriter:
        return ObjectWriter(self._folder(container), name)

    def info(self, container: str, name: str) -> Info | None:
        found = self._folder(container).head(name)
        return found and Info(found["size"], int(found["last_modified"].timestamp()))

    def names(self, container: str, after: str = "", count: int | None = None) -> list[str]:
        found = self._folder(container).names()
        wanted = (name for name in found if name > after) if after else found
        return sorted(wanted) if count is None else nsmallest(count, wanted)

    def delete(self, container: str, names: Sequence[str]) -> None:
        self._folder(container).delete(names)

    def check(self) -> None:
        self._expect_open()
        self._containers.check()

    def close(self) -> None:
        self._closed = True

    def _folder(self, container: str) -> ObjectFolder:
        self._expect_open()
        return self._containers(container)

    def _expect_open(self) -> None:
        if self._closed:
            raise closed()
