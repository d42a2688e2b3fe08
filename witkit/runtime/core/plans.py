"""Plans of components, kept on disk beside the compiled modules."""

from __future__ import annotations

import io
import pickle
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final, Self, get_args

from witkit import wasm
from witkit._collector import paused
from witkit._version import __version__
from witkit.runtime.cache import Cache
from witkit.runtime.core.validation import validate
from witkit.runtime.digests import digest
from witkit.runtime.uncopied import Uncopied
from witkit.text.values import entity
from witkit.wasm import types
from witkit.wasm.plan import CoreExport, Plan


@entity(slots=True, eq=False)
class Linked:
    """A component's bytes, its plan, and the digests of its core modules."""

    content: bytes
    plan: Plan
    modules: tuple[bytes, ...]

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Link a component, and validate the core modules that nothing instantiates: nobody will compile them.

        Raises BadWasm for one that is not valid, or imports a component or core module, and wasmtime.WasmtimeError for
        such a core module that is not valid.
        """
        from witkit.wasm.linking import link

        view = memoryview(content)
        with paused():
            plan = link(content)
        if plan.unused:
            validate(content, plan.unused)
        return cls(content, plan, tuple(digest(view[start:end]) for start, end in plan.modules))

    def module(self, number: int) -> bytes:
        """The bytes of a core module."""
        start, end = self.plan.modules[number]
        return self.content[start:end]


class Plans(Uncopied):
    """Links components, each once on a machine. What is kept is unpickled only if the cache vouches for it, as it does
    for compiled code."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def linked(self, content: bytes) -> Linked:
        """The plan from the cache, made first if it is not there. Raises as `Linked.of`."""
        if (path := self._place(content)) is None:
            return Linked.of(content)
        if (found := self._kept(content, path)) is not None:
            return found
        made = Linked.of(content)
        self._cache.store(path, _pickled((made.plan, made.modules)))
        return made

    def kept(self, content: bytes) -> Linked | None:
        """The plan, if it is in the cache."""
        path = self._place(content)
        return None if path is None else self._kept(content, path)

    def _place(self, content: bytes) -> Path | None:
        if self._cache.root is None:
            return None
        return self._cache.place(digest(content), _maker(), "plan")

    def _kept(self, content: bytes, path: Path) -> Linked | None:
        data = self._cache.get(path)
        if data is None:
            return None
        with paused():
            plan, modules = pickle.loads(data)
        return Linked(content, plan, modules)


_CALLED: Final = frozenset((CoreExport, types.Traits, *get_args(types.Kind)))
"""The classes of objects that are made again by a call: to restore their fields, as dataclasses do it, takes longer. No
such object leads back to itself."""


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:
        kind = type(obj)
        return (kind, tuple(map(obj.__getattribute__, kind.__slots__))) if kind in _CALLED else NotImplemented


def _pickled(value: object) -> bytes:
    out = io.BytesIO()
    _Pickler(out, pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


@cache
def _maker() -> str:
    """What decides how bytes become what is kept: versions, this very file and those of the package that links."""
    files = [Path(__file__), *Path(wasm.__file__).parent.rglob("*.py")]
    marks = sorted((file.name, status.st_mtime_ns, status.st_size) for file in files for status in [file.stat()])
    return repr((__version__, sys.version_info[:2], marks))
