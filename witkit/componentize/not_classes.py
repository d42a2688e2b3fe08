"""Find what a guest's module has in place of a class, and that componentize-py cannot call to get an object."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

from witkit.componentize.modules import bound_names, line, top_level
from witkit.text import Diagnostic, error

NOT_A_CLASS: Final = "WIT0778"

_LITERALS: Final = ast.Constant | ast.JoinedStr | ast.List | ast.Tuple | ast.Dict | ast.Set


def not_a_class(
    name: str, tree: ast.Module, file: Path, what: str, help: str, *, is_called_so: bool = True
) -> Diagnostic | None:
    """The finding for a name that certainly is not a class, or None. `what` says what the class is for.

    A function that returns an object does, too. `is_called_so` says that it must not need arguments.
    """
    bound = [node for node in tree.body if _binds(node, name)]
    others = [node for node in top_level(tree) if isinstance(node, ast.Name) and node.id == name and _is_stored(node)]
    if len(bound) != 1 or len(others) > isinstance(bound[0], ast.Assign | ast.AnnAssign):
        return None  # it depends on what runs
    found = _described(bound[0]) or _made(bound[0], tree)
    if not found or (found == "a function" and not is_called_so):
        return None
    message = f"`{name}` is {found}, but must be a class: it implements {what}"
    return error(NOT_A_CLASS, message, line(file, bound[0].lineno), help=help, file=str(file))


def _binds(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.FunctionDef(bound) | ast.AsyncFunctionDef(bound) | ast.ClassDef(bound):
            return bound == name
        case ast.Assign(targets=[ast.Name(bound)]) | ast.AnnAssign(target=ast.Name(bound), value=ast.expr()):
            return bound == name
        case ast.Import(aliases) | ast.ImportFrom(names=aliases):
            return any((alias.asname or alias.name.partition(".")[0]) == name for alias in aliases)
    return False


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del)


def _described(node: ast.stmt) -> str:
    """What a statement binds, if that is not a class. Empty if it may be one, or something that gives an object."""
    match node:
        case ast.AsyncFunctionDef():
            return "an `async` function"
        case ast.FunctionDef(decorator_list=[]):
            return _function(node.args, has_value=_returns(node))
        case ast.Assign(value=ast.Lambda(args)) | ast.AnnAssign(value=ast.Lambda(args)):
            return _function(args, has_value=True)
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) if isinstance(value, _LITERALS):
            return f"`{_short(ast.unparse(value))}`"
        case ast.Import():
            return "a module"
    return ""


def _made(node: ast.stmt, tree: ast.Module) -> str:
    """What a statement binds if it is an object of a class in the same module that is not callable."""
    match node:
        case ast.Assign(value=ast.Call(func=ast.Name(made))) | ast.AnnAssign(value=ast.Call(func=ast.Name(made))):
            classes = [each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == made]
            plain = [each for each in classes if not each.bases and not each.keywords and not each.decorator_list]
            names = bound_names(plain[0]) if len(plain) == len(classes) == 1 else None
            return "" if names is None or {"__call__", "__new__"} & names else f"an object of `{made}`"
    return ""


def _function(arguments: ast.arguments, *, has_value: bool) -> str:
    needed = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    needed += sum(default is None for default in arguments.kw_defaults)
    return "a function" if needed or not has_value else ""


def _returns(function: ast.FunctionDef) -> bool:
    """Whether a function may return an object."""
    values = [node.value for node in top_level(function) if isinstance(node, ast.Return)]
    return any(value is not None and not isinstance(value, _LITERALS) for value in values)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
