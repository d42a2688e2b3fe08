"""Find names that a guest imports from its own modules, and that these certainly do not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import bound_names, line
from witkit.componentize.reading import ImportStatement, ReadModule
from witkit.interpreter import library
from witkit.text import Diagnostic, did_you_mean, error

MISSING_OWN_NAME: Final = "WIT0775"

_COMPUTES: Final = {"exec", "globals", "setattr", "vars"}
"""Functions that bind names which no text shows."""
_KEEPS: Final = {"__dict__", "modules"}


class OwnNames:
    """The names in the guest's modules, as far as their texts show them."""

    def __init__(self, config: BuildConfig, modules: Sequence[ReadModule]) -> None:
        self._config = config
        self._modules = {module.name: module for module in modules}
        self._set: set[str] | None = None
        self._known: dict[str, set[str] | None] = {}

    def wrong(self, module: ReadModule, each: ImportStatement) -> Iterator[Diagnostic]:
        """Findings for an import of a module that certainly fails because of what it names."""
        node = each.node
        if not isinstance(node, ast.ImportFrom):
            return
        place = line(each.file, node.lineno)
        if node.level > len(_package(module)):
            message = f"`{module.name}` is not in a package that `from {'.' * node.level}` could mean"
            yield error(MISSING_OWN_NAME, message, place, help="import the module by its whole name, without dots")
            return
        base = each.modules[0]
        known = self._names(base) if base in self._modules and not library().has(base) else None
        for name in each.names:
            if known is not None and not (name in known or _is_dunder(name) or self._is_module(base, name)):
                help = did_you_mean(name, sorted(known)) or f"define `{name}` there"
                yield error(MISSING_OWN_NAME, f"the guest's module `{base}` has no `{name}`", place, help=help)

    def _names(self, name: str) -> set[str] | None:
        """The names that a module has after its import, or None if that is not certain."""
        if name not in self._known:
            tree = self._modules[name].tree
            bound = None if _is_computed(tree) else bound_names(tree)
            self._known[name] = bound if bound is None else bound | set(_rarely_bound(tree))
        known = self._known[name]
        return None if known is None else known | self._attributes()

    def _attributes(self) -> set[str]:
        """The attributes that any module sets, perhaps on another module."""
        if self._set is None:
            nodes = [node for module in self._modules.values() for node in ast.walk(module.tree)]
            stored = [n for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)]
            self._set = {node.attr for node in stored}
        return self._set

    def _is_module(self, package: str, name: str) -> bool:
        """Whether a package has a module or a folder with this name, whatever it is written in."""
        places = [self._config.root / folder / "/".join([*package.split("."), name]) for folder in self._config.paths]
        return any(place.is_dir() or next(place.parent.glob(f"{name}.*"), None) for place in places)


def _package(module: ReadModule) -> list[str]:
    parts = module.name.split(".")
    return parts if module.file.name == "__init__.py" else parts[:-1]


def _is_computed(tree: ast.Module) -> bool:
    """Whether a module may have names that its text does not show."""
    return any(
        (isinstance(node, ast.Name) and node.id in _COMPUTES)
        or (isinstance(node, ast.Attribute) and node.attr in _KEEPS)
        for node in ast.walk(tree)
    )


def _rarely_bound(tree: ast.Module) -> Iterator[str]:
    """Names of a module that other statements bind than those of `bound_names`."""
    for node in ast.walk(tree):
        match node:
            case ast.Global(names):
                yield from names
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name


def _is_dunder(name: str) -> bool:
    return name == "*" or (name.startswith("__") and name.endswith("__"))
