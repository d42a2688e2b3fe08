"""Lists between brackets, as tokens: their elements, and what one language writes as another."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.syntax import habits
from witkit.syntax.repair import CLOSING, inserted, retyped
from witkit.syntax.tokens import Token

SEPARATORS = frozenset({"COMMA", "SEMICOLON"})
SIMPLE_TYPES = frozenset(
    {f"{sign}{bits}" for sign in "US" for bits in (8, 16, 32, 64)}
    | {"F32", "F64", "CHAR", "BOOL", "STRING", "ERROR_CONTEXT", "ID", "RESULT", "FUTURE", "STREAM"}
)
GENERICS = frozenset({"LIST", "OPTION", "RESULT", "TUPLE", "MAP", "FUTURE", "STREAM", "OWN", "BORROW"})


def elements(tokens: Sequence[Token], start: int, end: int) -> list[list[Token]]:
    """The elements between `start` and `end`, without the marks that separate them."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens[start:end]:
        depth += (token.type in CLOSING) - (token.type in CLOSING.values())
        if depth == 0 and token.type in SEPARATORS:
            found.append([])
        else:
            found[-1].append(token)
    return [element for element in found if element]


def as_tuple(tokens: Sequence[Token], start: int, end: int, types: Sequence[Sequence[Token]]) -> tuple[Token, ...]:
    """`tuple<…>` of these types, in place of the brackets at `start` and `end`."""
    made = [_at(tokens[start], "TUPLE"), retyped(tokens[start], "LESSTHAN")]
    for number, each in enumerate(types):
        made += [inserted("COMMA", each[0], made[-1])] if number else []
        made += each
    return (*made, retyped(tokens[end], "MORETHAN"))


def named_first(element: Sequence[Token]) -> list[Token] | None:
    """`u32 id` as `id: u32`, with what protobuf and C put around it; None for what is neither that nor WIT."""
    element = _without_value(element)
    if [t.type for t in element[:2]] == ["ID", "COLON"]:
        return list(element)
    wrapper = habits.WRAPPERS.get(element[0].text, "") if element else ""
    body = list(element[1:] if element and element[0].text in habits.WRAPPERS else element)
    if len(body) < 2 or body[-1].type != "ID" or not _is_type(body[:-1]):
        return None
    name, of = body[-1], [known(token) for token in body[:-1]]
    if wrapper:
        of = [_at(of[0], wrapper), _at(of[0], "LESSTHAN"), *of, inserted("MORETHAN", of[-1], of[-1])]
    return [name, inserted("COLON", name, name), *of]


def _is_type(tokens: Sequence[Token]) -> bool:
    first = tokens[0].type
    if len(tokens) == 1:
        return first in SIMPLE_TYPES
    return first in GENERICS and tokens[1].type == "LESSTHAN" and tokens[-1].type == "MORETHAN"


def _without_value(element: Sequence[Token]) -> Sequence[Token]:
    """The element without the `= 1` that ends it."""
    at = next((i for i, token in enumerate(element) if token.type == "EQUAL"), len(element))
    return element[:at]


def known(token: Token) -> Token:
    """A type of another language as the one of WIT."""
    meant = habits.type_for(token.text) if token.type == "ID" else ""
    return retyped(token, meant.upper()) if meant.isalnum() else token


def _at(token: Token, kind: str) -> Token:
    return Token(kind, token.source, token.start, token.start)
