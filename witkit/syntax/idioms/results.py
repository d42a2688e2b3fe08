"""What is after the parameters of a function: other arrows, results in parentheses, bodies."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax.idioms.lists import as_tuple, elements
from witkit.syntax.repair import Repair, Site, closing, inserted, retyped

_ARROWS = frozenset({"returns", "return"})


def results(site: Site) -> Iterator[Repair]:
    token = site.token
    arrow = "write `->` before the result"
    if token.type == "EQUAL" and site.kind(1) == "MORETHAN":
        yield Repair((retyped(token, "ARROW"),), 2, arrow, sure=True)
    if token.type == "COLON" and site.kind(-1) == "RPAR" and site.kinds(1, 3) != ["ID", "COLON"]:
        yield Repair((retyped(token, "ARROW"),), 1, arrow, sure=True)
    if token.type == "ID" and token.text in _ARROWS and "ARROW" in site.accepted:
        yield from _returns(site)
    if token.type == "ID" and token.text == "throws" and site.kind(1) == "ID":
        error = site.tokens[site.at + 1].text
        yield Repair((), 2, f"a function that can fail returns a `result<…, {error}>`", sure=True, is_advice=False)
    if token.type == "LPAR" and site.kind(-1) == "ARROW":
        yield from _in_parentheses(site)
    if token.type == "SEMICOLON" and site.kind(-1) == "ARROW" and site.last is not None:
        help = f"write the type of the result, or remove `{site.last.text}`"
        yield Repair((), 0, help, undo=1)
    if token.type == "LBRACE" and "SEMICOLON" in site.accepted and "LPAR" not in site.accepted:
        yield from _body(site)


def _returns(site: Site) -> Iterator[Repair]:
    """`returns (t)`, as protobuf has it, and `returns t`."""
    made, length = [retyped(site.token, "ARROW")], 1
    if site.kinds(1, 4) == ["LPAR", "ID", "RPAR"]:
        made, length = [*made, site.tokens[site.at + 2]], 4
    yield Repair(tuple(made), length, "write `->` before the result", sure=True)


def _in_parentheses(site: Site) -> Iterator[Repair]:
    """`-> ()`, `-> (name: t)` and `-> (t, t)`."""
    end = closing(site.tokens, site.at)
    if end is None:
        return
    length, parts = end + 1 - site.at, elements(site.tokens, site.at + 1, end)
    if not parts:
        help = "a function without a result has no `->`: remove `-> ()`"
        yield Repair((), length, help, undo=1, sure=True)
        return
    named = [part[:2] for part in parts if [t.type for t in part[:2]] == ["ID", "COLON"]]
    types = [of for part in parts if (of := part[2:] if part[:2] in named else part)]
    if not types:
        return
    help = "a function has one result, which has no name: put several values into a record or a `tuple<…>`"
    if len(types) == 1:
        text = site.token.source.text[types[0][0].start : types[0][-1].end]
        yield Repair(tuple(types[0]), length, f"a result has no name and no parentheses: write `-> {text}`", sure=True)
    else:
        yield Repair(as_tuple(site.tokens, site.at, end, types), length, help, sure=True)


def _body(site: Site) -> Iterator[Repair]:
    """`{ … }` after a function, which ends with `;` in WIT."""
    end = closing(site.tokens, site.at)
    if end is None or "LBRACE" in site.accepted:
        return
    if site.kind(-2) in {"IMPORT", "EXPORT"} and site.last is not None and "COLON" in site.accepted:
        made = (inserted("COLON", site.token, site.before), inserted("INTERFACE", site.token, site.before))
        help = f"an inline interface is written `{site.last.text}: interface {{ … }}`"
        yield Repair((*made, site.token), 1, help, sure=True, is_advice=False)
    else:
        ended = (inserted("SEMICOLON", site.token, site.before),)
        yield Repair(ended, end + 1 - site.at, "a function has no body in WIT: it ends with `;`", sure=True)
