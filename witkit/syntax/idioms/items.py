"""The first words of an item, and what is between them and its body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from witkit.syntax import habits
from witkit.syntax.hints import ONE_HEADER
from witkit.syntax.idioms.bodies import in_resources, in_worlds
from witkit.syntax.idioms.lists import SIMPLE_TYPES, elements, named_first
from witkit.syntax.nodes import PackageHeader
from witkit.syntax.repair import FURTHEST, Repair, Site, closing, indent, inserted, retyped
from witkit.syntax.tokens import Token
from witkit.syntax.words import ITEM_STARTS
from witkit.text import closest

_GATE = ["AT", "ID", "LPAR", "ID", "EQUAL", "SEMVER", "RPAR"]
_GATE_BY_NAME = ["AT", "ID", "LPAR", "ID", "EQUAL", "ID", "RPAR"]
_STRING_ATTRIBUTE = ["AT", "ID", "LPAR", "QUOTED", "RPAR"]
_DEFINITIONS = ITEM_STARTS - {"AT", "USE", "IMPORT", "EXPORT", "INCLUDE", "PACKAGE", "TYPE"}
_MOST_SHOWN = 10
"""How many `;` a message repeats."""
_MOST_COUNTED = 8000
"""How many tokens are looked at for one error, of which there can be hundreds."""
_STARTS = sorted(start.lower() for start in ITEM_STARTS - {"AT"})


def items(site: Site) -> Iterator[Repair]:
    token, last = site.token, site.last
    yield from _modifiers(site)
    yield from _header(site)
    if token.type == "SEMICOLON" and "AT" in site.accepted and site.accepted & {"RBRACE", "$END"}:
        yield from _stray_semicolons(site)
    if site.kinds(0, 2) == ["FUNC", "LPAR"] and {"ID", "USE"} <= site.accepted:
        name_and_mark = (inserted("ID", token, site.before), inserted("COLON", token, site.before))
        yield Repair(name_and_mark, 0, "a function has a name: `name: func(…)`", sure=True)
    if token.type == "ID" and (word := habits.KEYWORDS.get(token.text)):
        yield Repair((retyped(token, word.upper()),), 1, f"write `{word}`", sure=True)
    if last is not None and last.text == "typedef" and token.type in SIMPLE_TYPES and site.kind(1) == "ID":
        name, message = site.tokens[site.at + 1], "there is no keyword `typedef`"
        made = (retyped(last, "TYPE"), name, inserted("EQUAL", name, name), token)
        yield Repair(made, 2, f"write `type {name.text} = {token.text};`", 1, message, sure=True)
    if last is not None and last.type == "ID":
        yield from _misspelt_start(site, last, token)
    if token.type in {"SEMICOLON", "COMMA"}:
        other, mark = ("COMMA", ",") if token.type == "SEMICOLON" else ("SEMICOLON", ";")
        yield Repair((retyped(token, other),), 1, f"write `{mark}` instead of `{token.text}`")
    if token.type == "AT" and site.kind(-1) != "AT" and (length := _attributes_length(site)):
        yield Repair((), length, "remove what begins with `@`: only whole items have attributes", sure=True)
    if token.type == "EQUAL" and site.accepted == {"LBRACE"}:
        yield Repair((), 1, "remove the `=` before the braces", sure=True)
    if (site.kind(-2) in _DEFINITIONS and site.kind(-1) == "ID") or site.kind(-1) == "FUNC":
        yield from _clauses(site)
    if token.type == "IMPORT" and site.kind(1) in {"QUOTED", "LBRACE"}:
        yield from _import_of_file(site)
    if token.type in {"INTERFACE", "WORLD"} and "RBRACE" in site.accepted:
        yield from _nested(site)
    if token.type == "COMMA" and site.kind(1) == "ID" and "SEMICOLON" in site.accepted:
        yield from _several(site)
    yield from in_worlds(site)
    yield from in_resources(site)


def _stray_semicolons(site: Site) -> Iterator[Repair]:
    """`f: func();;;`, `interface i {};;`."""
    end = site.at
    while site.tokens[end].type == "SEMICOLON":
        end += 1
    if 1 < end - site.at <= _MOST_SHOWN:
        text = site.token.source.text[site.token.start : site.tokens[end - 1].end]
        yield Repair((), end - site.at, f"remove `{text}`", sure=True)
    elif end - site.at > _MOST_SHOWN:
        yield Repair((), end - site.at, f"remove all {end - site.at} of them", sure=True)


def _header(site: Site) -> Iterator[Repair]:
    """`module ns:name;`, `interface ns:name;`: no name but that of a package has a `:` in it."""
    token = site.token
    if token.type == "ID" and "PACKAGE" in site.accepted and site.kinds(1, 4) == ["ID", "COLON", "ID"]:
        end = 6 if site.kinds(4, 6) == ["AT", "SEMVER"] else 4
        if site.at and site.kind(end) == "SEMICOLON":
            yield Repair((), end + 1, ONE_HEADER, sure=True, is_advice=False)
        meant = "use" if site.kind(4) == "SLASH" else "package"
        yield Repair((retyped(token, meant.upper()),), 1, f"write `{meant}`", sure=True)
    if token.type == "PACKAGE" and site.kinds(1, 4) == ["ID", "COLON", "ID"] and "RBRACE" in site.accepted:
        end = 6 if site.kinds(4, 6) == ["AT", "SEMVER"] else 4
        if site.kind(end) == "SEMICOLON" and (not site.begins_line or indent(token)):
            yield Repair((), end + 1, ONE_HEADER, sure=True, is_advice=False)
    if token.type == "SEMICOLON" and site.accepted == {"LBRACE"} and isinstance(site.driver.last, PackageHeader):
        start = site.driver.last.span.start
        # A header whose first word a repair has put there begins with no token of the text.
        if any(t.start == start < t.end for t in site.tokens[max(site.at - FURTHEST, 0) : site.at]):
            yield Repair((), 1, ONE_HEADER, undo=1, sure=True, is_advice=False)
    if site.kind(-2) not in {"INTERFACE", "WORLD"} or site.kinds(-1, 2) != ["ID", "COLON", "ID"]:
        return
    word, namespace, name = site.tokens[site.at - 2], site.tokens[site.at - 1], site.tokens[site.at + 1]
    if site.kind(2) == "LBRACE" and _is_interface(site, name):
        yield Repair((), 2, f"WIT has no inheritance: remove `: {name.text}`", sure=True)
    elif site.kind(2) == "LBRACE":
        help = f"only the name of a package has a `:`: write `{word.text} {name.text}`"
        yield Repair((name,), 2, help, undo=1, sure=True)
    elif site.at == 2 and site.undo_from(0) == 2:
        help = f"a file begins with the name of its package: write `package {namespace.text}:{name.text}`"
        yield Repair((retyped(word, "PACKAGE"), namespace), 0, help, undo=2, sure=True)


def _is_interface(site: Site, name: Token) -> bool:
    """Whether the text has an interface of that name, near its beginning."""
    following = zip(site.tokens[:_MOST_COUNTED], site.tokens[1:_MOST_COUNTED], strict=False)
    return any(word.type == "INTERFACE" and other.text == name.text for word, other in following)


def _clauses(site: Site) -> Iterator[Repair]:
    """`interface b extends a {`, `resource a implements b {`, `record box<t> {`."""
    token = site.token
    if token.type == "ID" and token.text in {"extends", "implements"}:
        end = site.run(site.at + 1, {"ID", "COMMA"})
        yield Repair((), end - site.at, f"WIT has no `{token.text}`: remove it", sure=True)
    if site.kinds(0, 3) == ["COLON", "ID", "LBRACE"] and site.kind(-2) not in {"INTERFACE", "WORLD"}:
        help = f"WIT has no inheritance: remove `: {site.tokens[site.at + 1].text}`"
        yield Repair((), 2, help, sure=True)
    if site.kinds(0, 3) == ["COLON", site.kind(1), "LBRACE"] and site.kind(1) in SIMPLE_TYPES - {"ID"}:
        help = f"the size of a type follows from its parts: remove `: {site.tokens[site.at + 1].text}`"
        yield Repair((), 2, help, sure=True)
    end_of_list = closing(site.tokens, site.at) if token.type == "LESSTHAN" else None
    if end_of_list is not None:
        help = "WIT has no type parameters: write the type out for each use"
        yield Repair((), end_of_list + 1 - site.at, help, sure=True, is_advice=False)


def _nested(site: Site) -> Iterator[Repair]:
    """An interface inside another one, if it is not rather the `}` before it that is missing."""
    start = next((i for i in (site.at + 1, site.at + 2) if site.kind(i - site.at) == "LBRACE"), None)
    end = closing(site.tokens, start) if start is not None else None
    first = site.tokens[start + 1 : start + 4] if start is not None else []
    fields = [t.type for t in first[:2]] == ["ID", "COLON"] and first[-1].type not in {"FUNC", "ASYNC", "LPAR"}
    if fields and start is not None and end is not None:
        body = [retyped(t, "COMMA") if t.type == "SEMICOLON" else t for t in site.tokens[site.at + 1 : end + 1]]
        help = f"an interface has functions: write `record {site.tokens[site.at + 1].text}`"
        yield Repair((retyped(site.token, "RECORD"), *body), end + 1 - site.at, help, sure=True)
    if end is not None and (not site.begins_line or indent(site.token) or _is_balanced(site.tokens)):
        help = f"move it out of the braces: only a package holds {site.token.type.lower()}s"
        yield Repair((), end + 1 - site.at, help, sure=True, is_advice=False)


def _is_balanced(tokens: Sequence[Token]) -> bool:
    """Whether there are as many `}` as `{`, so that none can be missing. Of long texts, that is not found out."""
    if len(tokens) > _MOST_COUNTED:
        return False
    return sum((token.type == "LBRACE") - (token.type == "RBRACE") for token in tokens) == 0


def _import_of_file(site: Site) -> Iterator[Repair]:
    """`import "file";`, `import { a } from "file";`."""
    length = next((i for i in range(1, 30) if site.kind(i) in {"SEMICOLON", "$END"}), 0)
    help = "the files of a folder are one package: remove what imports a file"
    yield Repair((), length + (site.kind(length) == "SEMICOLON"), help, sure=True)


def _several(site: Site) -> Iterator[Repair]:
    """`import a, b;`."""
    before = site.tokens[max(site.at - 8, 0) : site.at]
    word = next((t for t in reversed(before) if t.type in {"IMPORT", "EXPORT", "INCLUDE"}), None)
    if word is not None and all(t.type not in {"SEMICOLON", "LPAR", "LBRACE"} for t in before[before.index(word) :]):
        made = (retyped(site.token, "SEMICOLON"), inserted(word.type, site.token, site.token))
        what = "world" if word.type == "INCLUDE" else "interface"
        help = f"each `{word.text}` names one {what}: write `{word.text}` before each"
        yield Repair(made, 1, help, sure=True)


def _modifiers(site: Site) -> Iterator[Repair]:
    """`pub struct s {`, `export interface i {`: words before a definition, with what then has to be said of it."""
    undo = int(site.last is not None and site.last.text in habits.MODIFIERS and site.last.type == "ID")
    first = at = site.at - undo
    last = min(at + FURTHEST, len(site.tokens) - 1)
    while at < last and site.tokens[at].text in habits.MODIFIERS and site.tokens[at + 1].text[:1].isalpha():
        at += 1
    if at == first or (site.tokens[first].type == "EXPORT" and site.tokens[at].type not in {"INTERFACE", "WORLD"}):
        return
    word = site.tokens[first].text
    if undo and site.kind(-2) in {"LBRACE", "COMMA"}:
        yield from _modified_members(site, word)
    message = f"there is no keyword `{word}`" if undo else ""
    start = site.tokens[at]
    if start.text in habits.KEYWORDS:
        kind = habits.KEYWORDS[start.text]
        help = f"write `{kind}` instead of `{word} {start.text}`"
        yield Repair((retyped(start, kind.upper()),), at + 1 - site.at, help, undo, message, sure=True)
    yield Repair((), at - site.at, habits.MODIFIERS[word].format(word), undo, message, sure=True)


def _modified_members(site: Site, word: str) -> Iterator[Repair]:
    """`pub x: u32, pub y: u32`: who writes it before one member writes it before all of them."""
    end, made = site.at, []
    while site.tokens[end].type not in {"RBRACE", "RPAR", "$END", "LBRACE"} and end - site.at < FURTHEST:
        if site.tokens[end].text != word or site.tokens[end + 1].type != "ID":
            made.append(site.tokens[end])
        end += 1
    help, message = habits.MODIFIERS[word].format(word), f"there is no keyword `{word}`"
    yield Repair(tuple(made), end - site.at, help, 1, message, sure=True)


def _union(site: Site, help: str) -> Iterator[Repair]:
    """`union u { u8, string }`."""
    end = closing(site.tokens, site.at + 1)
    if end is not None and site.last is not None:
        made = [retyped(site.last, "VARIANT"), site.token, site.tokens[site.at + 1]]
        for type in elements(site.tokens, site.at + 2, end):
            made += [inserted("ID", type[0], made[-1]), inserted("LPAR", type[0], made[-1]), *type]
            made += [inserted("RPAR", type[-1], type[-1]), inserted("COMMA", type[-1], type[-1])]
        yield Repair((*made, site.tokens[end]), end + 1 - site.at, help, 1, "there is no keyword `union`", sure=True)


def _typed_fields_first(site: Site, word: Token, message: str) -> Iterator[Repair]:
    """`message m { string name = 1; }`, `struct s { u32 id; }`."""
    end = closing(site.tokens, site.at + 1) if site.kind(1) == "LBRACE" else None
    parts = [named_first(part) for part in elements(site.tokens, site.at + 2, end)] if end is not None else []
    if end is None or not all(parts) or site.kinds(2, 4) == ["ID", "COLON"]:
        return
    made = [retyped(word, "RECORD"), *site.tokens[site.at : site.at + 2]]
    for part in parts:
        made += [*part, inserted("COMMA", part[-1], part[-1])] if part else []
    names = [part[0].text for part in parts if part]
    help = f"write `record`, and a field as `{names[0]}: …,`" if names else "write `record`"
    length = end + 1 - site.at
    length += site.kind(length) == "SEMICOLON"
    yield Repair((*made, site.tokens[end]), length, help, 1, message, sure=True)


def _fields_of_a_class(site: Site, word: Token, message: str) -> Iterator[Repair]:
    """`class c { a: u8; b: u8; }`: what has only fields is a record."""
    end = closing(site.tokens, site.at + 1) if site.kind(1) == "LBRACE" else None
    parts = elements(site.tokens, site.at + 2, end) if end is not None else []
    if end is None or not parts or not all(_is_field(part) for part in parts):
        return
    made = [retyped(t, "COMMA") if t.type == "SEMICOLON" else t for t in site.tokens[site.at : end + 1]]
    help = f"a resource has functions only: write `record {site.token.text}`"
    yield Repair((retyped(word, "RECORD"), *made), end + 1 - site.at, help, 1, message, sure=True)


def _is_field(part: Sequence[Token]) -> bool:
    kinds = [token.type for token in part]
    return kinds[:2] == ["ID", "COLON"] and not {"FUNC", "STATIC", "ASYNC", "LPAR", "COLON"} & {*kinds[2:]}


def _misspelt_start(site: Site, word: Token, token: Token) -> Iterator[Repair]:
    """For `struct name` or `varient name`: the keyword that was meant."""
    if word.end > token.start or "\n" in word.source.text[word.end : token.start] or token.type != "ID":
        return
    message = f"there is no keyword `{word.text}`"
    if word.text == "union":
        help = f"WIT has no unions: write `variant {token.text} {{ … }}`, with a name for each case"
        yield from _union(site, help)
    meant = habits.KEYWORDS.get(word.text)
    if meant == "record":
        yield from _typed_fields_first(site, word, message)
    if meant == "resource":
        yield from _fields_of_a_class(site, word, message)
    if meant is not None:
        yield Repair((retyped(word, meant.upper()),), 0, f"write `{meant}`", 1, message, sure=True)
    elif (near := closest(word.text, _STARTS)) is not None:
        yield Repair((retyped(word, near.upper()),), 0, f"did you mean `{near}`?", 1, message, sure=True)


def _attributes_length(site: Site) -> int:
    """How many tokens the complete attributes that begin at the error have."""
    end = 0
    while end < FURTHEST:
        shapes = (_GATE, _GATE_BY_NAME, _STRING_ATTRIBUTE)
        shape = next((s for s in shapes if site.kinds(end, end + len(s)) == s), None)
        if shape is None:
            break
        end += len(shape)
    return end
