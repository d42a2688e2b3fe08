"""The engine: compiles components, and keeps what it compiled."""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from witkit._resources import cache_folder
from witkit.runtime.cache import Cache, sources
from witkit.runtime.limits import FOREVER, INTERRUPTED, Clock
from witkit.runtime.refusals import refused
from witkit.runtime.uncopied import Uncopied
from witkit.text import WitkitError

if TYPE_CHECKING:
    from wasmtime.component import Component as Compiled

    from witkit.runtime.component import UntypedComponent


class Mode(Uncopied):
    """One mode of an engine: an engine of wasmtime, and its clock. All calls can be stopped by a timeout; `fuel`
    counts instructions too, which costs speed and needs code compiled for it."""

    def __init__(self, *, fuel: bool, interruptible: bool = False) -> None:
        import wasmtime

        config = wasmtime.Config()
        config.epoch_interruption = True
        config.consume_fuel = fuel
        config.wasm_component_model_map = True
        config.wasm_component_model_implements = True
        self.fuel = fuel
        self.raw = wasmtime.Engine(config)
        self.clock = Clock(self.raw, INTERRUPTED if interruptible else FOREVER)
        self.version = version("wasmtime")
        self.key = f"wasmtime {self.version} {platform.system()} {platform.machine()} fuel={fuel} config=1"


class Engine(Uncopied):
    """Compiles components and keeps the compiled form in the user's cache folder, by content and engine.

    All threads may share an engine. `cache=False` compiles each time; a path uses that folder. `on_compile` is called
    with the component's name before each compilation, which takes seconds for a guest in Python; the context manager
    that it returns is open meanwhile. With `interruptible`, `interrupt` stops what runs.
    """

    def __init__(
        self, *, cache: bool | str | os.PathLike[str] = True,
        on_compile: Callable[[str], AbstractContextManager[object]] = nullcontext, interruptible: bool = False,
    ) -> None:  # fmt: skip
        if isinstance(cache, bool):
            self.cache = Cache(cache_folder() if cache else None)
        else:
            self.cache = Cache(Path(cache))
        self._on_compile = on_compile
        self._interruptible = interruptible
        self._modes: dict[bool, Mode] = {}
        self._lock = threading.Lock()

    def load(self, source: str | os.PathLike[str] | bytes) -> UntypedComponent:
        """Load a component from a file, or from its bytes.

        Raises WitkitError if it cannot be read, is not a component, or needs what wasmtime lacks.
        """
        from witkit.runtime.component import UntypedComponent

        return UntypedComponent.load(source, engine=self)

    def mode(self, *, fuel: bool) -> Mode:
        """The mode that counts fuel, or the one that does not."""
        with self._lock:
            if fuel not in self._modes:
                self._modes[fuel] = Mode(fuel=fuel, interruptible=self._interruptible)
            return self._modes[fuel]

    def interrupt(self) -> None:
        """Stop the calls that run in any thread, as a timeout does, if the engine was made `interruptible`.

        A call with a timeout may go on for a while: repeat this until it has ended.
        """
        for mode in list(self._modes.values()):
            mode.clock.interrupt()

    def has(self, content: bytes) -> bool:
        """Whether these bytes of a component need not be compiled, because that was done before."""
        path = self.cache.path(content, self.mode(fuel=False).key)
        if path is None:
            return False
        with self.cache.opened(path) as file:
            return file is not None

    def compile(self, content: bytes, name: str, mode: Mode) -> Compiled:
        """The wasmtime component for `content`; `name` stands for it in messages. Raises WitkitError."""
        from wasmtime import WasmtimeError
        from wasmtime.component import Component as Compiled

        path = self.cache.path(content, mode.key)
        if path is not None and (kept := self._kept(path, mode)) is not None:
            return kept
        try:
            with self._on_compile(name):
                compiled = Compiled(mode.raw, content)
        except WasmtimeError as failure:
            raise WitkitError([refused(str(failure), name, mode.version)]) from None
        if path is not None:
            self.cache.store(path, compiled.serialize())
        return compiled

    def _kept(self, path: Path, mode: Mode) -> Compiled | None:
        """The component that was compiled before, or None."""
        from wasmtime import WasmtimeError
        from wasmtime.component import Component as Compiled

        with self.cache.opened(path) as file:
            for source in sources(file) if file is not None else ():
                # What wasmtime refuses is of another processor, for example in a home folder that machines share.
                with suppress(WasmtimeError):
                    if isinstance(source, str):
                        return Compiled.deserialize_file(mode.raw, source)
                    return Compiled.deserialize(mode.raw, source)
        return None


@cache
def default_engine() -> Engine:
    """The engine used if none is given."""
    return Engine()
