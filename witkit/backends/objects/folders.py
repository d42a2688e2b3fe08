"""The objects of one container."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from witkit.backends.failure import Failure, Kind

from .failures import failures
from .service import ObjectService
from .spelling import LONG, fitted, hashed, text_of

if TYPE_CHECKING:
    from obstore import Attributes, GetOptions, GetResult, ObjectMeta, PutMode

MARK: Final = "%container"
"""The object that a container has from its creation on, if it is not a bucket."""

PROBE: Final = "%probe-"
"""What the key of an object begins with that is there for a moment."""

NAME: Final = "witkitname"
"""The metadata of an object whose key is a hash: its name as base64. Azure has only letters here."""

PAGE: Final = 1000
"""The most names that services list, and delete, with one request."""


class ServiceBucket:
    """A bucket with its connections, which all its containers share. Raises Failure."""

    def __init__(self, service: ObjectService, name: str) -> None:
        with failures():
            self.store = service.connect(name, True)
            self.once = service.connect(name, False)
            """Without repetition, for requests that must not take effect twice."""


class ObjectFolder:
    """The objects of one container: those whose keys begin with `prefix`, and have so much `room` for a name.

    Everything raises Failure.
    """

    def __init__(self, bucket: ServiceBucket, prefix: str, room: int) -> None:
        self.store, self._once = bucket.store, bucket.once
        self._prefix, self._room = prefix, room

    def key(self, name: str) -> str:
        """The key of an object."""
        return self._prefix + fitted(name, self._room)

    def attributes(self, name: str) -> Attributes | None:
        """What must be stored with an object."""
        if fitted(name, self._room).startswith(LONG):
            return {NAME: urlsafe_b64encode(name.encode()).decode()}
        return None

    def head(self, name: str) -> ObjectMeta | None:
        """What is known about the object, or None. Services do not say here if it is the bucket that is missing."""
        with failures(), suppress(FileNotFoundError):
            return self.store.head(self.key(name))
        return None

    def get(self, name: str, **options: Any) -> GetResult:
        """The object, or a part of it. Raises what obstore raises."""
        return self._get(self.key(name), **options)

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
        store = self.store if mode is None else self._once
        with failures():
            store.put(self.key(name), content, mode=mode, attributes=self.attributes(name))

    def names(self) -> Iterator[str]:
        """The names of all objects, in the order of the service."""
        with failures():
            for page in self.store.list(self._prefix or None, chunk_size=PAGE):
                for each in page:
                    name = self._name(each["path"])
                    if name is not None:
                        yield name

    def delete(self, names: Sequence[str]) -> None:
        """Remove those objects that exist."""
        keys = [self.key(name) for name in names]
        for start in range(0, len(keys), PAGE):
            with failures():
                self._delete(keys[start : start + PAGE])

    def mark(self) -> None:
        """Store the mark of the container if it has none."""
        with failures():
            try:
                self.store.head(self._prefix + MARK)
            except FileNotFoundError:
                self.store.put(self._prefix + MARK, b"", use_multipart=False)

    def marked(self) -> int:
        """When the mark was stored, in seconds since 1970."""
        with failures("the container has been removed"):
            return int(self.store.head(self._prefix + MARK)["last_modified"].timestamp())

    def expect(self) -> None:
        """Raise Failure if the bucket does not exist, cannot be reached or refuses the credentials."""
        with failures():
            next(iter(self.store.list(self._prefix + "%check", chunk_size=1)), None)

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

    def _get(self, key: str, **options: Any) -> GetResult:
        given: GetOptions = {**options}  # type: ignore[typeddict-item]
        return self.store.get(key, options=given)

    def _name(self, path: str) -> str | None:
        """The name of the object with this key, or None if it is not an object of the container."""
        key = path.removeprefix(self._prefix)
        if not key.startswith(LONG):
            return text_of(key)
        # It may be deleted meanwhile, or be stored by somebody else.
        with suppress(FileNotFoundError, ValueError):
            attributes: dict[str, Any] = {**self._get(path, head=True).attributes}
            name = urlsafe_b64decode(attributes.get(NAME, "").encode()).decode()
            return name if hashed(name) == key else None
        return None

    def _delete(self, keys: list[str]) -> None:
        try:
            self.store.delete(keys)
        except FileNotFoundError:
            # Azure and Google report missing objects; some others may not have been deleted then.
            for key in keys:
                with suppress(FileNotFoundError):
                    self.store.delete(key)

    def _refuses(self, key: str, mode: PutMode) -> bool:
        try:
            with failures():
                self.store.put(key, b"", mode=mode)
        except Failure as failure:
            if failure.kind not in (Kind.CONFLICT, Kind.UNSUPPORTED):
                raise
            return failure.kind is Kind.CONFLICT
        return False
