"""Python code under construction: names, constants, functions; all in one namespace."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Any

from witkit.runtime import capi


def indented(lines: Iterable[str]) -> list[str]:
    """The lines one level deeper."""
    return ["    " + line for line in lines]


class Code:
    """Collects what the functions of one codec refer to. Everything put into it lives as long as they do."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {"M": capi.MEMORY, "C_CODEC": True}
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
        """The name of the function for (kind, key), made at first use; `make` gets the name and defines it.

        Keys are compared by identity: the hash of a type is that of all its parts, however often each occurs.
        """
        found = self._functions.get((kind, id(key)))
        if found is None:
            found = self._functions[kind, id(key)] = self.fresh(kind), key
            make(found[0])
        return found[0]

    def define(self, name: str, parameters: str, body: list[str]) -> Any:
        """Compile a function into the namespace."""
        text = "\n".join([f"def {name}({parameters}):", *indented(body)])
        exec(compile(text, f"<codec {name}>", "exec"), self.namespace)
        return self.namespace[name]
