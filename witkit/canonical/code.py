"""Python code under construction: one function `bind` with the local functions that belong to one instance."""

from __future__ import annotations

import ctypes
import struct
import sys
from collections.abc import Callable, Iterable
from typing import Any, Final

_memoryview = ctypes.pythonapi.PyMemoryView_FromMemory
_memoryview.restype = ctypes.py_object
_memoryview.argtypes = [ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int]

MEMORY: Final[memoryview] = _memoryview(1, sys.maxsize, 0x200)
"""All memory of the process, writable; the byte at address `a` is `MEMORY[a - 1]` (no view begins at address 0)."""


def indented(lines: Iterable[str]) -> list[str]:
    """The lines one level deeper."""
    return ["    " + line for line in lines]


class Code:
    """Collects what the functions of one codec refer to. Everything put into it lives as long as they do."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {"M": MEMORY, "C_CODEC": True}
        self.local: list[str] = []
        self._count = 0
        self._formats: dict[tuple[str, str], str] = {}
        self._functions: dict[tuple[str, int], tuple[str, Any]] = {}

    def fresh(self, prefix: str) -> str:
        """A name that no other part of the code uses."""
        self._count += 1
        return f"{prefix}{self._count}"

    def constant(self, value: Any, prefix: str = "c") -> str:
        """The name under which functions find `value`."""
        name = self.fresh(prefix)
        self.namespace[name] = value
        return name

    def struct(self, format: str, method: str) -> str:
        """The name of a bound method (`pack`, `unpack_from`, …) of the little-endian struct `format`."""
        key = (format, method)
        if key not in self._formats:
            self._formats[key] = self.constant(getattr(struct.Struct("<" + format), method), "S")
        return self._formats[key]

    def once(self, kind: str, key: Any, make: Callable[[str], None]) -> str:
        """The name of the local function for (kind, key), made at first use; `make` gets the name and defines it."""
        found = self._functions.get((kind, id(key)))
        if found is None:
            found = self._functions[kind, id(key)] = self.fresh(kind), key
            make(found[0])
        return found[0]

    def define(self, name: str, parameters: str, body: Iterable[str]) -> None:
        """Add a local function of `bind`."""
        self.local += [f"def {name}({parameters}):", *indented(body)]

    def bind(self, parameters: str, lines: Iterable[str]) -> Any:
        """Compile `bind`: the given lines, which end with its `return`, come after the local functions."""
        text = "\n".join([f"def bind({parameters}):", *indented([*self.local, *lines])])
        exec(compile(text, "<codec>", "exec"), self.namespace)
        return self.namespace["bind"]
