"""Repairs that know only the grammar: one mark too few, too many, wrong, or in the wrong place."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax.repair import CLOSING, FURTHEST, Repair, Site, closing, indent, inserted, is_keyword, retyped
from witkit.syntax.tokens import Token
from witkit.syntax.words import NAMES
from witkit.text import closest

_COMMON = ("SEMICOLON", "COMMA", "RBRACE", "MORETHAN", "RPAR", "COLON", "LBRACE", "LESSTHAN", "LPAR", "ARROW")
_MARKS = (*_COMMON, "DOT", "EQUAL", "SLASH", "AT")
_PAIRS = (
    ("MORETHAN", "SEMICOLON"), ("RPAR", "SEMICOLON"), ("MORETHAN", "COMMA"), ("COLON", "FUNC"),
    ("MORETHAN", "RPAR"), ("RBRACE", "SEMICOLON"),
)  # fmt: skip
_WORDS_OF_ITEMS = ("PACKAGE", "FUNC", "INTERFACE", "WORLD", "USE", "TYPE", "RECORD", "VARIANT", "ENUM", "RESOURCE")
_WORDS = (*_WORDS_OF_ITEMS, "IMPORT", "EXPORT", "INCLUDE", "WITH", "AS")
_WITHOUT_BODY = ("USE", "TYPE", "IMPORT", "INCLUDE")
_WITH_BODY = ("INTERFACE", "WORLD", "RECORD", "VARIANT", "ENUM", "RESOURCE")
_PUT = {"FUNC": " func"}
_MOST_ALIKE = 3
"""How often a mark can be repeated, as in `...`, to be one mistake."""
_IN_PATH = frozenset({"PACKAGE", "COLON", "SLASH"})


def insertions(site: Site) -> Iterator[Repair]:
    """One thing too few, in the order of what is most often forgotten."""
    deeper = site.begins_line and indent(site.token) > indent(site.before)
    marks = [mark for mark in (("LBRACE", *_MARKS) if deeper else _MARKS) if _is_likely(site, mark)]
    for kinds in (*((mark,) for mark in marks), *_PAIRS):
        yield Repair(_tokens(site, *kinds), 0, _put("".join((_PUT.get(k) or NAMES[k]).strip("`") for k in kinds), site))
    for word in _WORDS:
        if word in site.accepted and site.token.type != "$END":
            yield Repair(_tokens(site, word), 0, f"put `{word.lower()}` before `{site.token.text}`", cost=1)
    if site.last is not None and site.last.type == "ID":
        for word in _WITH_BODY if site.token.type == "LBRACE" else _WITHOUT_BODY:
            made = (inserted(word, site.last, None), site.last)
            yield Repair(made, 0, f"put `{word.lower()}` before `{site.last.text}`", undo=1, cost=2)
    yield from _placeholders(site)


def substitutions(site: Site) -> Iterator[Repair]:
    """A mark that stands for another one; the mark that closes its pair is then wrong, too."""
    token, last = site.token, site.last
    if site.begins_line and last is not None and last.type in {"COLON", "COMMA", "DOT"}:
        help = f"write `;` instead of `{last.text}`"
        yield Repair((retyped(last, "SEMICOLON"),), 0, help, undo=1, cost=2)
    if token.type not in NAMES or token.type in {"ID", "$END", "SEMVER", "INT", "QUOTED"}:
        return
    for kind in _MARKS:
        if kind == token.type or kind not in site.accepted or "DOT" in {kind, token.type} or kind == "AT":
            continue
        mark = NAMES[kind].strip("`")
        help = f"write `{mark}` instead of `{token.text}`"
        end = closing(site.tokens, site.at) if kind in CLOSING else None
        if end is not None:
            inner = site.tokens[site.at + 1 : end]
            made = (retyped(token, kind), *inner, retyped(site.tokens[end], CLOSING[kind]))
            yield Repair(made, end + 1 - site.at, help)
        yield Repair((retyped(token, kind),), 1, help)


def transpositions(site: Site) -> Iterator[Repair]:
    """Two neighbours in the wrong order."""
    token, after = site.token, site.tokens[site.at + 1] if site.kind(1) != "$END" else None
    if after is not None:
        yield Repair((after, token), 2, f"put `{after.text}` before `{token.text}`", cost=2)
    if site.last is not None and token.type != "$END":
        help = f"put `{token.text}` before `{site.last.text}`"
        yield Repair((token, site.last), 1, help, undo=1, cost=2)


def removals(site: Site) -> Iterator[Repair]:
    """One thing too many: the one at the error, a mark that is written several times, or the one before it."""
    if site.token.type != "$END":
        yield Repair((), 1, f"remove `{site.token.text}`", cost=3)
        alike = next(i for i in range(1, _MOST_ALIKE + 2) if site.kind(i) != site.token.type or i > _MOST_ALIKE)
        if 1 < alike <= _MOST_ALIKE and site.token.type in NAMES and site.token.type != "ID":
            text = site.token.source.text[site.token.start : site.tokens[site.at + alike - 1].end]
            yield Repair((), alike, f"remove `{text}`", cost=3)
    if site.last is not None and site.last.type != "AT":  # what it is before has a version
        yield Repair((), 0, f"remove `{site.last.text}`", undo=1, cost=4)


def keywords(site: Site) -> Iterator[Repair]:
    """A word or mark twice, a keyword that is meant as a name, and a name that is meant as a keyword."""
    token, before = site.token, site.last
    if site.before is not None and token.text == site.before.text and token.type not in CLOSING.values():
        yield Repair((), 1, f"remove the second `{token.text}`")
    if token.type in {"MORETHAN", "RPAR"} and site.kind(-1) == token.type and not _is_open(site, token.type):
        yield Repair((), 1, f"remove the second `{token.text}`")
    if token.type == "COLON" and before is not None and is_keyword(before):
        yield Repair((retyped(before, "ID"),), 0, _percent(before), undo=1)
    if before is not None and before.type == "ID" and token.type in {"LPAR", "LBRACE"}:
        meant = "func" if token.type == "LPAR" else "interface"
        if closest(before.text, [meant]):
            message = f"there is no keyword `{before.text}`"
            yield Repair((retyped(before, meant.upper()),), 0, f"did you mean `{meant}`?", 1, message)
    if token.type == "ID" and (near := closest(token.text, _words(site.accepted))):
        yield Repair((retyped(token, near.upper()),), 1, f"did you mean `{near}`?")
    if is_keyword(token):
        yield Repair((retyped(token, "ID"),), 1, _percent(token))


def _is_open(site: Site, closing_mark: str) -> bool:
    """Whether a bracket that this mark closes is open in the item that the error is in."""
    depth = 0
    for token in reversed(site.tokens[max(site.at - FURTHEST, 0) : site.at]):
        if token.type in {"SEMICOLON", "LBRACE", "RBRACE"}:
            break
        depth += (CLOSING.get(token.type) == closing_mark) - (token.type == closing_mark)
    return depth > 0


def _placeholders(site: Site) -> Iterator[Repair]:
    """A name or a type that is missing: reading goes on as if one were there."""
    if (
        "ID" not in site.accepted
        or site.token.type == "SLASH"
        or (site.accepted == {"ID"} and _IN_PATH & {*site.kinds(-1, 1)})
    ):
        return
    yield Repair(_tokens(site, "ID"), 0, "", cost=2)
    yield Repair(_tokens(site, "ID", "SEMICOLON"), 0, "", cost=4)


def _is_likely(site: Site, mark: str) -> bool:
    """Whether a mark can be missing: most names would become parts of a path, and most items have no attribute."""
    if mark == "AT":
        return site.token.type == "SEMVER"
    return mark != "COLON" or "SLASH" not in site.accepted or site.token.type in {"FUNC", "ASYNC", "INTERFACE"}


def _tokens(site: Site, *kinds: str) -> tuple[Token, ...]:
    return tuple(inserted(kind, site.token, site.before) for kind in kinds)


def _words(terminals: set[str]) -> list[str]:
    return sorted(t.lower() for t in terminals if len(t) > 2 and t not in NAMES)


def _percent(token: Token) -> str:
    return f"to use the keyword as a name, write `%{token.text}`"


def _put(mark: str, site: Site) -> str:
    return f"put `{mark}` after `{site.before.text}`" if site.before else f"put `{mark}` here"
