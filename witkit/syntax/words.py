"""Terminals of the grammar in words, for messages."""

from __future__ import annotations

from collections.abc import Set

from witkit.syntax.tokens import Token

NAMES = {
    "$END": "the end of the file",
    "ID": "a name",
    "SEMVER": "a version",
    "INT": "a number",
    "QUOTED": "a string",
    "NOTHING": "`_`",
    "ARROW": "`->`",
    "SEMICOLON": "`;`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "DOT": "`.`",
    "SLASH": "`/`",
    "EQUAL": "`=`",
    "AT": "`@`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LESSTHAN": "`<`",
    "MORETHAN": "`>`",
    "ERROR_CONTEXT": "`error-context`",
}

_INTEGERS = {f"{sign}{bits}" for sign in "US" for bits in (8, 16, 32, 64)}
_TYPES = frozenset(
    {*_INTEGERS, "F32", "F64", "CHAR", "BOOL", "STRING", "ERROR_CONTEXT", "OWN", "BORROW", "ID"}
    | {"LIST", "OPTION", "RESULT", "TUPLE", "MAP", "FUTURE", "STREAM"}
)
_DEFINITIONS = frozenset({"TYPE", "RECORD", "VARIANT", "ENUM", "FLAGS", "RESOURCE"})

ITEM_STARTS = _DEFINITIONS | {"AT", "USE", "IMPORT", "EXPORT", "INCLUDE", "INTERFACE", "WORLD", "PACKAGE"}
"""Terminals that begin an item, and nearly always do so where they are."""

# If all of these may be there, these words say it better than the list. Tried in this order; the last
# set is what the words say besides.
_GROUPS: tuple[tuple[Set[str], tuple[str, ...], Set[str]], ...] = (
    (_TYPES, ("a type",), set()),
    (_DEFINITIONS | {"ID", "USE"}, ("a function", "a type definition", "`use`"), {"AT"}),
    (
        _DEFINITIONS | {"IMPORT"},
        ("`import`", "`export`", "`include`", "`use`", "a type definition"),
        {"EXPORT", "INCLUDE", "USE", "AT"},
    ),
    (frozenset({"CONSTRUCTOR", "ID"}), ("`constructor`", "a method", "a static function"), {"AT"}),
    (
        frozenset({"INTERFACE", "WORLD"}),
        ("`package`", "`interface`", "`world`", "`use`"),
        {"PACKAGE", "USE", "AT", "$END"},
    ),
    (_DEFINITIONS, ("a type definition",), set()),
)


def expected(terminals: Set[str]) -> str:
    """What may be at a place, in words: "`;` or `->`"."""
    rest = set(terminals)
    words: list[str] = []
    for group, said, besides in _GROUPS:
        if group <= rest:
            rest -= group | besides
            words += said
    order = list(NAMES)
    known = sorted(rest & NAMES.keys(), key=order.index)
    words += [f"`{t.lower()}`" for t in sorted(rest - NAMES.keys())] + [NAMES[t] for t in known]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def found(token: Token) -> str:
    """What is at a place, in words: "keyword `static`"."""
    if token.type == "$END":
        return "the end of the file"
    if token.type == "ID":
        return f"name `{token.text}`"
    if token.type in {"SEMVER", "INT", "QUOTED"}:
        return f"{NAMES[token.type].removeprefix('a ')} `{token.text}`"
    return f"keyword `{token.text}`" if token.text[0].isalpha() else f"`{token.text}`"
