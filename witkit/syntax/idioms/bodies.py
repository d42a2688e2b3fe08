"""What worlds and resources cannot hold, and what their lines look like elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax.idioms.lists import elements
from witkit.syntax.repair import FURTHEST, Repair, Site, closing, indent, inserted, retyped
from witkit.syntax.tokens import Token

_DIRECTIONS = frozenset({"IMPORT", "EXPORT"})
_IN_NO_RESOURCE = frozenset({"TYPE", "RECORD", "VARIANT", "ENUM", "FLAGS", "RESOURCE", "USE"})


def in_worlds(site: Site) -> Iterator[Repair]:
    token, before = site.token, site.kind(-1)
    if token.type == "INTERFACE" and before in _DIRECTIONS and site.kind(1) == "ID":
        yield from _keyword_first(site)
    if token.type == "LBRACE" and before in {*_DIRECTIONS, "SLASH"} and "ID" in site.accepted:
        yield from _of_several(site)
    if token.type == "ID" and before == "WITH":
        yield from _bare_renames(site)
    if token.type in _IN_NO_RESOURCE - {"USE"} and site.last is not None and before in _DIRECTIONS:
        help = f"a world defines its types without `{site.last.text}`: remove it"
        yield Repair((), 0, help, undo=1, sure=True)
    if (
        token.type in _DIRECTIONS
        and "USE" in site.accepted
        and token.type not in site.accepted
        and not site.begins_line
    ):
        yield from _in_interface(site)
    if token.type == "LPAR" and before == "WITH":
        yield from _renames_in_parentheses(site)
    if site.kinds(0, 2) == ["FROM", "QUOTED"]:
        yield Repair((), 2, "the files of a folder are one package: remove what imports a file", sure=True)


def in_resources(site: Site) -> Iterator[Repair]:
    """`resource r { type t = u8; }`, if it is not rather the `}` before it that is missing."""
    if site.token.type not in _IN_NO_RESOURCE or "CONSTRUCTOR" not in site.accepted:
        return
    if site.begins_line and indent(site.token) <= indent(_opened(site)):
        return
    length = next((i for i in range(1, 30) if site.kind(i) in {"SEMICOLON", "LBRACE", "$END"}), 0)
    end = closing(site.tokens, site.at + length) if site.kind(length) == "LBRACE" else site.at + length
    if end is not None and site.kind(length) in {"SEMICOLON", "LBRACE"}:
        help = "a resource has functions only: move this before the resource"
        yield Repair((), end + 1 - site.at, help, sure=True, is_advice=False)


def _in_interface(site: Site) -> Iterator[Repair]:
    """`import a: interface { import b; }`."""
    length = next((i for i in range(1, 30) if site.kind(i) in {"SEMICOLON", "LBRACE", "$END"}), 0)
    if site.kind(length) == "SEMICOLON":
        yield Repair((), length + 1, "`import` and `export` belong in a world", sure=True, is_advice=False)


def _opened(site: Site) -> Token | None:
    """The innermost `{` that is open at the error."""
    depth = 0
    for token in reversed(site.tokens[max(site.at - FURTHEST, 0) : site.at]):
        depth += (token.type == "RBRACE") - (token.type == "LBRACE")
        if depth < 0:
            return token
    return None


def _keyword_first(site: Site) -> Iterator[Repair]:
    """`import interface i { … }`, `import interface i;`."""
    name = site.tokens[site.at + 1]
    if site.kind(2) == "LBRACE":
        made = (name, inserted("COLON", name, name), site.token)
        yield Repair(made, 2, f"an inline interface is written `{name.text}: interface {{ … }}`", sure=True)
    else:
        yield Repair((), 1, "remove `interface`", sure=True)


def _of_several(site: Site) -> Iterator[Repair]:
    """`import { a };`, `import ns:package/{a, b}@1.0.0;`."""
    end = closing(site.tokens, site.at)
    names = [part[0] for part in elements(site.tokens, site.at + 1, end)] if end is not None else []
    after = site.tokens[end + 1 : end + 3] if end is not None else []
    if end is not None and site.last is not None and [t.type for t in after] == ["FROM", "ID"]:
        made = (retyped(site.last, "USE"), after[1], inserted("DOT", after[1], after[1]))
        help = f"write `use {after[1].text}.{{…}};`"
        yield Repair((*made, *site.tokens[site.at : end + 1]), end + 3 - site.at, help, undo=1, sure=True)
    if end is not None and names and names[0].type == "ID":
        help = "write a line for each interface, without braces"
        yield Repair((names[0],), end + 1 - site.at, help, sure=True, is_advice=False)


def _renames_in_parentheses(site: Site) -> Iterator[Repair]:
    """`include w with (a as b);`."""
    end = closing(site.tokens, site.at)
    if end is not None:
        inner = site.tokens[site.at + 1 : end]
        made = (retyped(site.token, "LBRACE"), *inner, retyped(site.tokens[end], "RBRACE"))
        length = end + 1 - site.at + (site.tokens[end + 1].type == "SEMICOLON")
        yield Repair(made, length, "write the names in braces: `with { old as new }`", sure=True)


def _bare_renames(site: Site) -> Iterator[Repair]:
    """`include w with a as b;`."""
    end = site.run(site.at, {"ID", "AS", "COMMA"})
    if site.tokens[end].type == "RBRACE":
        return  # only the `{` is missing
    inner = site.tokens[site.at : end]
    made = (inserted("LBRACE", site.token, site.before), *inner, inserted("RBRACE", inner[-1], inner[-1]))
    length = end - site.at + (site.tokens[end].type == "SEMICOLON")
    yield Repair(made, length, "write each name with its new one: `with { old as new }`", sure=True)
