"""Check that the guest's functions can be called as their exports are. Otherwise the component traps."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.componentize.family import Family
from witkit.componentize.modules import line, top_level
from witkit.text import Diagnostic, error

if TYPE_CHECKING:
    from witkit.bindgen.guest.skeleton import SkeletonClass
    from witkit.bindgen.guest.views import FunctionView

OTHER_SIGNATURE: Final = "WIT0763"

_PROPERTIES: Final = ("property", "cached_property")
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Values = ast.Constant | ast.JoinedStr | ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp
_Computed = ast.BinOp | ast.UnaryOp | ast.Compare | ast.DictComp | ast.SetComp


def misfits(known: Family, wanted: SkeletonClass, file: Path) -> Iterator[Diagnostic]:
    """Findings for the functions of a class that certainly cannot be called with the arguments of the export.

    Functions with other decorators are not checked.
    """
    bound = known.bound
    for view in wanted.functions:
        found = bound.get(view.name)
        wrong = _wrong(found, view) if isinstance(found, _Function) else _not_a_function(found, view)
        if found is not None and wrong:
            help = f"in WIT it is `{'async ' * view.is_async}def {view.name}({view.signature})`"
            message = f"`{known.name}.{view.name}` {wrong}"
            yield error(OTHER_SIGNATURE, message, line(file, found.lineno), help=help, file=str(file))


def needs_constructor(known: Family, wanted: SkeletonClass) -> bool:
    """Whether a class without `__init__` certainly does not accept the arguments of its constructor in WIT."""
    view = next((view for view in wanted.functions if view.name == "__init__"), None)
    # The Protocols of the bindings have an abstract `__init__`; that of `object` does not take arguments.
    return view is not None and (bool(view.params) or known.has_protocol)


def needs_arguments(known: Family) -> str:
    """Why the class certainly cannot be instantiated without arguments, or an empty string."""
    made = known.bound.get("__init__")
    return _miscounted(made.args, 0, is_bound=True) if isinstance(made, ast.FunctionDef) else ""


def _not_a_function(statement: ast.stmt | None, view: FunctionView) -> str:
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Lambda):
        return _miscounted(value.args, len(view.params), is_bound=view.receiver != "cls")
    if isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in _PROPERTIES:
        return "is a property, which cannot be called"
    return "is a value, not a function" if isinstance(value, _Values) else ""


def _wrong(function: _Function, view: FunctionView) -> str:
    decorators = {each.id if isinstance(each, ast.Name) else "" for each in function.decorator_list}
    last = function.decorator_list[0] if function.decorator_list else None
    if isinstance(last, ast.Name | ast.Attribute) and ast.unparse(last).rpartition(".")[2] in _PROPERTIES:
        return "is a property, which cannot be called"
    if not decorators <= {"classmethod", "staticmethod"}:
        return ""
    if isinstance(function, ast.AsyncFunctionDef) and not view.is_async:
        return "is `async`, but nothing awaits it"
    if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in top_level(function)):
        return "is a generator, but nothing iterates over it"
    # A static function is called on the class: without a decorator, it gets only its own arguments.
    is_bound = "staticmethod" not in decorators and (view.receiver != "cls" or "classmethod" in decorators)
    wrong = _miscounted(function.args, len(view.params), is_bound=is_bound)
    if not wrong and view.is_async and isinstance(function, ast.FunctionDef) and _returns_values(function):
        return "is not `async`, and its result cannot be awaited"
    return wrong


def _miscounted(args: ast.arguments, given: int, *, is_bound: bool) -> str:
    """Why parameters do not accept this number of arguments (after `self` if `is_bound`), or an empty string."""
    count = len(args.posonlyargs) + len(args.args) - is_bound
    required = count - len(args.defaults)
    if any(default is None for default in args.kw_defaults):
        return "has a required keyword-only parameter"
    if count < 0 and args.vararg is None:
        return "has no `self`"
    if required > given or (count < given and args.vararg is None):
        return f"takes {count} {'argument' if count == 1 else 'arguments'}, but gets {given}"
    return ""


def _returns_values(function: ast.FunctionDef) -> bool:
    """Whether the function certainly does not return something that can be awaited."""
    inside = list(top_level(function))
    stored = {each.id for each in inside if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
    params = {each.arg for each in (*function.args.posonlyargs, *function.args.args)} - stored
    return all(_is_value(each.value, params) for each in inside if isinstance(each, ast.Return))


def _is_value(value: ast.expr | None, params: set[str]) -> bool:
    match value:
        case ast.Call(func=ast.Name(name)):
            return isinstance(getattr(builtins, name, None), type) and name not in ("super", "type")
        case ast.Name(name):
            return name in params
    return value is None or isinstance(value, _Values | _Computed)
