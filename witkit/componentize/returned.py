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

_FUNCTION: Final = ast.FunctionDef | ast.AsyncFunctionDef

_TYPES: Final = "componentize_py_types"


def returned_results(known: Family, wanted: SkeletonClass, tree: ast.Module, file: Path) -> Iterator[Diagnostic]:
    """Findings for the functions of a class that return `Err` or `Ok`, unless WIT has a `result` as the value."""
    names = _names(tree)
    bound = known.bound
    helpers = _helpers(tree, known, names)
    for view in wanted.functions:
        function = bound.get(view.name)
        if isinstance(function, _FUNCTION) and not view.gives_result:
            for value, called in _returned(function, {**names, **helpers}):
                if called == "Err" or (called == "Ok" and view.returns != "None"):
                    yield _wrong(f"{known.name}.{view.name}", called, view, value, file)


def _helpers(tree: ast.Module, known: Family, names: dict[str, str]) -> dict[str, str]:
    """How calls of the module's functions and of the class's methods are written that certainly return an `Err`."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    functions |= {f"self.{name}": node for name, node in known.bound.items() if isinstance(node, ast.FunctionDef)}
    returned = {
        name: [called for _, called in _returned(node, names)]
        for name, node in functions.items()
        if not node.decorator_list
    }
    return {name: "Err" for name, kinds in returned.items() if kinds and set(kinds) == {"Err"}}


def _returned(
    function: ast.FunctionDef | ast.AsyncFunctionDef, names: dict[str, str]
) -> Iterator[tuple[ast.expr, str]]:
    """The values that a function returns, with `Err` or `Ok` for those that certainly are one.

    `names` has the names of both, and of what returns them. A variable is one if it can be nothing else but None, and
    if the function does not look at it.
    """
    nodes = list(top_level(function))
    bound: dict[str, set[str]] = {}
    assigned = [node for node in nodes if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr)]
    known = {id(target) for node in assigned for target in getattr(node, "targets", [getattr(node, "target", None)])}
    for node in nodes:
        for name, kind in _bound(node, names):
            bound.setdefault(name, set()).add(kind)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in known:
            bound.setdefault(node.id, set()).add("")  # a loop, a `with` statement, a part of a value
    looked = {each for node in nodes for each in _looked_at(node)}
    looked |= {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
    for node in nodes:
        for value in _values(node.value) if isinstance(node, ast.Return) else ():
            if isinstance(value, ast.Name):
                kinds = bound.get(value.id, set()) - {"None"}
                yield value, next(iter(kinds)) if len(kinds) == 1 and value.id not in looked else ""
            else:
                yield value, _kind(value, names)


def _kind(value: ast.expr, names: dict[str, str]) -> str:
    """`Err`, `Ok` or `None` for an expression that certainly is one."""
    if isinstance(value, ast.Constant):
        return "None" if value.value is None else ""
    return names.get(ast.unparse(value.func), "") if isinstance(value, ast.Call) else ""


def _bound(node: ast.AST, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The variables that a node binds, with what they become."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(name)], value=value)
            | ast.NamedExpr(ast.Name(name), value)
            | ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value)
        ):
            yield from ((name, _kind(each, names)) for each in _values(value))
        case ast.ExceptHandler(type=ast.expr() as caught, name=str(name)):
            yield name, names.get(ast.unparse(caught), "")


def _looked_at(node: ast.AST) -> Iterator[str]:
    """The variables that a statement raises, or whose class it looks at."""
    match node:
        case ast.Raise(exc=ast.Name(name)) | ast.Match(subject=ast.Name(name)):
            yield name
        case ast.Call(func=ast.Name("isinstance" | "type"), args=[ast.Name(name), *_]):
            yield name


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
