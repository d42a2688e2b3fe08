"""Engines of wasmtime for core modules, and the modules that were compiled for them."""

from __future__ import annotations

import platform
from contextlib import suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from witkit.runtime.cache import Cache, sources
from witkit.runtime.core.signatures import function_type
from witkit.runtime.limits import FOREVER, INTERRUPTED, Clock
from witkit.runtime.uncopied import Uncopied

if TYPE_CHECKING:
    from wasmtime import Module


class Mode(Uncopied):
    """One mode of an engine: an engine of wasmtime, and its clock. All calls can be stopped by a timeout; `fuel`
    counts instructions too, which costs speed and needs code compiled for it."""

    def __init__(self, *, fuel: bool, interruptible: bool = False) -> None:
        import wasmtime

        config = wasmtime.Config()
        config.epoch_interruption = True
        config.consume_fuel = fuel
        # A memoryview of a memory that has grown meanwhile must be too short, and nothing worse.
        config.memory_may_move = False
        self.fuel = fuel
        self.raw = wasmtime.Engine(config)
        self.clock = Clock(self.raw, INTERRUPTED if interruptible else FOREVER)
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

    def has(self, content: bytes) -> bool:
        """Whether a module need not be compiled, because that was done before."""
        path = self._cache.path(content, self.mode.key)
        if path is None:
            return False
        with self._cache.opened(path) as file:
            return file is not None

    def module(self, content: bytes) -> Module:
        """A core module: mapped from the cache, compiled first if it is not there.

        Raises wasmtime.WasmtimeError if it cannot be compiled.
        """
        import wasmtime

        path = self._cache.path(content, self.mode.key)
        if path is not None and (kept := self._kept(path)) is not None:
            return kept
        made = wasmtime.Module(self.mode.raw, content)
        if path is not None:
            self._cache.store(path, made.serialize())
        return made

    def _kept(self, path: Any) -> Module | None:
        import wasmtime

        with self._cache.opened(path) as file:
            for source in sources(file) if file is not None else ():
                # What wasmtime refuses is of another processor, for example in a home folder that machines share.
                with suppress(wasmtime.WasmtimeError):
                    if isinstance(source, str):
                        return wasmtime.Module.deserialize_file(self.mode.raw, source)
                    return wasmtime.Module.deserialize(self.mode.raw, source)
        return None
