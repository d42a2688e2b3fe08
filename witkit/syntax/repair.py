"""Small repairs of a syntax error: the one token too few, too many or wrong that explains it.

A repair counts as right when the tokens that follow it can be read again; then the item that has the
error stays in the tree, and nothing that refers to it is reported in its wake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from witkit.syntax.driver import Driver
from witkit.syntax.tokens import Token
from witkit.syntax.words import NAMES
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
_STRING_ATTRIBUTE = ["AT", "ID", "LPAR", "QUOTED", "RPAR"]

_OTHER_WORDS = {"function": ("FUNC", "func"), "interfaces": ("INTERFACE", "interface")}
_OTHER_GENERICS = {"expected": ("RESULT", "result"), "array": ("LIST", "list"), "vec": ("LIST", "list")}


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
        following = [t.type for t in tokens[at + repair.removed : at + repair.removed + _ENOUGH]]
        wanted = [*(t.type for t in repair.tokens), *following]
        if driver.takes(wanted, back=repair.undo) == len(wanted):
            return repair
    return None


def _candidates(driver: Driver, tokens: list[Token], at: int) -> Iterator[Repair]:
    token = tokens[at]
    before = tokens[at - 1] if at else None
    if token.type == "ID" and token.text in _OTHER_WORDS:
        kind, word = _OTHER_WORDS[token.text]
        yield Repair((_as(token, kind),), 1, f"write `{word}`")
    if before is not None and before is driver.last and before.text in _OTHER_GENERICS:
        kind, word = _OTHER_GENERICS[before.text]
        message = f"there is no type `{before.text}<…>`"
        yield Repair((_as(before, kind),), 0, f"write `{word}<…>`", undo=1, message=message)
    if token.type == "COLON" and before is not None and before is driver.last and _is_keyword(before):
        yield Repair((_as(before, "ID"),), 0, f"to use the keyword as a name, write `%{before.text}`", undo=1)
    if token.type == "ID" and (near := closest(token.text, _keywords(driver.accepted()))):
        yield Repair((_as(token, near.upper()),), 1, f"did you mean `{near}`?")
    if _is_keyword(token):
        yield Repair((_as(token, "ID"),), 1, f"to use the keyword as a name, write `%{token.text}`")
    if token.type in {"SEMICOLON", "COMMA"}:
        other, mark = ("COMMA", ",") if token.type == "SEMICOLON" else ("SEMICOLON", ";")
        yield Repair((_as(token, other),), 1, f"write `{mark}` here")
    if token.type == "AT" and (length := _attribute_length(tokens, at)):
        yield Repair((), length, "remove the attribute: only whole items can have one")
    for kinds, mark in _INSERTED:
        yield Repair(tuple(_inserted(kind, token, before) for kind in kinds), 0, _behind(mark, before))
    if token.type != "$END":
        yield Repair((), 1, f"remove `{token.text}`")


def _attribute_length(tokens: list[Token], at: int) -> int:
    """How many tokens the attribute at `tokens[at]` has; 0 where it is not complete."""
    kinds = [t.type for t in tokens[at : at + 7]]
    for shape in (_GATE, _GATE_BY_NAME, _STRING_ATTRIBUTE):
        if kinds[: len(shape)] == shape:
            return len(shape)
    return 0


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
