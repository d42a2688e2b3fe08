"""What generated code imports: each view says what it needs, and a module writes the lines for all of its views."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from witkit.bindgen.common.naming import Names
from witkit.bindgen.common.views import ImportLine, Imports, PythonImport


class LocalNames:
    """What one module calls the things that it imports. To ask for a name imports nothing.

    The names are claimed among those of the module: what the module itself defines keeps its name.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._chosen: dict[tuple[str, str], PythonImport] = {}

    def of(self, module: str, name: str) -> PythonImport:
        """`from module import name`, or `import name`, under a name that is free."""
        key = (module, name)
        if key not in self._chosen:
            self._chosen[key] = PythonImport(module, name, self._names.claim(name, f"_{name}"))
        return self._chosen[key]

    def fix(self, module: str, name: str) -> PythonImport:
        """The same under its own name, which the module keeps free for it."""
        return self._chosen.setdefault((module, name), PythonImport(module, name, name))


class Importing(Protocol):
    """A view that says what it needs from other modules."""

    @property
    def imports(self) -> Imports: ...


def imports_of(views: Iterable[Importing]) -> Imports:
    """What several views need together."""
    return frozenset[PythonImport]().union(*(view.imports for view in views))


def import_lines(imports: Iterable[PythonImport]) -> tuple[tuple[ImportLine, ...], ...]:
    """Groups of lines, in isort's order: standard library, witkit, the package itself."""
    groups: tuple[list[ImportLine], ...] = ([], [], [])
    for line in sorted(_lines(set(imports)), key=_line_order):
        groups[_group(line.module)].append(line)
    return tuple(tuple(group) for group in groups if group)


def _lines(imports: set[PythonImport]) -> Iterator[ImportLine]:
    plain: dict[str, list[str]] = {}
    for module, name, local in imports:
        if not module:
            yield ImportLine(name if local == name else f"{name} as {local}")
        elif local == name:
            plain.setdefault(module, []).append(name)
        else:
            yield ImportLine(module, (f"{name} as {local}",))
    for module, names in plain.items():
        yield ImportLine(module, tuple(sorted(names, key=member_order)))


def module_order(name: str) -> list[tuple[int, int]]:
    """Numbers by their value: `v0_1_9` comes before `v0_1_10`, as isort and ruff sort modules."""
    return _natural(name)


def member_order(name: str) -> tuple[int, list[tuple[int, int]], str]:
    """Constants, then classes, then the rest, numbers by their value: as isort sorts names."""
    bare = name.partition(" ")[0]
    return (0 if bare.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2, _natural(bare), name)


def offered_order(name: str) -> tuple[int, list[tuple[int, int]]]:
    """The order of `__all__`: as `member_order`, but capitals come before small letters (RUF022 of ruff)."""
    return member_order(name)[0], _parts(name)


def _natural(name: str) -> list[tuple[int, int]]:
    return _parts(name.lower())


def _parts(name: str) -> list[tuple[int, int]]:
    """The characters, each run of digits as one: a number has the place of the digits among the others."""
    return [(ord("0"), int(part)) if part.isdigit() else (ord(part), 0) for part in re.findall(r"\d+|\D", name)]


def _group(module: str) -> int:
    if module.startswith("."):
        return 2
    return 0 if module.partition(".")[0].partition(" ")[0] in sys.stdlib_module_names else 1


def _line_order(line: ImportLine) -> tuple[Any, ...]:
    first = line.names[0] if line.names else ""
    return bool(line.names), module_order(line.module), member_order(first)
