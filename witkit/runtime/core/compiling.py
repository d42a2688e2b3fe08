"""Engines of wasmtime for core modules, and the modules that were compiled for them."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from witkit.runtime.cache import Cache, sources
from witkit.runtime.core import capi
from witkit.runtime.core.interrupting import Clock
from witkit.runtime.core.signatures import function_type
from witkit.runtime.core.validation import placed
from witkit.runtime.uncopied import Uncopied

if TYPE_CHECKING:
    from wasmtime import Module

    from witkit.runtime.core.plans import Linked

SHARED: Final = 128
"""How many modules beside guests an engine remembers: components can have any number of signatures."""


class Mode(Uncopied):
    """One mode of an engine: an engine of wasmtime, and its clock. All calls can be stopped from outside; `fuel`
    counts instructions too, which costs speed and needs code compiled for it."""

    def __init__(self, *, fuel: bool) -> None:
        import wasmtime

        config = wasmtime.Config()
        config.epoch_interruption = True
        config.consume_fuel = fuel
        # A memoryview of a memory that has grown meanwhile must be too short, and nothing worse.
        config.memory_may_move = False
        self.fuel = fuel
        self.raw = wasmtime.Engine(config)
        self.engine = capi.pointer_argument(capi.held(self.raw.ptr()))
        self.clock = Clock(self.raw)
        self.version = version("wasmtime")
        self._types: dict[str, Any] = {}
        self.key = f"wasmtime {self.version} {platform.system()} {platform.machine()} fuel={fuel} core=1"

    def function_type(self, signature: str) -> Any:
        """The type of core functions of a signature, made once for this engine."""
        if signature not in self._types:
            self._types[signature] = function_type(signature)
        return self._types[signature]


class Modules(Uncopied):
    """The compiled core modules of one mode. Each is kept by its own content, so that components share them."""

    def __init__(self, mode: Mode, cache: Cache) -> None:
        self.mode, self._cache = mode, cache
        self._shared: dict[bytes, Module] = {}

    def has(self, linked: Linked) -> bool:
        """Whether no module of a component need be compiled, because that was done before."""
        places = self._places(linked)
        if places is None:
            return False
        with self._cache.all_opened(*places) as files:
            return None not in files

    def all(
        self, linked: Linked, compiling: Callable[[], AbstractContextManager[object]] = nullcontext
    ) -> list[Module]:
        """The modules of a component: mapped from the cache, those that are not there are compiled, within
        `compiling()`.

        Raises wasmtime.WasmtimeError if one cannot be compiled.
        """
        places = self._places(linked)
        found = [None] * len(linked.modules) if places is None else self._mapped(*places)
        with compiling() if None in found else nullcontext():
            return [
                each or self._made_of(linked, number, places and places[0][number]) for number, each in enumerate(found)
            ]

    def module(self, content: bytes) -> Module:
        """One core module, as for `all`."""
        path = self._cache.path(content, self.mode.key)
        if path is not None:
            with self._cache.opened(path) as file:
                if (kept := self._load(file)) is not None:
                    return kept
        return self._made(content, path)

    def shared(self, content: bytes) -> Module:
        """As `module`, the same one each time: for what is beside many guests. Those that were used last are
        remembered."""
        found = self._shared.pop(content, None) or self.module(content)
        self._shared[content] = found  # now it is the last
        for oldest in list(self._shared)[:-SHARED]:
            self._shared.pop(oldest, None)
        return found

    def _places(self, linked: Linked) -> tuple[list[Path], Path] | None:
        """The files for a component's modules, and the one that notes that they are whole."""
        paths = [self._cache.place(module, self.mode.key, "cwasm") for module in linked.modules]
        note = self._cache.place(b"".join(linked.modules), self.mode.key, "whole")
        return None if note is None else ([path for path in paths if path is not None], note)

    def _mapped(self, paths: Sequence[Path], note: Path) -> list[Module | None]:
        with self._cache.all_opened(paths, note) as files:
            return list(map(self._load, files))

    def _made_of(self, linked: Linked, number: int, path: Path | None) -> Module:
        with placed(linked.plan.modules[number][0]):
            return self._made(linked.module(number), path)

    def _made(self, content: bytes, path: Path | None) -> Module:
        import wasmtime

        made = wasmtime.Module(self.mode.raw, content)
        if path is not None:
            self._cache.store(path, made.serialize())
        return made

    def _load(self, file: BinaryIO | None) -> Module | None:
        import wasmtime

        for source in sources(file) if file is not None else ():
            # What wasmtime refuses is of another processor, for example in a home folder that machines share.
            with suppress(wasmtime.WasmtimeError):
                if isinstance(source, str):
                    return wasmtime.Module.deserialize_file(self.mode.raw, source)
                return wasmtime.Module.deserialize(self.mode.raw, source)
        return None
