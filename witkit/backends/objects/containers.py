"""The containers of a service: folders in one bucket, or buckets."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Final

from witkit.backends.failure import Failure, Kind

from .failures import NO_BUCKET
from .folders import ObjectFolder, ServiceBucket
from .service import ObjectService
from .spelling import segment

OPEN: Final = 64
"""How many buckets are kept connected, and containers at hand."""

_BUCKET = "abcdefghijklmnopqrstuvwxyz0123456789.-_$"


class ServiceContainers:
    """All containers of a service."""

    def __init__(self, service: ObjectService) -> None:
        self._service = service
        self._bucket = lru_cache(OPEN)(partial(ServiceBucket, service))
        self._opened = lru_cache(OPEN)(self._open)

    def __call__(self, name: str) -> ObjectFolder:
        """The objects of a container. Raises Failure (INVALID_NAME) if no bucket can have this name."""
        return self._opened(name)

    def create(self, name: str) -> None:
        """Create a container. A bucket is not created, but must exist: else Failure (OTHER) is raised."""
        if self._service.bucket:
            self(name).mark()
        else:
            self(name).expect()

    def created(self, name: str) -> int:
        """When a container was created, in seconds since 1970. 0 if it is a bucket."""
        return self(name).marked() if self._service.bucket else 0

    def check(self) -> None:
        """Raise Failure if the service cannot be reached or refuses the credentials."""
        try:
            self._folder(self._service.bucket or "witkit-check").expect()
        except Failure as failure:
            # Without a bucket: it answers, and there is no such bucket, or it is somebody else's.
            if self._service.bucket or (failure.message != NO_BUCKET and "AccessDenied" not in failure.detail):
                raise

    def _open(self, name: str) -> ObjectFolder:
        if self._service.bucket:
            return self._folder(self._service.bucket, segment(name) + "/")
        if not 3 <= len(name) <= 222 or name.strip(_BUCKET):
            raise Failure(Kind.INVALID_NAME, "no bucket can have this name")
        return self._folder(name)

    def _folder(self, bucket: str, within: str = "") -> ObjectFolder:
        return ObjectFolder(self._bucket(bucket), self._service.prefix + within, self._service.room)
