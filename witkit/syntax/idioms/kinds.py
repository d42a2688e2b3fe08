"""One kind of type written as another: an enum with values, a record without a name, a type without its body."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax.idioms.lists import elements
from witkit.syntax.repair import Repair, Site, closing, inserted, retyped
from witkit.syntax.tokens import Token

_PARTS = {"RECORD": "fields", "VARIANT": "cases", "ENUM": "cases", "FLAGS": "flags"}
_FURTHEST = 100


def kinds(site: Site) -> Iterator[Repair]:
    token = site.token
    if token.type == "SEMICOLON" and site.accepted <= {"LBRACE"}:
        yield from _without_body(site)
    if (token.type in _PARTS or token.type == "LBRACE") and "U8" in site.accepted:
        yield from _without_name(site)
    if site.kinds(-3, 2) == ["TYPE", "ID", "EQUAL", "RESOURCE", "LBRACE"]:
        yield from _type_as_resource(site)
    if site.kinds(0, 2) == ["LPAR", "RPAR"] and site.accepted == {"COMMA", "RBRACE"} and site.before is not None:
        yield Repair((), 2, f"a case has no parentheses: write `{site.before.text}`", sure=True)
    if token.type == "LPAR" and site.accepted == {"COMMA", "RBRACE"}:
        yield from _read_as(site, {"ENUM", "FLAGS"}, "VARIANT", "only the cases of a variant have values")
    if (
        token.type == "COLON"
        and site.accepted == {"COMMA", "RBRACE"}
        and site.kind(-2) == "LBRACE"
        and _all_typed(site)
    ):
        yield from _read_as(site, {"ENUM", "FLAGS"}, "RECORD", "only the fields of a record have types")
    if token.type in {"COMMA", "RBRACE"} and site.accepted == {"COLON"} and _is_list_of_names(site):
        yield from _read_as(site, {"RECORD"}, "ENUM", "fields have types, and the cases of an enum have none")


def _type_as_resource(site: Site) -> Iterator[Repair]:
    """`type t = resource { … };`."""
    end = closing(site.tokens, site.at + 1)
    if end is not None and site.driver.back_to(site.tokens[site.at - 3]) == 3:
        keyword, name = site.tokens[site.at - 3], site.tokens[site.at - 2]
        made = (retyped(keyword, "RESOURCE"), name, *site.tokens[site.at + 1 : end + 1])
        length = end + 1 - site.at + (site.kind(end + 1 - site.at) == "SEMICOLON")
        yield Repair(made, length, f"write `resource {name.text} {{ … }}`", undo=3, sure=True)


def _without_body(site: Site) -> Iterator[Repair]:
    """`record r;`, `world w;`."""
    kind = site.kind(-2) if site.kind(-1) == "ID" else site.kind(-1)
    if kind not in {*_PARTS, "INTERFACE", "WORLD"}:
        return
    inner = {"RECORD": ("ID", "COLON", "ID"), "INTERFACE": (), "WORLD": ()}.get(kind, ("ID",))
    made = tuple(inserted(each, site.token, site.before) for each in ("LBRACE", *inner, "RBRACE"))
    word, name = kind.lower(), f" {site.before.text}" if site.before and site.kind(-1) == "ID" else ""
    what = f"its {_PARTS[kind]}" if kind in _PARTS else "what it has"
    yield Repair(made, 1, f"write {what} in braces: `{word}{name} {{ … }}`", sure=True, is_advice=not inner)


def _without_name(site: Site) -> Iterator[Repair]:
    """`type t = record { … };` and `a: { … }`."""
    start = site.at if site.token.type == "LBRACE" else site.at + 1
    end = closing(site.tokens, start) if site.kind(start - site.at) == "LBRACE" else None
    if end is None:
        return
    kind = site.token.type if site.token.type in _PARTS else "RECORD"
    if site.kinds(-3, 0) == ["TYPE", "ID", "EQUAL"] and site.driver.back_to(site.tokens[site.at - 3]) == 3:
        keyword, name = site.tokens[site.at - 3], site.tokens[site.at - 2]
        made = (retyped(keyword, kind), name, *_with_commas(site.tokens[start : end + 1]))
        length = end + 1 - site.at + (site.kind(end + 1 - site.at) == "SEMICOLON")
        yield Repair(made, length, f"write `{kind.lower()} {name.text} {{ … }}`", undo=3, sure=True)
    else:
        help = f"define it by name, `{kind.lower()} name {{ … }}`, and write that name here"
        yield Repair((inserted("ID", site.token, site.before),), end + 1 - site.at, help, sure=True)


def _with_commas(tokens: list[Token]) -> list[Token]:
    return [retyped(token, "COMMA") if token.type == "SEMICOLON" else token for token in tokens]


def _read_as(site: Site, wrong: set[str], right: str, why: str) -> Iterator[Repair]:
    """Read the type with the error again, as one of another kind."""
    for start in range(site.at - 1, max(site.at - _FURTHEST, 1), -1):
        if site.tokens[start].type == "LBRACE":
            break
    else:
        return
    keyword, name = site.tokens[start - 2], site.tokens[start - 1]
    undo = site.driver.back_to(keyword)
    if keyword.type in wrong and undo is not None:
        made = (retyped(keyword, right), name, *site.tokens[start : site.at])
        yield Repair(made, 0, f"{why}: write `{right.lower()} {name.text}`", undo, sure=True)


def _all_typed(site: Site) -> bool:
    """Whether each element of the braces that the error is in has a type."""
    end = closing(site.tokens, site.at - 2)
    parts = elements(site.tokens, site.at - 1, end) if end is not None else []
    return all([t.type for t in part[:2]] == ["ID", "COLON"] for part in parts)


def _is_list_of_names(site: Site) -> bool:
    """Whether the braces that the error is in hold nothing but names."""
    if site.kinds(-2, 0) != ["LBRACE", "ID"]:
        return False
    end = closing(site.tokens, site.at - 2)
    return end is not None and {t.type for t in site.tokens[site.at - 1 : end]} <= {"ID", "COMMA"}
