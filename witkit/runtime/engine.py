"""The engine: compiles components, and keeps what it compiled."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from witkit._resources import cache_folder
from witkit.runtime.cache import Cache
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.plans import Linked, Plans
from witkit.runtime.refusals import not_linked, refused
from witkit.runtime.uncopied import Uncopied
from witkit.text import WitkitError
from witkit.wasm.cursor import BadWasm

if TYPE_CHECKING:
    from witkit.runtime.component import UntypedComponent


class Engine(Uncopied):
    """Compiles components and keeps the compiled form in the user's cache folder, by content and engine.

    All threads may share an engine. `cache=False` compiles each time; a path uses that folder. `on_compile` is called
    with the component's name before each compilation, which takes seconds for a guest in Python; the context manager
    that it returns is open meanwhile. `interrupt` stops what runs.
    """

    def __init__(
        self, *, cache: bool | str | os.PathLike[str] = True,
        on_compile: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:  # fmt: skip
        if isinstance(cache, bool):
            self.cache = Cache(cache_folder() if cache else None)
        else:
            self.cache = Cache(Path(cache))
        self._on_compile = on_compile
        self._modes: dict[bool, Mode] = {}
        self._compiled: dict[bool, Modules] = {}
        self._plans = Plans(self.cache)
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
                self._modes[fuel] = Mode(fuel=fuel)
            return self._modes[fuel]

    def interrupt(self) -> None:
        """Stop the calls of all its instances that run, in whatever thread, as `Instance.interrupt` does."""
        for mode in list(self._modes.values()):
            mode.clock.interrupt()

    def has(self, content: bytes) -> bool:
        """Whether these bytes of a component need not be compiled, because that was done before."""
        linked = self._plans.kept(content)
        return linked is not None and self._modules(fuel=False).has(linked)

    def link(self, content: bytes, name: str) -> Linked:
        """The plan for the bytes of a component; `name` stands for it in messages. Raises WitkitError."""
        from wasmtime import WasmtimeError

        try:
            return self._plans.linked(content)
        except BadWasm as refusal:
            raise WitkitError([not_linked(refusal, name)]) from None
        except WasmtimeError as failure:
            raise WitkitError([refused(str(failure), name, version("wasmtime"))]) from None

    def compile(self, linked: Linked, name: str, *, fuel: bool) -> Blueprint:
        """A plan with its core modules, compiled if that was not done before. Raises WitkitError."""
        from wasmtime import WasmtimeError

        modules = self._modules(fuel=fuel)
        try:
            return Blueprint(linked, modules, lambda: self._on_compile(name))
        except WasmtimeError as failure:
            raise WitkitError([refused(str(failure), name, modules.mode.version)]) from None

    def _modules(self, *, fuel: bool) -> Modules:
        mode = self.mode(fuel=fuel)
        with self._lock:
            if fuel not in self._compiled:
                self._compiled[fuel] = Modules(mode, self.cache)
            return self._compiled[fuel]


@cache
def default_engine() -> Engine:
    """The engine used if none is given."""
    return Engine()
