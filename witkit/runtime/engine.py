"""The engine: compiles components, and keeps what it compiled."""

from __future__ import annotations

import os
import platform
import threading
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from witkit._resources import cache_folder
from witkit.runtime.cache import Cache, sources
from witkit.runtime.limits import Clock
from witkit.runtime.refusals import DAMAGED, refused
from witkit.runtime.uncopied import Uncopied
from witkit.text import WitkitError, error

if TYPE_CHECKING:
    from witkit.runtime.component import Component, UntypedComponent

UNREADABLE = "WIT0701"
CORE_MODULE = "WIT0702"
NOT_A_COMPONENT = "WIT0703"

C = TypeVar("C", bound="Component")

_MAGIC = b"\0asm"
_CORE, _COMPONENT = b"\x01\x00\x00\x00", b"\x0d\x00\x01\x00"


class Variant(Uncopied):
    """An engine of wasmtime with its clock. All calls can be stopped by a timeout; `fuel` counts instructions
    too, which costs speed and needs code compiled for it."""

    def __init__(self, *, fuel: bool) -> None:
        import wasmtime

        config = wasmtime.Config()
        config.epoch_interruption = True
        config.consume_fuel = fuel
        config.wasm_component_model_map = True
        config.wasm_component_model_implements = True
        self.fuel = fuel
        self.raw = wasmtime.Engine(config)
        self.clock = Clock(self.raw)
        self.version = version("wasmtime")
        self.key = f"wasmtime {self.version} {platform.system()} {platform.machine()} fuel={fuel} config=1"


class Engine(Uncopied):
    """Compiles components and keeps the compiled form in the user's cache folder, by content and engine.

    All threads may share an engine. `cache=False` compiles each time; a path uses that folder.
    """

    def __init__(self, *, cache: bool | str | os.PathLike[str] = True) -> None:
        if isinstance(cache, bool):
            self.cache = Cache(cache_folder() if cache else None)
        else:
            self.cache = Cache(Path(cache))
        self._variants: dict[bool, Variant] = {}
        self._lock = threading.Lock()

    def load(self, source: str | os.PathLike[str] | bytes) -> UntypedComponent:
        """Load a component from a file, or from its bytes.

        Raises WitkitError where it cannot be read, is no component, or needs what wasmtime lacks.
        """
        from witkit.runtime.component import UntypedComponent

        return UntypedComponent.load(source, engine=self)

    def variant(self, *, fuel: bool) -> Variant:
        """The engine of wasmtime that counts fuel, or the one that does not."""
        with self._lock:
            if fuel not in self._variants:
                self._variants[fuel] = Variant(fuel=fuel)
            return self._variants[fuel]

    def has(self, content: bytes) -> bool:
        """Whether these bytes of a component need not be compiled, because that was done before."""
        path = self.cache.path(content, self.variant(fuel=False).key)
        if path is None:
            return False
        with self.cache.opened(path) as file:
            return file is not None

    def compile(self, content: bytes, name: str, variant: Variant) -> Any:
        """The wasmtime component for `content`; `name` stands for it in messages. Raises WitkitError."""
        from wasmtime import WasmtimeError
        from wasmtime.component import Component as Compiled

        path = self.cache.path(content, variant.key)
        if path is not None and (kept := self._kept(path, variant)) is not None:
            return kept
        try:
            compiled = Compiled(variant.raw, content)
        except WasmtimeError as failure:
            raise WitkitError([refused(str(failure), name, variant.version)]) from None
        if path is not None:
            self.cache.store(path, compiled.serialize())
        return compiled

    def _kept(self, path: Path, variant: Variant) -> Any:
        """The component that was compiled before, or None."""
        from wasmtime import WasmtimeError
        from wasmtime.component import Component as Compiled

        with self.cache.opened(path) as file:
            for source in sources(file) if file is not None else ():
                # What wasmtime refuses is of another processor, for example in a home folder that machines share.
                with suppress(WasmtimeError):
                    if isinstance(source, str):
                        return Compiled.deserialize_file(variant.raw, source)
                    return Compiled.deserialize(variant.raw, source)
        return None


@cache
def default_engine() -> Engine:
    """The engine used if none is given."""
    return Engine()


def read(source: str | os.PathLike[str] | bytes) -> tuple[bytes, str]:
    """A component's bytes and its name for messages. Text (WAT) is turned into binary.

    Raises WitkitError where the file cannot be read or what is in it is no component.
    """
    if isinstance(source, bytes):
        content, name = source, "<component>"
    else:
        name = os.fspath(source)
        content = _content(Path(name))
    if content.lstrip()[:1] == b"(":
        content = _binary(content, name)
    _check_header(content, name)
    return content, name


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError:
        problem, help = "is a folder", "give the component's file, for example `orders.wasm`"
    except FileNotFoundError:
        problem, help = "does not exist", "build it first (`witkit build`), or check the path"
    except OSError as failure:
        problem, help = f"cannot be read: {failure.strerror}", "check the file's permissions"
    raise WitkitError([error(UNREADABLE, f"the component `{path}` {problem}", help=help, file=str(path))])


def _binary(content: bytes, name: str) -> bytes:
    from wasmtime import WasmtimeError, wat2wasm

    try:
        return bytes(wat2wasm(content))
    except WasmtimeError as failure:
        line = " ".join(str(failure).split())
        help = "check it with `wasm-tools parse`"
        problem = error(NOT_A_COMPONENT, f"`{name}` is not valid WebAssembly text: {line}", help=help, file=name)
        raise WitkitError([problem]) from None


def _check_header(content: bytes, name: str) -> None:
    """Tell core modules and other files apart from components before the compiler sees them."""
    if content[:8] == _MAGIC + _COMPONENT:
        return
    if content[:4] == _MAGIC and content[4:8] == _CORE:
        problem = error(
            CORE_MODULE, f"`{name}` is a core module, not a component", file=name,
            help="turn it into one: `wasm-tools component embed` with its WIT, then `wasm-tools component new` "
            "(with `--adapt` for a module made for WASI preview 1)",
        )  # fmt: skip
    elif content[:4] == _MAGIC and len(content) >= 8:
        problem = error(
            NOT_A_COMPONENT, f"`{name}` is WebAssembly of an unknown version", file=name,
            help="rebuild it with current tools",
        )  # fmt: skip
    elif _MAGIC.startswith(content[:4]) and content:
        problem = error(DAMAGED, f"`{name}` ends in the middle of its header", file=name, help="build it again")
    elif not content:
        problem = error(NOT_A_COMPONENT, f"`{name}` is empty", file=name, help="build it again")
    else:
        problem = error(
            NOT_A_COMPONENT, f"`{name}` is not a WebAssembly component", file=name,
            help="a component begins with the bytes `\\0asm`; build one with `witkit build`",
        )  # fmt: skip
    raise WitkitError([problem])
