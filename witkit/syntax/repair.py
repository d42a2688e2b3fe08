"""Small repairs of a syntax error: the one token too few, too many or wrong that explains it.

A repair counts as right when the tokens that follow it can be read again; then the item that has the
error stays in the tree, and nothing that refers to it is reported in its wake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from witkit.syntax import habits
from witkit.syntax.driver import Driver
from witkit.syntax.tokens import Token
from witkit.syntax.words import ITEM_STARTS, NAMES
from witkit.text import closest

_ENOUGH = 3
_INSERTED = (
    (("SEMICOLON",), ";"),
    (("COMMA",), ","),
    (("RBRACE",), "}"),
    (("MORETHAN",), ">"),
    (("RPAR",), ")"),
    (("COLON",), ":"),
    (("MORETHAN", "SEMICOLON"), ">;"),
    (("RPAR", "SEMICOLON"), ");"),
    (("MORETHAN", "COMMA"), ">,"),
)
_GATE = ["AT", "ID", "LPAR", "ID", "EQUAL", "SEMVER", "RPAR"]
_GATE_BY_NAME = ["AT", "ID", "LPAR", "ID", "EQUAL", "ID", "RPAR"]
_STARTS = sorted(start.lower() for start in ITEM_STARTS - {"AT"})
_GENERICS = ("list", "option", "result", "tuple", "map", "future", "stream", "own", "borrow")
_PACKAGE_ENDS = frozenset({"AT", "LBRACE"})
_NO_ARGUMENT = frozenset({"SEMICOLON", "LBRACE", "RBRACE", "$END"})
_STRING_ATTRIBUTE = ["AT", "ID", "LPAR", "QUOTED", "RPAR"]


@dataclass(frozen=True, slots=True)
class Repair:
    """Replace `removed` tokens from the error on by `tokens`; `undo` tokens before it are taken back first.

    `help` tells the writer what to do; `message` says what is wrong where that is not what stands at the error.
    """

    tokens: tuple[Token, ...]
    removed: int
    help: str
    undo: int = 0
    message: str = ""


def find(driver: Driver, tokens: list[Token], at: int) -> Repair | None:
    """The first repair after which reading goes on, for the error at `tokens[at]`."""
    for repair in _candidates(driver, tokens, at):
        first = at + repair.removed
        following = [_meant(tokens, i) for i in range(first, min(first + _ENOUGH, len(tokens)))]
        wanted = [*(t.type for t in repair.tokens), *following]
        if driver.takes(wanted, back=repair.undo) == len(wanted):
            return repair
    return None


def _candidates(driver: Driver, tokens: list[Token], at: int) -> Iterator[Repair]:
    token = tokens[at]
    before = tokens[at - 1] if at else None
    yield from _habits(driver, tokens, at, token, before)
    yield from _names(driver, tokens, at, token, before)
    if token.type == "COLON" and before is not None and before is driver.last and _is_keyword(before):
        yield Repair((_as(before, "ID"),), 0, f"to use the keyword as a name, write `%{before.text}`", undo=1)
    if token.type == "ID" and (near := closest(token.text, _keywords(driver.accepted()))):
        yield Repair((_as(token, near.upper()),), 1, f"did you mean `{near}`?")
    if _is_keyword(token) and before is not None and before.type == "LESSTHAN" and driver.accepted() == {"ID"}:
        yield Repair((_as(token, "ID"),), 1, f"`own` and `borrow` take resources: write `{token.text}` alone")
    if _is_keyword(token):
        yield Repair((_as(token, "ID"),), 1, f"to use the keyword as a name, write `%{token.text}`")
    if token.type in {"SEMICOLON", "COMMA"}:
        other, mark = ("COMMA", ",") if token.type == "SEMICOLON" else ("SEMICOLON", ";")
        yield Repair((_as(token, other),), 1, f"write `{mark}` here")
    if token.type == "AT" and (length := _attribute_length(tokens, at)):
        yield Repair((), length, "remove the attribute: only whole items can have one")
    if token.type == "COMMA" and driver.accepted() == {"MORETHAN"}:
        yield Repair((), _rest_of_arguments(tokens, at), "no more types stand here: a `tuple<…>` holds several")
    for kinds, mark in _INSERTED:
        yield Repair(tuple(_inserted(kind, token, before) for kind in kinds), 0, _behind(mark, before))
    if token.type != "$END":
        yield Repair((), 1, f"remove `{token.text}`")


def _habits(driver: Driver, tokens: list[Token], at: int, token: Token, before: Token | None) -> Iterator[Repair]:
    """Repairs of what is written so in other languages, or was in older WIT."""
    last = before if before is not None and before is driver.last else None
    if token.type == "ID" and (word := habits.KEYWORDS.get(token.text)):
        yield Repair((_as(token, word.upper()),), 1, f"write `{word}`")
    if last is not None and last.type == "ID":
        yield from _misspelt_start(last, token)
        if token.type == "LESSTHAN" and (word := _generic(last.text)):
            message = f"there is no type `{last.text}<…>`"
            yield Repair((_as(last, word.upper()),), 0, f"write `{word}<…>`", undo=1, message=message)
        if token.type == "LPAR":
            added = (_inserted("COLON", token, last), _inserted("FUNC", token, last))
            yield Repair(added, 0, f"a function is written `{last.text}: func(…)`")
    name = tokens[at + 1] if at + 1 < len(tokens) else token
    if token.type == "FUNC" and name.type == "ID":
        yield Repair((name, _inserted("COLON", token, name), token), 2, f"a function is written `{name.text}: func(…)`")
    if token.type == "LPAR":
        yield Repair((_inserted("FUNC", token, before),), 0, "a function is written `name: func(…)`")
    if token.type == "EQUAL" and name.type == "MORETHAN":
        yield Repair((_as(token, "ARROW"),), 2, "write `->` before the result")
    if token.type == "COLON" and before is not None and before.type == "RPAR":
        yield Repair((_as(token, "ARROW"),), 1, "write `->` before the result")


def _names(driver: Driver, tokens: list[Token], at: int, token: Token, before: Token | None) -> Iterator[Repair]:
    """Repairs of names with a part too many: those of packages, and of interfaces as they were written in 2023."""
    is_part = token.type == "COLON" and at + 1 < len(tokens) and tokens[at + 1].type == "ID"
    if is_part and _PACKAGE_ENDS <= driver.accepted() <= _PACKAGE_ENDS | {"SEMICOLON"}:
        yield Repair((), 2, "a package's name has two parts: `package ns:name;`")
    if before is not None and before.type == "DOT" and tokens[at - 2].text in habits.OWN_PACKAGE:
        help = f"an interface of the same package is named alone: `use {token.text}.{{…}};`"
        yield Repair((_as(token, "ID"),), 1, help, undo=2)


def _misspelt_start(word: Token, token: Token) -> Iterator[Repair]:
    """For `struct name` or `varient name`: the keyword that was meant."""
    if word.end > token.start or "\n" in word.source.text[word.end : token.start] or token.type != "ID":
        return
    message = f"there is no keyword `{word.text}`"
    if word.text in habits.FUNCTIONS:
        added = (token, _inserted("COLON", token, token), _inserted("FUNC", token, token))
        yield Repair(added, 1, f"a function is written `{token.text}: func(…)`", undo=1, message=message)
    meant = habits.KEYWORDS.get(word.text)
    if meant is not None:
        yield Repair((_as(word, meant.upper()),), 0, f"write `{meant}`", undo=1, message=message)
    elif (near := closest(word.text, _STARTS)) is not None:
        yield Repair((_as(word, near.upper()),), 0, f"did you mean `{near}`?", undo=1, message=message)


def _generic(word: str) -> str | None:
    """The type with arguments that a word means, if any."""
    lower = word.lower()
    return habits.GENERICS.get(lower) or closest(lower, _GENERICS)


def _meant(tokens: list[Token], at: int) -> str:
    """The kind of a token to come. A keyword before `:` will be read as the name that it was meant to be."""
    token = tokens[at]
    is_name = at + 1 < len(tokens) and tokens[at + 1].type == "COLON" and _is_keyword(token)
    return "ID" if is_name else token.type


def _attribute_length(tokens: list[Token], at: int) -> int:
    """How many tokens the attribute at `tokens[at]` has; 0 where it is not complete."""
    kinds = [t.type for t in tokens[at : at + 7]]
    for shape in (_GATE, _GATE_BY_NAME, _STRING_ATTRIBUTE):
        if kinds[: len(shape)] == shape:
            return len(shape)
    return 0


def _rest_of_arguments(tokens: list[Token], at: int) -> int:
    """How many tokens stand from `tokens[at]` to the `>` that ends the arguments, or to where they cannot go on."""
    depth = 0
    for i in range(at, len(tokens)):
        kind = tokens[i].type
        if kind in _NO_ARGUMENT or (kind == "MORETHAN" and depth == 0):
            return i - at
        depth += (kind == "LESSTHAN") - (kind == "MORETHAN")
    return len(tokens) - at


def _keywords(terminals: set[str]) -> list[str]:
    return sorted(t.lower() for t in terminals if len(t) > 2 and t not in NAMES)


def _is_keyword(token: Token) -> bool:
    return token.type not in {"ID", "$END"} and token.text[:1].isalpha()


def _as(token: Token, kind: str) -> Token:
    return Token(kind, token.source, token.start, token.end, token.comments)


def _inserted(kind: str, token: Token, before: Token | None) -> Token:
    """A token without text, directly behind the one before the error."""
    at = before.end if before else token.start
    return Token(kind, token.source, at, at)


def _behind(mark: str, before: Token | None) -> str:
    return f"put `{mark}` behind `{before.text}`" if before else f"put `{mark}` here"
