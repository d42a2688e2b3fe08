"""Read the syntax of a component's Python with the Python that runs witkit.

An older Python does not support the newest statements, but black does: its tree shows where they are. They are
rewritten in the older grammar, line by line, with the same imports, classes and functions.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from contextlib import suppress
from io import BytesIO, TextIOWrapper
from tokenize import detect_encoding
from typing import TYPE_CHECKING, Final

from witkit.interpreter.library import library

if TYPE_CHECKING:
    from blib2to3.pytree import Leaf, Node

_PLACE: Final = re.compile(r"(\d+):(\d+)")
_OF_NEWER: Final = re.compile(r"invalid syntax|expected|f-string|multiple exception types|bytes can only|unterminated")
"""Messages of an older Python for statements that it does not support, among other errors."""


def parse(content: bytes) -> ast.Module:
    """The syntax tree of a guest's module. Lines are right, columns may not be.

    Syntax that this Python does not support is replaced by something similar: a type alias by an assignment of None, an
    f-string by a string. Raises `SyntaxError` for what the component's Python does not support.
    """
    theirs, own = library().python[:2], sys.version_info[:2]
    try:
        tree = ast.parse(content, feature_version=theirs) if own > theirs else ast.parse(content)
    except SyntaxError as wrong:
        if own >= theirs or not isinstance(text := _decoded(content), str):
            raise
        return ast.parse(_older(text, wrong))
    except RecursionError:
        raise SyntaxError("an expression is nested too deeply: write it in several statements") from None
    _check_compiles(content)
    return tree


def _check_compiles(content: bytes) -> None:
    """Raise `SyntaxError` for what a grammar accepts, but no Python: `await` in a plain function, two parameters of one
    name, an unknown name of `__future__`."""
    with warnings.catch_warnings(), suppress(RecursionError):
        warnings.simplefilter("ignore")  # Python warns when it imports the module
        # The source, because a syntax tree may be nested less deeply.
        compile(content, "<guest>", "exec", dont_inherit=True)


def is_newer(content: bytes) -> bool:
    """Whether the component's Python can read a guest's module, but this Python cannot."""
    try:
        ast.parse(content)
    except SyntaxError:
        try:
            parse(content)
        except SyntaxError:
            return False
        return True
    return False


def _decoded(content: bytes) -> str | None:
    """The text of a module, or None if Python cannot decode it."""
    try:
        encoding, _ = detect_encoding(BytesIO(content).readline)
        return TextIOWrapper(BytesIO(content), encoding).read()
    except (SyntaxError, UnicodeDecodeError):
        return None


def _older(text: str, wrong: SyntaxError) -> str:
    """The text in the grammar of this Python, with the same lines. Raises `SyntaxError` if it is not Python at all.

    `wrong` is the error of this Python.
    """
    from black.parsing import InvalidInput, lib2to3_parse

    try:
        tree = lib2to3_parse(text if text.endswith("\n") else f"{text}\n")
    except InvalidInput as refused:
        found = _PLACE.search(str(refused))
        line, column = (int(found[1]), int(found[2]) + 1) if found else (wrong.lineno, wrong.offset)
        if (line, column) == (wrong.lineno, wrong.offset) or not _OF_NEWER.match(wrong.msg):
            raise wrong from None
        raise SyntaxError("invalid syntax", ("", line, column, None)) from None
    _rewrite(tree)
    return str(tree)


def _rewrite(node: Node | Leaf) -> None:
    """Replace newer statements by older ones, below a node of the tree."""
    from blib2to3.pgen2 import token
    from blib2to3.pygram import python_symbols as symbols
    from blib2to3.pytree import Leaf

    text = str(node).removeprefix(node.prefix)
    lines = text.count("\n")
    if node.type in (symbols.fstring, symbols.tstring):
        node.replace(Leaf(token.STRING, '"""' + "\n" * lines + '"""', prefix=node.prefix))
    elif node.type == symbols.typeparams:
        node.replace(Leaf(token.STRING, "\\\n" * lines, prefix=node.prefix))
    elif node.type == symbols.type_stmt:
        name = str(node.children[1])
        alias = f"{name.removeprefix(node.children[1].prefix)} = " + "\\\n" * lines + "None"
        node.replace(Leaf(token.STRING, alias, prefix=node.prefix))
    elif node.type == symbols.except_clause and node.children[-1].type == symbols.testlist:
        classes = node.children[-1]
        classes.replace(Leaf(token.STRING, f"({str(classes).strip()})", prefix=" "))
    else:
        for child in list(node.children):
            _rewrite(child)
