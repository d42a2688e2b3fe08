"""What the targets that write Python have in common: comments, layout, names of packages."""

from __future__ import annotations

import keyword
from pathlib import PurePosixPath
from typing import Final, Protocol

from witkit.bindgen.target import CommentStyle, GenerationRequest, Target
from witkit.text import WitkitError, error

NOT_A_NAME: Final = "WIT0909"


class PythonTarget(Target, Protocol):
    """A target that writes Python by templates which users can replace."""

    comment: CommentStyle = CommentStyle("#")
    takes_templates: bool = True
    names_modules: bool = True

    def formatted(self, text: str, path: PurePosixPath, request: GenerationRequest) -> str:
        """As black lays it out. Raises `WitkitError` if a user's template does not make Python."""
        from witkit.bindgen.common.format import format_generated

        return format_generated(text, str(path), own=request.templates is None)

    def is_same(self, text: str, other: str) -> bool:
        """Whether both are the same code, with the same docstrings and comments."""
        return text == other or same_python(text, other)


def check_package(package: str | None, *, dotted: bool = False) -> None:
    """Raise `WitkitError` (WIT0909) for what cannot be the name of a Python package; of one in others if `dotted`."""
    parts = [] if package is None else package.split(".") if dotted else [package]
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        help = "a name has letters, digits and `_`, and does not begin with a digit"
        raise WitkitError([error(NOT_A_NAME, f"`{package}` cannot be the name of a Python package", help=help)])


def same_python(text: str, other: str) -> bool:
    """Whether two modules differ in layout only: in spaces, lines, quotes, commas and brackets that mean nothing."""
    try:
        return _code(text) == _code(other) and _comments(text) == _comments(other)
    except (SyntaxError, ValueError, RecursionError):
        return False


def _code(text: str) -> str:
    import ast

    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            # Formatters indent docstrings, and trim their ends.
            node.value.value = "\n".join(line.strip() for line in node.value.value.strip().splitlines())
    return ast.dump(tree)


def _comments(text: str) -> list[str]:
    import io
    import tokenize

    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT]
