"""What views of all targets have: the imports that they need, and lines at the end of a module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class PythonImport(NamedTuple):
    """`from module import name as local`; `import name as local` if `module` is empty."""

    module: str
    name: str
    local: str


Imports: TypeAlias = frozenset[PythonImport]


@dataclass(frozen=True, slots=True)
class ConstantView:
    """A line at the end of a module; `reaches` if it mentions private names of other modules."""

    text: str
    imports: Imports = frozenset()
    reaches: bool = False


@dataclass(frozen=True, slots=True)
class ImportLine:
    """`import module` (no names), or `from module import names`, each name perhaps `x as y`."""

    module: str
    names: tuple[str, ...] = ()
