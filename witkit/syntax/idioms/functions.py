"""The head of a function, from its first word to the `(`: its words in another order, or others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from witkit.syntax import gates, habits
from witkit.syntax.idioms.lists import SIMPLE_TYPES, elements, known, named_first
from witkit.syntax.repair import Placeholder, Repair, Site, closing, inserted, retyped
from witkit.syntax.tokens import Token

_WORDS = frozenset({"ASYNC", "STATIC", "FUNC", "CONSTRUCTOR", "COLON", "ID"})
_MOST_WORDS = 7


def functions(site: Site) -> Iterator[Repair]:
    """`fn f(`, `async f: func(`, `f: func static(`, `f(`: the same as `name: static async func(`."""
    last = site.last
    if last is not None and last.text in habits.ATTRIBUTES and site.token.type == "LPAR":
        mark = inserted("AT", last, None)
        if gates.is_well_shaped([mark, *site.tokens[site.at - 1 : site.at + 6]], 0):
            yield Repair((mark, last), 0, f"an attribute begins with `@`: `@{last.text}(…)`", undo=1, sure=True)
        return
    if site.kinds(0, 2) == ["LPAR", "FUNC"]:
        yield Repair((site.tokens[site.at + 1], site.token), 2, "put `func` before `(`", sure=True)
    yield from _typed_first(site)
    yield from _before_direction(site)
    yield from _rpc(site)
    start, end = _head(site)
    words = site.tokens[start:end]
    undo = site.undo_from(start)
    if undo is None or undo != site.at - start:
        return
    if any(word.type == "CONSTRUCTOR" for word in words):
        yield from _constructor(site, words, undo, end)
    name = _name(words)
    if name is None:
        return
    made, said = _rewritten(name, words, "STATIC" in site.accepted or _is_in_resource(site))
    if [t.type for t in made] != [t.type for t in words]:
        rest, length = _other_arrow(site, end)
        help, message = _help(name, words, said), _message(words, undo)
        yield Repair((*made, *rest), end + length - site.at, help, undo, message, sure=True)


def _other_arrow(site: Site, start: int) -> tuple[list[Token], int]:
    """The parameters with the `:` or `=>` after them that stands for `->`, and how many tokens that were."""
    end = closing(site.tokens, start)
    after = [t.type for t in site.tokens[end + 1 : end + 3]] if end is not None else []
    length = 1 if after[:1] == ["COLON"] else 2 if after == ["EQUAL", "MORETHAN"] else 0
    if end is None or not length:
        return [], 0
    return [*site.tokens[start : end + 1], retyped(site.tokens[end + 1], "ARROW")], end + 1 + length - start


def _typed_first(site: Site) -> Iterator[Repair]:
    """`u32 add(u32 a);`, as C has it."""
    start = site.at if site.kind(0) in SIMPLE_TYPES and site.kinds(1, 3) == ["ID", "LPAR"] else site.at - 1
    if start < 0 or start + 2 >= len(site.tokens):
        return
    undo = site.undo_from(start)
    type, name, open_ = site.tokens[start : start + 3]
    words = (habits.FUNCTIONS | habits.MODIFIERS.keys()) & {type.text}
    if undo is None or (type.type not in SIMPLE_TYPES) or words or name.type != "ID" or open_.type != "LPAR":
        return
    end = closing(site.tokens, start + 2)
    parts = [named_first(part) for part in elements(site.tokens, start + 3, end)] if end is not None else [None]
    if end is None or not all(parts):
        return
    made = [name, inserted("COLON", name, name), inserted("FUNC", name, name), open_]
    for number, part in enumerate(part for part in parts if part):
        made += [inserted("COMMA", part[0], made[-1])] if number else []
        made += part
    made.append(site.tokens[end])
    of = known(type)
    result = [] if type.text == "void" else [inserted("ARROW", of, made[-1]), of]
    text = f" -> {habits.type_for(type.text) or type.text}" if result else ""
    help = f"a function is written `{name.text}: func(…){text}`"
    yield Repair((*made, *result), end + 1 - site.at, help, undo, sure=True)


def _before_direction(site: Site) -> Iterator[Repair]:
    """`async export run: func(`."""
    if site.kind(0) == "ASYNC" and site.kind(1) in {"IMPORT", "EXPORT"} and site.kinds(2, 5) == ["ID", "COLON", "FUNC"]:
        words = site.tokens[site.at + 1 : site.at + 4]
        help = f"write `{words[1].text}: async func(…)`"
        yield Repair((*words, site.token), 4, help, sure=True)


def _rpc(site: Site) -> Iterator[Repair]:
    """`rpc get (request) returns (answer);`, as protobuf has it."""
    rpc, name, last = site.last, site.token, site.tokens[min(site.at + 6, len(site.tokens) - 1)]
    shape = ["ID", "LPAR", "ID", "RPAR", "ID", "LPAR", "ID", "RPAR"]
    if rpc is None or rpc.text != "rpc" or site.kinds(0, 8) != shape:
        return
    of = site.tokens[site.at + 2]
    parameter = (Placeholder("ID", of.source, of.start, of.start), inserted("COLON", of, None))
    head = (name, inserted("COLON", name, name), inserted("FUNC", name, name), site.tokens[site.at + 1])
    made = (*head, *parameter, of, site.tokens[site.at + 3], inserted("ARROW", last, site.tokens[site.at + 3]), last)
    help = f"a function is written `{name.text}: func(name: {of.text}) -> {last.text};`"
    yield Repair(made, len(shape), help, 1, "there is no keyword `rpc`", sure=True)


def _head(site: Site) -> tuple[int, int]:
    """Where the words begin and end that are before the `(` and belong to the error."""
    start = site.at
    while start and site.at - start < _MOST_WORDS and site.tokens[start - 1].type in _WORDS:
        if site.driver.back_to(site.tokens[start - 1]) != site.at - start + 1:
            break
        start -= 1
    end = site.at
    while site.tokens[end].type in _WORDS and end - start < _MOST_WORDS:
        end += 1
    return (start, end) if site.tokens[end].type == "LPAR" else (site.at, site.at)


def _name(words: Sequence[Token]) -> Token | None:
    """The only word that can be the name of the function."""
    known = habits.FUNCTIONS | habits.MODIFIERS.keys()
    names = [w for w in words if w.type == "ID"]
    others = [w for w in names if w.text not in known] or [w for w in names[-1:] if len(words) <= 2]
    return others[0] if len(others) == 1 and len(words) > 0 else None


def _rewritten(name: Token, words: Sequence[Token], static: bool) -> tuple[tuple[Token, ...], str]:
    """The head as WIT has it, and its words as help shows them."""
    made = [name, inserted("COLON", name, name)]
    colon = next((w for w in words if w.type == "COLON"), None)
    if colon is not None and colon.start > name.start:
        made[1] = colon
    for kind in ("STATIC", "ASYNC"):
        given = next((w for w in words if w.type == kind), None)
        if given is not None and (kind != "STATIC" or static):
            made.append(given)
    given = next((w for w in words if w.type == "FUNC"), None)
    made.append(given or inserted("FUNC", name, made[-1]))
    return tuple(made), " ".join(w.type.lower() for w in made[2:])


def _help(name: Token, words: Sequence[Token], said: str) -> str:
    kinds = {word.type for word in words}
    if "STATIC" in kinds and "static" not in said:
        return "static functions belong in a resource: `name: static func()`"
    if said == "func":
        return f"a function is written `{name.text}: func(…)`"
    return f"write `{name.text}: {said}(…)`"


def _message(words: Sequence[Token], undo: int) -> str:
    first = words[0]
    known = habits.FUNCTIONS | habits.MODIFIERS.keys()
    return f"there is no keyword `{first.text}`" if undo and first.type == "ID" and first.text in known else ""


def _constructor(site: Site, words: Sequence[Token], undo: int, end: int) -> Iterator[Repair]:
    keyword = next(word for word in words if word.type == "CONSTRUCTOR")
    if len(words) > 1:
        help = "a constructor has no name, and no `func`: write `constructor(…)`"
        yield Repair((keyword,), end - site.at, help, undo, sure=True)


def _is_in_resource(site: Site) -> bool:
    """Whether methods may be where the error is, or where the function with the error begins."""
    return any("CONSTRUCTOR" in site.driver.row(back) for back in range(min(6, site.driver.depth)))
