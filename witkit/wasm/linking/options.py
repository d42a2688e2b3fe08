"""The options of canonical definitions (`Binary.md` and `Explainer.md`, Canonical Definitions)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from witkit.wasm.core import CoreSort
from witkit.wasm.cursor import BadWasm, Cursor, NotSupported
from witkit.wasm.linking.spaces import CoreSpaces

ENCODINGS: Final = ("utf8", "utf16", "latin1+utf16")
REALLOC: Final = "iiii:i"
CALLBACK: Final = "iii:i"
_INDICES: Final = {3: "memory", 4: "realloc", 5: "post_return", 7: "callback"}
_ASYNC: Final = 6


@dataclass(slots=True)
class Options:
    """Options by the indices of what they name."""

    encoding: str = "utf8"
    memory: int | None = None
    realloc: int | None = None
    post_return: int | None = None
    callback: int | None = None
    is_async: bool = False


def read_options(cursor: Cursor, spaces: CoreSpaces) -> Options:
    """Read options that each appear once. Raises BadWasm."""
    options, seen, start = Options(), set[str](), cursor.offset
    for _ in range(cursor.u32()):
        at, code = cursor.offset, cursor.byte()
        if code < len(ENCODINGS):
            name, options.encoding = "encoding", ENCODINGS[code]
        elif code in _INDICES:
            name = _INDICES[code]
            setattr(options, name, cursor.u32())
        elif code == _ASYNC:
            name, options.is_async = "async", True
        else:
            raise NotSupported(f"an option 0x{code:02x} of a canonical definition that is unknown or not supported", at)
        if name in seen:
            raise BadWasm(f"the option `{name.replace('_', '-')}` is given more than once", at)
        seen.add(name)
    _check(options, spaces, start)
    return options


def _check(options: Options, spaces: CoreSpaces, offset: int) -> None:
    """Check what does not depend on the function."""
    if options.memory is not None and spaces.at(CoreSort.MEMORY, options.memory, offset).text:
        raise NotSupported("the option `memory` needs a memory with addresses of 32 bits that is not shared", offset)
    if options.realloc is not None:
        if options.memory is None:
            raise BadWasm("the option `realloc` needs the option `memory`, too", offset)
        spaces.check_func(options.realloc, REALLOC, "the option `realloc`", offset)
    if options.callback is not None:
        if not options.is_async:
            raise BadWasm("the option `callback` needs the option `async`, too", offset)
        spaces.check_func(options.callback, CALLBACK, "the option `callback`", offset)
    if options.post_return is not None and options.is_async:
        raise BadWasm("the options `post-return` and `async` exclude each other", offset)


def require_memory(options: Options, *, memory: bool, realloc: bool, offset: int) -> None:
    """Raise BadWasm if a definition needs options that it does not have."""
    needed = [("memory", memory or realloc, options.memory), ("realloc", realloc, options.realloc)]
    for name, is_needed, index in needed:
        if is_needed and index is None:
            raise BadWasm(f"a canonical definition with these types needs the option `{name}`", offset)
