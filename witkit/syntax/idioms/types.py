"""Types as other languages write them."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax import habits
from witkit.syntax.idioms.lists import GENERICS, SIMPLE_TYPES, as_tuple, elements
from witkit.syntax.repair import FURTHEST, Repair, Site, closing, inserted, retyped
from witkit.syntax.tokens import Token
from witkit.text import closest

_GENERICS = ("list", "option", "result", "tuple", "map", "future", "stream", "own", "borrow")
_NO_ARGUMENT = frozenset({"SEMICOLON", "LBRACE", "RBRACE", "$END"})


def types(site: Site) -> Iterator[Repair]:
    token, last = site.token, site.last
    if token.type == "LPAR" and "U8" in site.accepted:
        yield from _in_parentheses(site)
    if token.type == "LESSTHAN" and last is not None and last.type == "ID":
        yield from _generic(site, last)
    if token.type == "LESSTHAN" and "U8" in site.accepted:
        for kind in ("LIST", "RESULT", "OWN"):
            made = (inserted(kind, token, site.before),)
            yield Repair(made, 0, "say what the type is: `list<…>`, `option<…>`, `result<…>`", is_advice=False)
    if site.before is not None and site.before.type in GENERICS and "LESSTHAN" in site.accepted:
        yield from _without_brackets(site, site.before)
    if site.accepted == {"ID"} and site.kinds(-2, 0)[-1] == "LESSTHAN" and site.kind(1) == "MORETHAN":
        yield from _handle_of_value(site)
    if token.type == "ID" and site.before is not None and site.before.text in {"handle", "dyn"} and site.can_undo:
        yield from _handle(site, site.before.text)
    if token.type in SIMPLE_TYPES | GENERICS and site.before is not None and site.can_undo:
        word = site.before.text
        if word in habits.QUALIFIERS and site.kind(-2) in {"COLON", "LESSTHAN", "ARROW", "LPAR"}:
            yield Repair((), 0, f"values are copied: remove `{word}`", 1, f"there is no keyword `{word}`", sure=True)
    if token.type in {"COMMA", "MORETHAN"}:
        yield from _arguments(site)
    if site.kinds(0, 3) == ["COLON", "COLON", "ID"] and site.can_undo and site.before is not None:
        name, scope = site.tokens[site.at + 2].text, site.before.text
        help = f"bring the type in with `use {scope}.{{{name}}};`, and write `{name}`"
        yield Repair((inserted("ID", token, site.before),), 3, help, undo=1, sure=True)
    if token.type == "QUOTED" and "U8" in site.accepted:
        length = next(i for i in range(1, len(site.tokens)) if site.kind(i) != "QUOTED")
        help = "a type is not a text: several names to choose from are an `enum name { … }`"
        yield Repair((inserted("ID", token, site.before),), length, help, sure=length > 1)


def _in_parentheses(site: Site) -> Iterator[Repair]:
    """`()`, `(t)` and `(t, t)`."""
    end = closing(site.tokens, site.at)
    if end is None:
        return
    length, parts = end + 1 - site.at, elements(site.tokens, site.at + 1, end)
    if site.kind(length) == "ARROW" and site.kind(length + 1) in SIMPLE_TYPES:
        made = (inserted("ID", site.token, site.before),)
        yield Repair(made, length + 2, "a function is not a value: pass a resource with a method", sure=True)
    if not parts and site.kinds(-2, 0) == ["RESULT", "LESSTHAN"]:
        yield Repair((retyped(site.token, "NOTHING"),), length, "write `_` for a value that is not there", sure=True)
    elif not parts:
        made = (inserted("ID", site.token, site.before),)
        yield Repair(made, length, "WIT has no `()`: leave the value out", sure=True)
    elif len(parts) == 1:
        yield Repair(tuple(parts[0]), length, "write a type without parentheses", sure=True)
    else:
        yield Repair(as_tuple(site.tokens, site.at, end, parts), length, "a tuple is written `tuple<…>`", sure=True)


def _generic(site: Site, name: Token) -> Iterator[Repair]:
    """`vec<t>`, `lsit<t>`, `box<t>`."""
    message, lower = f"there is no type `{name.text}<…>`", name.text.lower()
    end = closing(site.tokens, site.at)
    if lower in habits.POINTERS and end is not None:
        inner = tuple(site.tokens[site.at + 1 : end])
        yield Repair(inner, end + 1 - site.at, "write the type alone: values are copied", 1, message, sure=True)
    if word := habits.GENERICS.get(lower) or closest(lower, _GENERICS):
        yield Repair((retyped(name, word.upper()),), 0, f"write `{word}<…>`", 1, message, sure=True)


def _without_brackets(site: Site, word: Token) -> Iterator[Repair]:
    """`list u8`, and `list` alone."""
    token = site.token
    if token.type in SIMPLE_TYPES:
        one = (inserted("LESSTHAN", token, word), token, inserted("MORETHAN", token, token))
        yield Repair(one, 1, f"write `{word.text}<{token.text}>`")
    elif site.accepted == {"LESSTHAN"} and token.type in {"COMMA", "SEMICOLON", "RPAR", "RBRACE", "MORETHAN"}:
        inner = ("ID", "COMMA", "ID") if word.type == "MAP" else ("ID",)
        made = tuple(inserted(kind, token, word) for kind in ("LESSTHAN", *inner, "MORETHAN"))
        what = "`map<…, …>`" if word.type == "MAP" else f"`{word.text}<…>`"
        yield Repair(made, 0, f"say of what: {what}", sure=True)


def _handle_of_value(site: Site) -> Iterator[Repair]:
    """`own<string>`."""
    if site.kind(-2) in {"OWN", "BORROW"} and site.token.type in SIMPLE_TYPES:
        help = f"`own` and `borrow` take resources: write `{site.token.text}` alone"
        yield Repair((site.token,), 2, help, undo=2, sure=True)


def _handle(site: Site, word: str) -> Iterator[Repair]:
    """`handle r`, as WIT had it in 2022."""
    token = site.token
    if word == "dyn":
        yield Repair((), 0, "remove `dyn`", undo=1, sure=True)
        return
    name = (inserted("BORROW", token, site.before), inserted("LESSTHAN", token, site.before), token)
    help = f"write `borrow<{token.text}>` for a resource that is lent, `{token.text}` for one that is given away"
    yield Repair((*name, inserted("MORETHAN", token, token)), 1, help, undo=1, sure=True)


def _arguments(site: Site) -> Iterator[Repair]:
    """Arguments too many, and the comma after the last one."""
    token = site.token
    if token.type == "MORETHAN" and site.kind(-1) == "COMMA" and site.last is not None:
        yield Repair((), 0, "remove the `,` after the last type", undo=1)
    if token.type == "COMMA" and site.accepted == {"MORETHAN"} and site.kind(1) == "MORETHAN":
        yield Repair((), 1, "remove the `,` after the last type", sure=True)
    elif token.type == "COMMA" and site.accepted == {"MORETHAN"}:
        help = "no more types are allowed here: a `tuple<…>` holds several"
        yield Repair((), _rest_of_arguments(site.tokens, site.at), help, is_advice=False)


def _rest_of_arguments(tokens: list[Token], at: int) -> int:
    """How many tokens are from `tokens[at]` to the `>` that ends the arguments, or to where they cannot go on."""
    depth, furthest = 0, min(at + FURTHEST, len(tokens))
    for i in range(at, furthest):
        kind = tokens[i].type
        if kind in _NO_ARGUMENT or (kind == "MORETHAN" and depth == 0):
            return i - at
        depth += (kind == "LESSTHAN") - (kind == "MORETHAN")
    return furthest - at
