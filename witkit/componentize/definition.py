"""Find the class that a name of a guest's module stands for, in whichever of the guest's modules it is defined."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from witkit.componentize.config import BuildConfig
from witkit.componentize.family import are_bindings
from witkit.componentize.modules import bound_names, module_file, parse, top_level
from witkit.componentize.reading import absolute
from witkit.interpreter import library

_Assigned = ast.Assign | ast.AnnAssign


@dataclass(frozen=True, slots=True)
class Definition:
    """A class with the module and the file that it is in."""

    node: ast.ClassDef
    tree: ast.Module
    file: Path


@dataclass(frozen=True, slots=True)
class Definitions:
    """Follows imports and assignments from name to name. `packages` are the dotted names of those with bindings."""

    config: BuildConfig
    packages: Sequence[str]

    def find(self, module: str, name: str, seen: frozenset[tuple[str, str]] = frozenset()) -> Definition | None:
        """What the name certainly is after the module was imported, or None.

        For a class of the bindings itself, it is an empty one with that class as its base.
        """
        file = None if library().takes_name(module) else module_file(self.config, module)
        if file is None or (module, name) in seen:
            return None
        seen, tree = seen | {(module, name)}, parse(file)
        match _binding(tree, name):
            case ast.ClassDef() as node:
                return Definition(node, tree, file)
            case ast.ImportFrom(names=names) as node:
                taken = next(each.name for each in names if (each.asname or each.name) == name)
                base = absolute(node, _package(module, file))
                if self._are_bindings(f"{base}.{taken}"):
                    return Definition(_derived(name, ast.Name(name), node), tree, file)
                return self.find(base, taken, seen)
            case ast.Assign(value=ast.Name(other)) | ast.AnnAssign(value=ast.Name(other)):
                return self.find(module, other, seen)
            case ast.Assign(value=ast.Attribute() as value) as node:
                return self._attribute(module, value, node, Definition(_derived(name, value, node), tree, file), seen)
            case None if not _binds_anywhere(tree, name):
                return self._from_all(tree, module, file, name, seen)
        return None

    def _attribute(
        self, module: str, value: ast.Attribute, node: ast.stmt, own: Definition, seen: frozenset[tuple[str, str]]
    ) -> Definition | None:
        """`Shop = shops.Shop`: the class in another module, or `own` if it is one of the bindings."""
        for taken, known in _modules(own.tree, _package(module, own.file)):
            if ast.unparse(value.value) == taken or (self._are_bindings(known) and _root(value) == taken):
                return own if self._are_bindings(known) else self.find(known, value.attr, seen)
        return None

    def _from_all(
        self, tree: ast.Module, module: str, file: Path, name: str, seen: frozenset[tuple[str, str]]
    ) -> Definition | None:
        """The class that `from … import *` brings in, if all such imports are from modules whose names are certain."""
        found: Definition | None = None
        for node in top_level(tree):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                base = absolute(node, _package(module, file))
                origin = None if library().takes_name(base) else module_file(self.config, base)
                names = bound_names(parse(origin)) if origin is not None else None
                if node not in tree.body or names is None or "__all__" in names:
                    return None
                found = self.find(base, name, seen) if name in names else found
        return found

    def _are_bindings(self, module: str) -> bool:
        return are_bindings(module, self.packages)


def _binding(tree: ast.Module, name: str) -> ast.stmt | None:
    """The statement of a module that binds a name, or None if there is none or if it depends on what runs."""
    direct = [node for node in tree.body if _binds(node, name)]
    targets = [target for node in direct if isinstance(node, _Assigned) for target in _targets(node)]
    inside = [node for node in top_level(tree) if _binds(node, name) or _stores(node, name)]
    declared = any(isinstance(node, ast.Global) and name in node.names for node in ast.walk(tree))
    is_certain = not declared and all(node in direct or node in targets for node in inside)
    return direct[-1] if direct and is_certain else None


def _binds_anywhere(tree: ast.Module, name: str) -> bool:
    return any(_binds(node, name) or _stores(node, name) for node in ast.walk(tree))


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.FunctionDef(bound) | ast.AsyncFunctionDef(bound) | ast.ClassDef(bound):
            return bound == name
        case ast.Import(aliases) | ast.ImportFrom(names=aliases):
            return any((alias.asname or alias.name.partition(".")[0]) == name for alias in aliases)
        case ast.Assign(targets=[ast.Name(bound)]) | ast.AnnAssign(target=ast.Name(bound), value=ast.expr()):
            return bound == name
    return False


def _targets(node: _Assigned) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _stores(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)


def _modules(tree: ast.Module, package: str) -> Iterator[tuple[str, str]]:
    """How a module writes the modules that it imports, and their full names. Others may be among them."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, package)
            yield from ((alias.asname or alias.name, f"{base}.{alias.name}") for alias in node.names)


def _package(module: str, file: Path) -> str:
    return module if file.name == "__init__.py" else module.rpartition(".")[0]


def _root(value: ast.expr) -> str:
    while isinstance(value, ast.Attribute):
        value = value.value
    return value.id if isinstance(value, ast.Name) else ""


def _derived(name: str, base: ast.expr, node: ast.stmt) -> ast.ClassDef:
    """An empty class in the place of a statement."""
    return ast.ClassDef(name, bases=[base], keywords=[], body=[], decorator_list=[], lineno=node.lineno, col_offset=0)
