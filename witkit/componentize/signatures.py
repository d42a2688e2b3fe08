"""Whether the guest's functions can be called as their exports are: a component would trap on the first call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.componentize.modules import line
from witkit.text import Diagnostic, error

if TYPE_CHECKING:
    from witkit.bindgen.guest.skeleton import SkeletonClass
    from witkit.bindgen.guest.views import FunctionView

OTHER_SIGNATURE: Final = "WIT0763"

_PROPERTIES: Final = ("property", "cached_property")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def misfits(node: ast.ClassDef, wanted: SkeletonClass, file: Path) -> Iterator[Diagnostic]:
    """A finding for each function of the class that certainly cannot be called with what the export has.

    A function with decorators of its own is not judged.
    """
    bound = {name: each for each in node.body for name in _names(each)}
    for view in wanted.functions:
        found = bound.get(view.name)
        wrong = _wrong(found, view) if isinstance(found, _Function) else _is_no_function(found)
        if found is not None and wrong:
            help = f"in WIT it is `{'async ' * view.is_async}def {view.name}({view.signature})`"
            message = f"`{node.name}.{view.name}` {wrong}"
            yield error(OTHER_SIGNATURE, message, line(file, found.lineno), help=help, file=str(file))


def needs_constructor(node: ast.ClassDef, wanted: SkeletonClass) -> bool:
    """Whether a class without `__init__` certainly cannot be made as its constructor in WIT is called."""
    view = next((view for view in wanted.functions if view.name == "__init__"), None)
    # The Protocols of the bindings have an abstract `__init__`, `object` has one without arguments.
    return view is not None and (bool(view.params) or bool(node.bases))


def _names(statement: ast.stmt) -> Iterator[str]:
    """What a statement of a class binds, if it is a function or an assignment."""
    match statement:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(name), value=ast.expr()):
            yield name


def _is_no_function(statement: ast.stmt | None) -> str:
    values = ast.Constant | ast.JoinedStr | ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp
    is_value = isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, values)
    return "is a value and not a function" if is_value else ""


def _wrong(function: _Function, view: FunctionView) -> str:
    decorators = {each.id if isinstance(each, ast.Name) else "" for each in function.decorator_list}
    last = function.decorator_list[0] if function.decorator_list else None
    if isinstance(last, ast.Name | ast.Attribute) and ast.unparse(last).rpartition(".")[2] in _PROPERTIES:
        return "is a property, which cannot be called"
    if not decorators <= {"classmethod", "staticmethod"}:
        return ""
    if isinstance(function, ast.AsyncFunctionDef) and not view.is_async:
        return "is `async`, and nothing awaits it"
    # A static function is taken from the class: without a decorator nothing is passed before its arguments.
    is_bound = "staticmethod" not in decorators and (view.receiver != "cls" or "classmethod" in decorators)
    args = function.args
    count = len(args.posonlyargs) + len(args.args) - is_bound
    required = count - len(args.defaults)
    given = len(view.params)
    if any(default is None for default in args.kw_defaults):
        return "needs an argument by its name, and gets none"
    if count < 0 and args.vararg is None:
        return "has no `self`"
    if required > given or (count < given and args.vararg is None):
        return f"takes {count} {'argument' if count == 1 else 'arguments'}, and gets {given}"
    return ""
