"""Find `Err` and `Ok` that a guest returns where it has to raise the error, or to return the value itself.

A component drops what a function returns that has no value in WIT, so that its host takes the error for a success.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.componentize.family import Family
from witkit.componentize.modules import line, top_level
from witkit.text import Diagnostic, error

if TYPE_CHECKING:
    from witkit.bindgen.guest.skeleton import SkeletonClass
    from witkit.bindgen.guest.views import FunctionView

RETURNED_RESULT: Final = "WIT0776"

_TYPES: Final = "componentize_py_types"


def returned_results(known: Family, wanted: SkeletonClass, tree: ast.Module, file: Path) -> Iterator[Diagnostic]:
    """Findings for the functions of a class that return `Err` or `Ok`, unless WIT has a `result` as the value."""
    names = _names(tree)
    bound = known.bound
    for view in wanted.functions:
        function = bound.get(view.name)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and not view.gives_result:
            for node in top_level(function):
                for value in _values(node.value) if isinstance(node, ast.Return) else ():
                    called = names.get(ast.unparse(value.func)) if isinstance(value, ast.Call) else None
                    if called == "Err" or (called == "Ok" and view.returns != "None"):
                        yield _wrong(f"{known.name}.{view.name}", called, view, value, file)


def _wrong(name: str, called: str, view: FunctionView, value: ast.expr, file: Path) -> Diagnostic:
    if called == "Ok":
        what, help = "must return the value itself", "write the value without `Ok`"
    elif view.raises:
        what, help = "must raise it", "write `raise` in place of `return`"
    else:
        what, help = "has no error in WIT", "raise another exception, or return a `result` in WIT"
    message = f"`{name}` returns an `{called}`, but {what}"
    return error(RETURNED_RESULT, message, line(file, value.lineno), help=help, file=str(file))


def _values(value: ast.expr | None) -> Iterator[ast.expr]:
    """What a statement may return: both sides of a condition."""
    if isinstance(value, ast.IfExp):
        yield from _values(value.body)
        yield from _values(value.orelse)
    elif value is not None:
        yield value


def _names(tree: ast.Module) -> dict[str, str]:
    """How a module writes `Ok` and `Err`."""
    names: dict[str, str] = {}
    for node in top_level(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=aliases, level=0) if module == _TYPES:
                names |= {alias.asname or alias.name: alias.name for alias in aliases}
            case ast.Import(aliases):
                modules = [alias.asname or _TYPES for alias in aliases if alias.name == _TYPES]
                names |= {f"{module}.{name}": name for module in modules for name in ("Err", "Ok")}
    return names
