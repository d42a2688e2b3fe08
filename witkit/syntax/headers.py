"""What can be understood of a package header that does not follow the grammar."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.syntax.nodes import Id
from witkit.syntax.repair import is_keyword
from witkit.syntax.tokens import Token

_BETWEEN = frozenset({"COLON", "DOT", "SLASH"})
_OTHER_ITEMS = frozenset({"INTERFACE", "WORLD", "LBRACE", "$END"})


def names_in_header(tokens: Sequence[Token]) -> tuple[Id, ...] | None:
    """The namespace and name in what was meant as a header, as far as they are there; None if nothing was.

    A header is the first `package` before all items but `use`; what has braces after it is a nested package.
    """
    start = next((i for i, token in enumerate(tokens) if token.type in _OTHER_ITEMS or token.type == "PACKAGE"), None)
    if start is None or tokens[start].type != "PACKAGE":
        return None
    names: list[Id] = []
    at = start + 1
    while len(names) < 2 and _is_name(tokens, at):
        names.append(Id(tokens[at].text.removeprefix("%"), tokens[at].span))
        at += 1 + (tokens[at + 1].type in _BETWEEN)
    return None if tokens[at].type == "LBRACE" else tuple(names)


def _is_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name is here; a keyword on its own may begin the next item."""
    token = tokens[at]
    return token.type == "ID" or (is_keyword(token) and tokens[at - 1].type in _BETWEEN)
