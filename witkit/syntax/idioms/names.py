"""Names of packages, interfaces and types with parts too many, or put together by other marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from witkit.syntax import habits
from witkit.syntax.repair import Repair, Site, closing, inserted, is_keyword, retyped
from witkit.syntax.tokens import Token

_NAME = re.compile("[a-z][a-z0-9-]*")
_PACKAGE_ENDS = frozenset({"AT", "LBRACE"})
_AFTER_PATH = frozenset({"AT", "SEMICOLON", "DOT", "AS", "WITH"})
_IMPORTS = "a world imports and exports interfaces"
_TAKES = {
    "IMPORT": _IMPORTS,
    "EXPORT": _IMPORTS,
    "COLON": _IMPORTS,
    "INCLUDE": "`include` takes a world",
    "USE": "`use` takes an interface",
}
"""By what is before a path: what it has to lead to."""


def names(site: Site) -> Iterator[Repair]:
    token = site.token
    is_part = token.type == "COLON" and site.kind(1) == "ID"
    if is_part and _PACKAGE_ENDS <= site.accepted <= _PACKAGE_ENDS | {"SEMICOLON"}:
        yield Repair((), 2, "a package's name has two parts: `package ns:name;`", sure=True)
    if site.kind(-1) == "DOT" and site.tokens[site.at - 2].text in habits.OWN_PACKAGE:
        help = f"an interface of the same package is named alone: `use {token.text}.{{…}};`"
        yield Repair((retyped(token, "ID"),), 1, help, undo=2, sure=True)
    if token.type == "ID" and site.kind(-1) == "DOT" and site.accepted == {"LBRACE"}:
        yield from _used_names(site)
    if token.type == "COLON" and site.kind(-1) == "COLON" and site.accepted & {"FUNC", "U8"}:
        yield Repair((), 1, "there is only one `:` between a name and its type: remove the other", sure=True)
    if token.type in _AFTER_PATH and "SLASH" in site.accepted:
        yield from _bare_package(site)
    if site.kinds(-1, 2) == ["ID", "SLASH", "ID"] and site.kind(-2) in {"IMPORT", "EXPORT", "INCLUDE"}:
        yield from _without_namespace(site)
    if site.kinds(0, 4) == ["AT", "SEMVER", "SLASH", "ID"]:
        version, name = site.tokens[site.at + 1], site.tokens[site.at + 3]
        made = (site.tokens[site.at + 2], name, token, version)
        yield Repair(made, 4, f"the version goes at the end: `/{name.text}@{version.text}`", sure=True)
    if (
        token.type == "QUOTED"
        and "ID" in site.accepted
        and _NAME.fullmatch(token.text[1:-1])
        and site.kind(1) != "QUOTED"
    ):
        word = token.text[1:-1].upper()
        made_name = Token(word if word in site.accepted else "ID", token.source, token.start + 1, token.end - 1)
        yield Repair((made_name,), 1, "names and types are written without quotes", sure=True)
    if site.kinds(0, 2) == ["EQUAL", "SEMVER"] and "AT" in site.accepted:
        yield Repair((retyped(token, "AT"),), 1, "write `@` before a version", sure=True)
    if site.kind(-1) == "AS" and is_keyword(token):
        help = f"to use the keyword as a name, write `%{token.text}`"
        yield Repair((retyped(token, "ID"),), 1, help, sure=True)
    if site.kinds(-1, 2) == ["COLON", "COLON", "LBRACE"]:
        help = f"write `use {site.tokens[site.at - 2].text}.{{…}};`"
        yield Repair((retyped(token, "DOT"),), 1, help, undo=1, sure=True)
    if token.type == "LBRACE" and site.kind(-1) == "USE":
        yield from _use_from(site)
    if token.type == "INT" and site.kind(1) == "ID" and site.tokens[site.at + 1].start == token.end:
        yield Repair((), 1, "a name begins with a letter", sure=True, is_advice=False)


def _bare_package(site: Site) -> Iterator[Repair]:
    """`import ns:package@1.0.0;`: the interface that is meant is left out."""
    if site.kinds(0, 3) in (["DOT", "ID", "DOT"], ["DOT", "ID", "AT"]) and site.kind(-4) == "USE":
        help = f"write `/` before the name of an interface: `/{site.tokens[site.at + 1].text}`"
        yield Repair((retyped(site.token, "SLASH"),), 1, help, sure=True)
    takes, name = _TAKES.get(site.kind(-4)), site.last
    is_path = site.kinds(-3, 0) == ["ID", "COLON", "ID"] and site.kinds(0, 3) != ["AT", "SEMVER", "SLASH"]
    if takes is None or name is None or not is_path:
        return
    package = f"{site.tokens[site.at - 3].text}:{name.text}"
    version = f"@{site.tokens[site.at + 1].text}" if site.kinds(0, 2) == ["AT", "SEMVER"] else ""
    made = (name, inserted("SLASH", site.token, name), inserted("ID", site.token, name))
    help = f"name what is meant of it: `{package}/name{version}`"
    yield Repair(made, 0, help, undo=1, message=f"`{package}` is a package, and {takes}", sure=True)


def _without_namespace(site: Site) -> Iterator[Repair]:
    """`import package/name;`."""
    package, name = site.tokens[site.at - 1], site.tokens[site.at + 1]
    length = 4 if site.kinds(2, 4) == ["AT", "SEMVER"] else 2
    help = f"a package's name has a namespace: `ns:{package.text}/{name.text}`"
    yield Repair((inserted("ID", site.token, package),), length, help, undo=1, sure=True)


def _use_from(site: Site) -> Iterator[Repair]:
    """`use { a } from types;`, as WIT had it in 2022."""
    end = closing(site.tokens, site.at)
    after = site.tokens[end + 1 : end + 3] if end is not None else []
    if end is not None and [t.type for t in after] == ["FROM", "ID"]:
        made = (after[1], inserted("DOT", after[1], after[1]), *site.tokens[site.at : end + 1])
        yield Repair(made, end + 3 - site.at, f"write `use {after[1].text}.{{…}};`", sure=True)


def _used_names(site: Site) -> Iterator[Repair]:
    """`use a.b, c;`."""
    end = site.run(site.at, {"ID", "COMMA", "AS"})
    made = (inserted("LBRACE", site.token, site.before), *site.tokens[site.at : end])
    made = (*made, inserted("RBRACE", made[-1], made[-1]))
    help = "write the names to use in braces: `use interface.{name};`"
    if site.tokens[end].type == "SEMICOLON":
        yield Repair(made, end - site.at, help, sure=True)
