"""Find the names that a guest's module uses from the modules that it imports: `os.path.join`, `keyvalue.open`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from witkit.componentize.reading import ReadModule, catches

_ASKS: Final = {"platform", "name", "system", "TYPE_CHECKING", "__name__"}
"""Names in conditions that are false in a component, or may be."""
_TESTS: Final = {"hasattr", "getattr"}


def imported_names(module: ReadModule) -> dict[str, str]:
    """The imported things that names of a module refer to, if only imports bind them."""
    names: dict[str, str] = {}
    for each in module.imports:
        if isinstance(each.node, ast.Import):
            names |= {alias.asname: alias.name for alias in each.node.names if alias.asname}
            tops = [alias.name.partition(".")[0] for alias in each.node.names if not alias.asname]
            names |= {top: top for top in tops}
        elif isinstance(each.node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{each.modules[0]}.{alias.name}" for alias in each.node.names}
    for name in _bound(module.tree):
        names.pop(name, None)
    return names


def dotted(node: ast.AST, known: dict[str, str]) -> str:
    """The dotted name that an expression reads, or an empty string for other expressions."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or node.id not in known:
        return ""
    return ".".join([known[node.id], *parts])


def attributes_read(module: ReadModule) -> Iterator[tuple[str, ast.expr]]:
    """The dotted names of the attributes of imported things that a module reads, in the order of the text.

    Without those that the module tests first: with `hasattr`, in a `try` statement that catches the failure, or after a
    check of the platform.
    """
    known = imported_names(module)
    tested = set(_tested(module.tree))
    waiting: list[ast.AST] = [module.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Attribute) and (name := dotted(node, known)):
            if node.attr not in tested and name not in known.values():
                yield name, node
            continue
        waiting += [child for child in reversed(list(ast.iter_child_nodes(node))) if not _is_guarded(node, child)]


def _is_guarded(node: ast.AST, child: ast.AST) -> bool:
    if isinstance(node, ast.If | ast.IfExp):
        return any(getattr(each, "attr", getattr(each, "id", "")) in _ASKS for each in ast.walk(node.test))
    return isinstance(node, ast.Try) and child in node.body and any(map(catches, node.handlers))


def _tested(tree: ast.Module) -> Iterator[str]:
    """The attributes that a module tests with `hasattr` or `getattr`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(name), args=[_, ast.Constant(str(attribute)), *_]) if name in _TESTS:
                yield attribute


def _bound(tree: ast.Module) -> Iterator[str]:
    """The names that a module binds anywhere, except by imports."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(name, ast.Store() | ast.Del()) | ast.arg(name):
                yield name
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                yield name
