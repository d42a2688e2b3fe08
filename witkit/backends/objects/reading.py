"""Read an object in windows. Each request asks for the object that the first one found, by its ETag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from witkit.backends.blob.protocol import CHUNK
from witkit.backends.failure import Failure, Kind

from .failures import failures

if TYPE_CHECKING:
    from obstore import ObjectMeta

    from .folders import ObjectFolder

WINDOW: Final = 4 << 20
"""The most bytes of one request, which the reader holds."""

CHANGED: Final = "the object has been changed or deleted while it was read"


class ObjectReader:
    """An object with a cursor. Raises Failure (MISSING) if the object does not exist.

    An object of one window is read at once. Of a larger one that is replaced or deleted meanwhile, `read` raises
    Failure (CONFLICT) where the next window begins.
    """

    def __init__(self, folder: ObjectFolder, name: str, missing: str) -> None:
        self._folder, self._name = folder, name
        with failures(missing):
            self._meta, self._window = _first(folder, name)
        self._at, self._left = 0, self._meta["size"]

    @property
    def left(self) -> int:
        return self._left

    def read(self, size: int) -> bytes:
        wanted = min(size, self._left, CHUNK)
        if wanted and self._at == len(self._window):
            self._window, self._at = self._next(), 0
        data = self._window[self._at : self._at + wanted]
        self._at += len(data)
        self._left -= len(data)
        return data

    def _next(self) -> bytes:
        start = self._meta["size"] - self._left
        try:
            with failures(CHANGED):
                options = {"range": (start, start + min(WINDOW, self._left)), **_the_same(self._meta)}
                content = bytes(self._folder.get(self._name, **options).bytes())
        except Failure as failure:
            if failure.kind in (Kind.MISSING, Kind.CONFLICT):
                raise Failure(Kind.CONFLICT, CHANGED, failure.detail) from failure
            raise
        if not content:
            raise Failure(Kind.IO, "the object has been cut off")
        return content


def _first(folder: ObjectFolder, name: str) -> tuple[ObjectMeta, bytes]:
    """The object's metadata and its first window. Raises what obstore raises."""
    from obstore.exceptions import BaseError

    try:
        found = folder.get(name, range=(0, WINDOW))
        return found.meta, bytes(found.bytes())
    except BaseError as problem:
        if "416" not in str(problem):
            raise
    # An empty object has no part that could be asked for.
    found = folder.get(name)
    return found.meta, bytes(found.bytes())


def _the_same(meta: ObjectMeta) -> dict[str, Any]:
    """The condition that the object is still this one. Weak tags do not tell contents apart."""
    tag = meta["e_tag"]
    if tag and not tag.startswith("W/"):
        return {"if_match": tag}
    return {"if_unmodified_since": meta["last_modified"]}
