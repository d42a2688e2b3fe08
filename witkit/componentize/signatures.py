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

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def misfits(node: ast.ClassDef, wanted: SkeletonClass, file: Path) -> Iterator[Diagnostic]:
    """A finding for each function of the class that certainly cannot be called with what the export has.

    A function with decorators of its own is not judged.
    """
    functions = {each.name: each for each in node.body if isinstance(each, _Function)}
    for view in wanted.functions:
        function = functions.get(view.name)
        if function is not None and (wrong := _wrong(function, view)):
            help = f"in WIT it is `{'async ' * view.is_async}def {view.name}({view.signature})`"
            message = f"`{node.name}.{view.name}` {wrong}"
            yield error(OTHER_SIGNATURE, message, line(file, function.lineno), help=help, file=str(file))


def _wrong(function: _Function, view: FunctionView) -> str:
    decorators = {each.id if isinstance(each, ast.Name) else "" for each in function.decorator_list}
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
