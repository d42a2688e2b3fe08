"""Find documentation that componentize-py copies into Python, where it is not the text of a string."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Final

from witkit.bindgen.common.sizes import CLASSES
from witkit.ir.model import Element, TypeDef, World, WorldInterface
from witkit.text import Diagnostic, error

BAD_DOCS: Final = "WIT0655"

_ESCAPE: Final = re.compile(r"(?<!\\)(?:\\\\)*(\\[xuUN]\w*)")


def bad_docs(world: World) -> Iterator[Diagnostic]:
    """Errors for all documentation of a world that would not be a string."""
    for element in _documented(world):
        docs = element.docs or ""
        if ('"""' in docs or "\\" in docs) and not _is_string(docs):
            yield _error(element, docs)


def _documented(world: World) -> Iterator[Element]:
    """What componentize-py documents: no aliases, and no items inside types."""
    yield world
    for item in (*world.imports.values(), *world.exports.values()):
        if isinstance(item, WorldInterface):
            yield item.interface
            yield from item.interface.functions.values()
            yield from filter(_is_class, item.interface.types.values())
        elif not isinstance(item, TypeDef) or _is_class(item):
            yield item


def _is_class(type_: TypeDef) -> bool:
    return isinstance(type_.kind, CLASSES)


def _is_string(docs: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # for `\\d`, which Python reads as it is written
        try:
            (statement,) = ast.parse(f'"""\n{docs}\n"""').body
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last two for what is nested too deeply
            return False
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _error(element: Element, docs: str) -> Diagnostic:
    escape = _ESCAPE.search(docs)
    what = '`"""`' if escape is None else f"`{escape[1]}`, which Python takes for an escape"
    help = f"write the {'quotes' if escape is None else 'backslash'} in another way"
    message = f"componentize-py cannot build a world whose documentation has {what}"
    return error(BAD_DOCS, message, element.span, help=help)
