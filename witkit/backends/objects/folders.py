"""The containers of a service: for each the bucket that it is in, and what the keys of its objects begin with."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from witkit.backends.failure import Failure, Kind

from .failures import NO_BUCKET, failures
from .service import PATIENCE, Service
from .spelling import segment, spelled, text_of

if TYPE_CHECKING:
    from obstore import GetOptions, GetResult, ObjectMeta, PutMode
    from obstore.store import RetryConfig

MARK: Final = "%container"
"""The object that a container has from its creation on, if it is not a bucket."""

PROBE: Final = "%probe-"
"""What the key of an object begins with that is there for a moment."""

PAGE: Final = 1000
"""The most names that services list, and delete, with one request."""

OPEN: Final = 64
"""How many containers are kept connected."""

_BUCKET = "abcdefghijklmnopqrstuvwxyz0123456789.-_$"


class Folder:
    """The objects of one container. Everything raises Failure."""

    def __init__(self, service: Service, bucket: str, within: str) -> None:
        self._longest = service.longest_name
        self._prefix = service.prefix + within
        with failures():
            self.store = service.connect(bucket, _again())
            self.once = service.connect(bucket, {"max_retries": 0, "retry_timeout": PATIENCE})
            """The same without repetition, for requests that must not take effect twice."""

    def key(self, name: str) -> str:
        """The key of an object. Raises Failure (INVALID_KEY) if it is too long."""
        found = spelled(name)
        if (size := len(found.encode())) > self._longest:
            message = f"the name takes {size:,} bytes in the object store, and the limit is {self._longest:,}"
            raise Failure(Kind.INVALID_KEY, message)
        return self._prefix + found

    def head(self, name: str) -> ObjectMeta | None:
        """What is known about the object, or None. Services do not say here if it is the bucket that is missing."""
        key = self.key(name)
        with failures(), suppress(FileNotFoundError):
            return self.store.head(key)
        return None

    def get(self, name: str, **options: Any) -> GetResult:
        """The object, or a part of it. Raises Failure (MISSING)."""
        given: GetOptions = {**options}  # type: ignore[typeddict-item]
        return self.store.get(self.key(name), options=given)

    def content(self, name: str) -> tuple[bytes, str | None] | None:
        """The content of the object and its ETag, or None."""
        try:
            with failures():
                found = self.get(name)
                return bytes(found.bytes()), found.meta["e_tag"]
        except Failure as failure:
            if failure.kind is Kind.MISSING:
                return None
            raise

    def put(self, name: str, content: bytes, mode: PutMode | None = None) -> None:
        """Store an object. A condition is sent only once."""
        store = self.store if mode is None else self.once
        with failures():
            store.put(self.key(name), content, mode=mode)

    def keeps_conditions(self) -> bool:
        """Whether the server stores only on the conditions of a request. Some store anyway.

        This needs an object that nobody else uses, which is removed again.
        """
        key = self._prefix + PROBE + secrets.token_hex(8)
        with failures():
            self.store.put(key, b"", mode="overwrite")
            found = self._refuses(key, "create") and self._refuses(key, {"e_tag": '"0"'})
            self.store.delete(key)
        return found

    def _refuses(self, key: str, mode: PutMode) -> bool:
        from obstore.exceptions import AlreadyExistsError, NotSupportedError, PreconditionError

        try:
            self.store.put(key, b"", mode=mode)
        except (AlreadyExistsError, PreconditionError):
            return True
        except NotSupportedError:
            return False
        return False

    def mark(self) -> str:
        """The key of the mark."""
        return self._prefix + MARK

    def names(self) -> Iterator[str]:
        """The names of all objects, in the order of the service."""
        with failures():
            for page in self.store.list(self._prefix or None, chunk_size=PAGE):
                for each in page:
                    name = text_of(each["path"].removeprefix(self._prefix))
                    if name is not None:
                        yield name

    def delete(self, names: Sequence[str]) -> None:
        """Remove those objects that exist."""
        keys = [self.key(name) for name in names]
        for start in range(0, len(keys), PAGE):
            with failures():
                self._delete(keys[start : start + PAGE])

    def _delete(self, keys: list[str]) -> None:
        try:
            self.store.delete(keys)
        except FileNotFoundError:
            # Azure and Google report missing objects; some others may not have been deleted then.
            for key in keys:
                with suppress(FileNotFoundError):
                    self.store.delete(key)

    def expect(self) -> None:
        """Raise Failure if the bucket does not exist, cannot be reached or refuses the credentials."""
        with failures():
            next(iter(self.store.list(self._prefix + "%check", chunk_size=1)), None)


class Folders:
    """All containers of a service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._opened = lru_cache(OPEN)(self._open)

    def __call__(self, container: str) -> Folder:
        """The folder of a container. Raises Failure (INVALID_NAME) if no bucket can have this name."""
        return self._opened(container)

    @property
    def are_buckets(self) -> bool:
        """Whether each container is a bucket."""
        return not self._service.bucket

    def create(self, container: str) -> None:
        """Create a container, unless it is a bucket: then Failure (MISSING) is raised if it does not exist."""
        folder = self(container)
        if self.are_buckets:
            folder.expect()
            return
        with failures():
            try:
                folder.store.head(folder.mark())
            except FileNotFoundError:
                folder.store.put(folder.mark(), b"", use_multipart=False)

    def created(self, container: str) -> int:
        """When a container was created, in seconds since 1970. 0 if that is unknown."""
        if self.are_buckets:
            return 0
        folder = self(container)
        with failures("the container has been removed"):
            return int(folder.store.head(folder.mark())["last_modified"].timestamp())

    def check(self) -> None:
        """Raise Failure if the service cannot be reached or refuses the credentials."""
        if self._service.bucket:
            Folder(self._service, self._service.bucket, "").expect()
            return
        try:
            Folder(self._service, "witkit-check", "").expect()
        except Failure as failure:
            if failure.message != NO_BUCKET and "AccessDenied" not in failure.detail:
                raise

    def _open(self, container: str) -> Folder:
        if self._service.bucket:
            return Folder(self._service, self._service.bucket, segment(container) + "/")
        if not 3 <= len(container) <= 222 or container.strip(_BUCKET):
            raise Failure(Kind.INVALID_NAME, "no bucket can have this name")
        return Folder(self._service, container, "")


def _again() -> RetryConfig:
    """How often a request is made again that fails without an answer, or with an error of the server."""
    wait = {"init_backoff": timedelta(milliseconds=50), "max_backoff": timedelta(milliseconds=400), "base": 2}
    config: RetryConfig = {"max_retries": 4, "retry_timeout": PATIENCE, "backoff": wait}  # type: ignore[typeddict-item]
    return config
