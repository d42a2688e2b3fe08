"""The import lines of a generated module, gathered while its code is spelled."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from witkit.bindgen.common.naming import Scope
from witkit.bindgen.common.views import ImportLine


class Imports:
    """Names that a module brings in; one that the module itself defines is brought in under another."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._names: dict[tuple[str, str], str] = {}
        self._bound: list[tuple[str, str, str]] = []

    def name(self, module: str, name: str) -> str:
        """The local name of `from module import name`."""
        key = (module, name)
        if key not in self._names:
            self._names[key] = self._scope.claim(name, f"_{name}")
        return self._names[key]

    def module(self, name: str) -> str:
        """The local name of `import name`."""
        return self.name("", name)

    def known(self, module: str, name: str) -> None:
        """`from module import name`, where the module's scope keeps the name for it already."""
        self._names[module, name] = name

    def bind(self, module: str, name: str, local: str) -> None:
        """`from module import name as local`, where the local name is claimed already."""
        self._bound.append((module, name, local))

    def lines(self) -> tuple[tuple[ImportLine, ...], ...]:
        """Groups of lines, in isort's order: standard library, witkit, the package itself."""
        groups: tuple[list[ImportLine], ...] = ([], [], [])
        for line in sorted(self._lines(), key=_line_order):
            groups[_group(line.module)].append(line)
        return tuple(tuple(group) for group in groups if group)

    def _lines(self) -> Iterator[ImportLine]:
        plain: dict[str, list[str]] = {}
        asked = ((module, name, local) for (module, name), local in self._names.items())
        for module, name, local in (*asked, *self._bound):
            if not module:
                yield ImportLine(name if local == name else f"{name} as {local}")
            elif local == name:
                plain.setdefault(module, []).append(name)
            else:
                yield ImportLine(module, (f"{name} as {local}",))
        for module, names in plain.items():
            yield ImportLine(module, tuple(sorted(names, key=member_order)))


def member_order(name: str) -> tuple[int, list[tuple[int, str]], str]:
    """Constants, then classes, then the rest, numbers by their value: as isort sorts names."""
    bare = name.partition(" ")[0]
    return (0 if bare.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2, _natural(bare), name)


def offered_order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """The order of `__all__`: as `member_order`, but capitals come before small letters (RUF022 of ruff)."""
    return member_order(name)[0], _parts(name)


def _natural(name: str) -> list[tuple[int, str]]:
    return _parts(name.lower())


def _parts(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def _group(module: str) -> int:
    if module.startswith("."):
        return 2
    return 0 if module.partition(".")[0].partition(" ")[0] in sys.stdlib_module_names else 1


def _line_order(line: ImportLine) -> tuple[Any, ...]:
    first = line.names[0] if line.names else ""
    return bool(line.names), line.module, member_order(first)
