"""Find what a guest waits for, although its component has one thread: nothing can happen there meanwhile."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from witkit.componentize.reading import ReadModule
from witkit.componentize.reads import dotted, imported_names

WAITS: Final[Mapping[str, Mapping[str, int]]] = {
    "queue.SimpleQueue": {"get": 1},
    "threading.Condition": {"wait": 0},
    "threading.Event": {"wait": 0},
}
"""Methods that return at once whatever their timeout is, by their class, with the place of the timeout.

Others, such as `Condition.wait_for` and `Queue.get`, call these until the time is over.
"""


def waits(module: ReadModule) -> Iterator[tuple[str, ast.expr]]:
    """The calls of such methods that have a timeout: the dotted name of the method, and the place."""
    known = imported_names(module)
    made = _made(module.tree, known)
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=method) as func):
                of = _class(value, known) or made.get(ast.unparse(value), "")
                at = WAITS.get(of, {}).get(method)
                if at is not None and _has_timeout(node, at):
                    yield f"{of}.{method}", func


def _made(tree: ast.Module, known: dict[str, str]) -> dict[str, str]:
    """The classes of WAITS whose objects variables and attributes have, by their text; one that is always the same."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    found.setdefault(ast.unparse(target), set()).add(_class(value, known))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                found.setdefault(ast.unparse(target), set()).add(_class(value, known))
    return {text: classes.pop() for text, classes in found.items() if len(classes) == 1}


def _class(value: ast.expr, known: dict[str, str]) -> str:
    """The class of WAITS that an expression makes an object of, or an empty string."""
    name = dotted(value.func, known) if isinstance(value, ast.Call) else ""
    return name if name in WAITS else ""


def _has_timeout(call: ast.Call, at: int) -> bool:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "timeout"] or call.args[at : at + 1]
    return bool(given) and not (isinstance(given[0], ast.Constant) and given[0].value in (None, 0))
