"""Fields, cases and parameters: values, types before names, separators of other languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from witkit.syntax import habits
from witkit.syntax.idioms.lists import SEPARATORS, SIMPLE_TYPES, as_tuple, elements, named_first
from witkit.syntax.repair import CLOSING, FURTHEST, Placeholder, Repair, Site, closing, inserted, retyped
from witkit.syntax.tokens import Token

_END_OF_LIST = frozenset({"RBRACE", "RPAR", "$END"})
_AROUND_VALUES = {opening: mark for opening, mark in CLOSING.items() if opening != "LESSTHAN"}
"""The brackets of a value such as `1 << 2`."""


def members(site: Site) -> Iterator[Repair]:
    token, accepted = site.token, site.accepted
    if token.type == "EQUAL" and accepted & {"RBRACE", "RPAR"} and "COMMA" in accepted:
        yield from _values(site)
    if token.type == "SEMICOLON" and "COMMA" in accepted and "RBRACE" in accepted:
        yield from _semicolons(site)
    if accepted & {"RBRACE", "RPAR"} or accepted == {"COLON"}:
        yield from _types_first(site)
    if accepted == {"COLON"} and token.type in {"COMMA", "RPAR"} and site.last is not None:
        yield from _one_word(site, site.last)
    if token.type == "DOT" and {"ID", "RBRACE"} <= accepted:
        yield from _spread(site)
    if accepted == {"ID", "RPAR"}:
        yield from _parameters(site)
    if token.type == "COLON" and {"LPAR", "RBRACE"} <= accepted:
        yield from _payloads(site)
    if token.type == "LBRACE" and {"LPAR", "RBRACE"} <= accepted:
        yield from _payload_in_braces(site)
    if accepted == {"RPAR"}:
        yield from _payload_of_several(site)
    if token.type == "RPAR" and site.kind(-1) == "LPAR" and "U8" in accepted and site.kind(-2) == "ID":
        name = site.tokens[site.at - 2].text
        help = f"a case without a value has no parentheses: write `{name}`"
        yield Repair((), 1, help, undo=1, sure=True)


def _spread(site: Site) -> Iterator[Repair]:
    """`...other` among fields or cases."""
    end = site.run(site.at, {"DOT"})
    name = site.tokens[end]
    if end - site.at > 1 and name.type == "ID":
        length = end + 1 - site.at + (site.tokens[end + 1].type == "COMMA")
        help = f"no type takes over the parts of another one: write out those of `{name.text}`"
        yield Repair((), length, help, sure=True, is_advice=False)


def _rest(site: Site, start: int, brackets: Mapping[str, str] = CLOSING) -> int:
    """Where the list ends that `tokens[start]` is in; of a very long one, where some element ends."""
    depth, separator = 0, start
    for i in range(start, min(start + FURTHEST, len(site.tokens))):
        kind = site.tokens[i].type
        if depth == 0 and kind in _END_OF_LIST:
            return i
        if depth == 0 and kind in SEPARATORS:
            separator = i
        depth += (kind in brackets) - (kind in brackets.values())
    return separator


def _values(site: Site) -> Iterator[Repair]:
    """`red = 1`, `n: u32 = 1`: who gives one member a value gives one to each."""
    end, kept, skipping, depth = _rest(site, site.at, _AROUND_VALUES), [], False, 0
    for token in site.tokens[site.at : end]:
        brackets = _AROUND_VALUES if skipping else CLOSING
        depth += (token.type in brackets) - (token.type in brackets.values())
        skipping = (skipping or token.type == "EQUAL") and not (depth == 0 and token.type in {"COMMA", "SEMICOLON"})
        if not skipping:
            kept.append(retyped(token, "COMMA") if depth == 0 and token.type == "SEMICOLON" else token)
    value = site.token.source.text[site.token.start : site.tokens[site.at + 1].end]
    if "RPAR" in site.accepted:
        help = f"parameters have no defaults: remove `{value}`, or take an `option<…>`"
    else:
        help = f"fields and cases have no values and no numbers: remove `{value}`"
    yield Repair(tuple(kept), end - site.at, help, sure=True)


def _is_open_use(site: Site) -> bool:
    """Whether the error is between the braces of a `use`."""
    start = site.at - 1
    while start > 0 and site.tokens[start].type in {"ID", "COMMA", "AS"}:
        start -= 1
    return site.tokens[start].type == "LBRACE" and site.tokens[start - 1].type == "DOT"


def _semicolons(site: Site) -> Iterator[Repair]:
    """Fields that end with `;`: all that do."""
    end = _rest(site, site.at)
    if _is_open_use(site) and site.kind(end + 1 - site.at) != "SEMICOLON":
        return  # the `;` ends the `use`, and its `}` is missing
    made, depth = [], 0
    for token in site.tokens[site.at : end]:
        depth += (token.type in CLOSING) - (token.type in CLOSING.values())
        made.append(retyped(token, "COMMA") if depth == 0 and token.type == "SEMICOLON" else token)
    yield Repair(tuple(made), end - site.at, "write `,` instead of `;`", sure=True)


def _types_first(site: Site) -> Iterator[Repair]:
    """`u32 id`, with or without a number: who writes one member so writes all of them so."""
    start = site.at if site.accepted != {"COLON"} else site.at - 1
    undo = site.undo_from(start)
    first = site.tokens[start]
    if undo is None or first.type not in SIMPLE_TYPES | {"LIST", "OPTION", "MAP", "TUPLE"}:
        return
    end = _rest(site, start)
    written = elements(site.tokens, start, end)
    parts = [named_first(part) for part in written]
    if any(part is None for part in parts) or not parts or parts[0] is None or _lacks_colon(site, first, written):
        return
    made: list[Token] = []
    for part in parts:
        made += [*part, inserted("COMMA", part[-1], part[-1])] if part else []
    name, of = parts[0][0], parts[0][2:]
    text = "".join(t.text or t.type.lower().replace("lessthan", "<").replace("morethan", ">") for t in of)
    text = text if first.text in habits.WRAPPERS else habits.type_for(text) or text
    yield Repair(tuple(made), end - site.at, f"the name comes first: `{name.text}: {text}`", undo, sure=True)


def _lacks_colon(site: Site, first: Token, written: list[list[Token]]) -> bool:
    """Whether `a b` is rather `a: b` than a type and a name."""
    if site.accepted != {"COLON"} or first.text in habits.WRAPPERS or habits.type_for(first.text):
        return False
    has_colon = any([t.type for t in member[1:2]] == ["COLON"] for member in written)
    return first.type == "ID" and (len(written) == 1 or site.kind(-2) == "COMMA" or has_colon)


def _one_word(site: Site, word: Token) -> Iterator[Repair]:
    """`func(self, …)`, `func(void)`, `func(order)`: a parameter that is not a name and a type."""
    if word.type != "ID" or site.kind(-2) not in {"LPAR", "COMMA"}:
        return
    comma = int(site.token.type == "COMMA")
    if word.text == "self":
        yield Repair((), comma, "remove it: a method has `self` already", undo=1, sure=True)
    elif word.text == "void":
        yield Repair((), comma, "a function without parameters is written `func()`: remove `void`", undo=1, sure=True)
    else:
        made = (inserted("COLON", site.token, word), inserted("ID", site.token, word))
        yield Repair(made, 0, f"a parameter has a name and a type: `name: {word.text}`", sure=True)


def _parameters(site: Site) -> Iterator[Repair]:
    """`func(u32, string)` and `func((a: u32))`."""
    end = closing(site.tokens, site.at) if site.token.type == "LPAR" else None
    if end is not None:
        inner = tuple(site.tokens[site.at + 1 : end])
        yield Repair(inner, end + 1 - site.at, "write all parameters in one pair of parentheses", sure=True)
    if site.token.type not in SIMPLE_TYPES or site.kind(1) not in {"COMMA", "RPAR"}:
        return
    made: list[Token] = []
    for part in elements(site.tokens, site.at, _rest(site, site.at)):
        made += [inserted("COMMA", part[0], made[-1])] if made else []
        made += part if "COLON" in {t.type for t in part[:2]} else []
        made += [] if "COLON" in {t.type for t in part[:2]} else [*_nameless(site, part[0]), *part]
    help = f"a parameter has a name and a type: `name: {site.token.text}`"
    yield Repair(tuple(made), _rest(site, site.at) - site.at, help, sure=True)


def _nameless(site: Site, type: Token) -> tuple[Token, Token]:
    name = Placeholder("ID", type.source, type.start, type.start)
    return name, inserted("COLON", type, name)


def _payloads(site: Site) -> Iterator[Repair]:
    """`a: u32` in a variant: the rest of its cases, too."""
    end = _rest(site, site.at)
    made: list[Token] = []
    for number, part in enumerate(elements(site.tokens, site.at, end)):
        at = next((i for i, t in enumerate(part) if t.type == "COLON"), None)
        made += [inserted("COMMA", part[0], made[-1])] if number else []
        made += part if at is None else [*part[:at], retyped(part[at], "LPAR"), *part[at + 1 :]]
        made += [] if at is None else [inserted("RPAR", part[-1], part[-1])]
    name = site.tokens[site.at - 1].text
    yield Repair(tuple(made), end - site.at, f"write the value of a case in parentheses: `{name}(…)`", sure=True)


def _payload_in_braces(site: Site) -> Iterator[Repair]:
    """`rect { w: f32 }`."""
    end, name = closing(site.tokens, site.at), site.tokens[site.at - 1].text
    if end is not None:
        made = tuple(inserted(kind, site.token, site.before) for kind in ("LPAR", "ID", "RPAR"))
        help = f"a case has one value: define a record with these fields, and write `{name}(…)` with its name"
        yield Repair(made, end + 1 - site.at, help, sure=True)


def _payload_of_several(site: Site) -> Iterator[Repair]:
    """`rect(w: f32, h: f32)`, `rect(f32, f32)` and `circle(r: f32)`."""
    start = next((i for i in range(site.at - 1, max(site.at - 12, 0), -1) if site.tokens[i].type == "LPAR"), None)
    undo = site.undo_from(start) if start is not None else None
    end = closing(site.tokens, start) if start is not None else None
    if start is None or undo is None or end is None or site.tokens[start - 1].type != "ID":
        return
    types = [of for part in elements(site.tokens, start + 1, end) if (of := _type_of(part))]
    name = site.tokens[start - 1].text
    if not types:
        return
    if len(types) == 1:
        made = (site.tokens[start], *types[0], site.tokens[end])
        help = f"the value of a case has no name: write `{name}(…)` with its type"
    else:
        inner = as_tuple(site.tokens, start, end, types)
        made = (site.tokens[start], *inner[:-1], inserted("MORETHAN", inner[-2], inner[-2]), site.tokens[end])
        help = f"a case has one value: write `{name}(tuple<…>)`, or `{name}(…)` with the name of a record"
    yield Repair(made, end + 1 - site.at, help, undo, sure=True)


def _type_of(part: Sequence[Token]) -> list[Token]:
    return list(part[2:] if [t.type for t in part[:2]] == ["ID", "COLON"] else part)
