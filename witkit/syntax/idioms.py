"""Repairs of what is written so in other languages, or was in older WIT."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax import habits
from witkit.syntax.repair import Repair, Site, inserted, retyped
from witkit.syntax.tokens import Token
from witkit.syntax.words import ITEM_STARTS
from witkit.text import closest

_GATE = ["AT", "ID", "LPAR", "ID", "EQUAL", "SEMVER", "RPAR"]
_GATE_BY_NAME = ["AT", "ID", "LPAR", "ID", "EQUAL", "ID", "RPAR"]
_STRING_ATTRIBUTE = ["AT", "ID", "LPAR", "QUOTED", "RPAR"]
_STARTS = sorted(start.lower() for start in ITEM_STARTS - {"AT"})
_GENERICS = ("list", "option", "result", "tuple", "map", "future", "stream", "own", "borrow")
_PACKAGE_ENDS = frozenset({"AT", "LBRACE"})
_NO_ARGUMENT = frozenset({"SEMICOLON", "LBRACE", "RBRACE", "$END"})


def idioms(site: Site) -> Iterator[Repair]:
    """The repairs whose pattern is there."""
    yield from _modifiers(site)
    yield from _words(site)
    yield from _functions(site)
    yield from _names(site)
    yield from _arguments(site)


def _modifiers(site: Site) -> Iterator[Repair]:
    """`pub fn f(`, `export interface i {`: words before a definition, with what then has to be said of it."""
    undo = int(site.last is not None and site.last.text in habits.MODIFIERS and site.last.type == "ID")
    first = at = site.at - undo
    while site.tokens[at].text in habits.MODIFIERS and site.tokens[at + 1].text[:1].isalpha():
        at += 1
    if at == first:
        return
    word = site.tokens[first].text
    message = f"there is no keyword `{word}`" if undo else ""
    start, name = site.tokens[at], site.tokens[at + 1]
    if start.text in habits.FUNCTIONS and name.type == "ID":
        made = (name, inserted("COLON", name, name), inserted("FUNC", name, name))
        help = f"a function is written `{name.text}: func(…)`"
        yield Repair(made, at + 2 - site.at, help, undo, message, sure=True)
    elif start.text in habits.KEYWORDS:
        kind = habits.KEYWORDS[start.text]
        help = f"write `{kind}` instead of `{word} {start.text}`"
        yield Repair((retyped(start, kind.upper()),), at + 1 - site.at, help, undo, message, sure=True)
    yield Repair((), at - site.at, habits.MODIFIERS[word].format(word), undo, message, sure=True)


def _words(site: Site) -> Iterator[Repair]:
    token, last = site.token, site.last
    if token.type == "ID" and (word := habits.KEYWORDS.get(token.text)):
        yield Repair((retyped(token, word.upper()),), 1, f"write `{word}`", sure=True)
    if last is not None and last.type == "ID":
        yield from _misspelt_start(last, token)
        if token.type == "LESSTHAN" and (word := _generic(last.text)):
            message = f"there is no type `{last.text}<…>`"
            yield Repair((retyped(last, word.upper()),), 0, f"write `{word}<…>`", 1, message, sure=True)


def _functions(site: Site) -> Iterator[Repair]:
    token, last = site.token, site.last
    if last is not None and last.text in habits.ATTRIBUTES and token.type == "LPAR":
        help = f"an attribute begins with `@`: `@{last.text}(…)`"
        yield Repair((inserted("AT", last, None), last), 0, help, undo=1, sure=True)
    if last is not None and last.type == "ID" and token.type == "LPAR":
        added = (inserted("COLON", token, last), inserted("FUNC", token, last))
        yield Repair(added, 0, f"a function is written `{last.text}: func(…)`", sure=True)
    if token.type == "FUNC" and site.kind(1) == "ID":
        name = site.tokens[site.at + 1]
        made = (name, inserted("COLON", token, name), token)
        yield Repair(made, 2, f"a function is written `{name.text}: func(…)`", sure=True)
    if token.type == "LPAR":
        yield Repair((inserted("FUNC", token, site.before),), 0, "a function is written `name: func(…)`", sure=True)
    if token.type == "EQUAL" and site.kind(1) == "MORETHAN":
        yield Repair((retyped(token, "ARROW"),), 2, "write `->` before the result", sure=True)
    if token.type == "COLON" and site.kind(-1) == "RPAR":
        yield Repair((retyped(token, "ARROW"),), 1, "write `->` before the result", sure=True)


def _names(site: Site) -> Iterator[Repair]:
    """Repairs of names with a part too many: those of packages, and of interfaces as they were written in 2023."""
    token = site.token
    is_part = token.type == "COLON" and site.kind(1) == "ID"
    if is_part and _PACKAGE_ENDS <= site.accepted <= _PACKAGE_ENDS | {"SEMICOLON"}:
        yield Repair((), 2, "a package's name has two parts: `package ns:name;`", sure=True)
    if site.kind(-1) == "DOT" and site.tokens[site.at - 2].text in habits.OWN_PACKAGE:
        help = f"an interface of the same package is named alone: `use {token.text}.{{…}};`"
        yield Repair((retyped(token, "ID"),), 1, help, undo=2, sure=True)


def _arguments(site: Site) -> Iterator[Repair]:
    token = site.token
    if token.type in {"SEMICOLON", "COMMA"}:
        other, mark = ("COMMA", ",") if token.type == "SEMICOLON" else ("SEMICOLON", ";")
        yield Repair((retyped(token, other),), 1, f"write `{mark}` instead of `{token.text}`")
    if token.type == "AT" and (length := _attribute_length(site)):
        yield Repair((), length, "remove the attribute: only whole items can have one", sure=True)
    if token.type == "COMMA" and site.accepted == {"MORETHAN"}:
        length = _rest_of_arguments(site.tokens, site.at)
        help = "no more types stand here: a `tuple<…>` holds several"
        yield Repair((), length, help, sure=True, is_advice=False)


def _misspelt_start(word: Token, token: Token) -> Iterator[Repair]:
    """For `struct name` or `varient name`: the keyword that was meant."""
    if word.end > token.start or "\n" in word.source.text[word.end : token.start] or token.type != "ID":
        return
    message = f"there is no keyword `{word.text}`"
    if word.text in habits.FUNCTIONS:
        added = (token, inserted("COLON", token, token), inserted("FUNC", token, token))
        yield Repair(added, 1, f"a function is written `{token.text}: func(…)`", 1, message, sure=True)
    meant = habits.KEYWORDS.get(word.text)
    if meant is not None:
        yield Repair((retyped(word, meant.upper()),), 0, f"write `{meant}`", 1, message, sure=True)
    elif (near := closest(word.text, _STARTS)) is not None:
        yield Repair((retyped(word, near.upper()),), 0, f"did you mean `{near}`?", 1, message, sure=True)


def _generic(word: str) -> str | None:
    """The type with arguments that a word means, if any."""
    lower = word.lower()
    return habits.GENERICS.get(lower) or closest(lower, _GENERICS)


def _attribute_length(site: Site) -> int:
    """How many tokens the attribute at the error has; 0 if it is not complete."""
    for shape in (_GATE, _GATE_BY_NAME, _STRING_ATTRIBUTE):
        if site.kinds(0, len(shape)) == shape:
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
