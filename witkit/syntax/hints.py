"""Ways out of syntax errors that no small repair explains: what the writer most likely had in mind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Final

from witkit.syntax import habits
from witkit.syntax.tokens import Token


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """Where an error is: the token, those before it (the nearest first), and what could have been there."""

    token: Token
    before: Sequence[Token]
    accepted: Set[str]

    def after(self, kind: str, distance: int = 1) -> bool:
        """Whether a token of that kind is directly before the error, or `distance` tokens before."""
        return len(self.before) >= distance and self.before[distance - 1].type == kind


def _is_on_next_line(context: ErrorContext) -> bool:
    """Whether the name before the error, with a `:`, begins a line, after a `,` or a `(`."""
    if not context.after("COLON") or not (context.after("COMMA", 3) or context.after("LPAR", 3)):
        return False
    name, mark = context.before[1:3]
    return "\n" in name.source.text[mark.end : name.start]


def _is_type(context: ErrorContext) -> bool:
    """Whether a type ends before the error."""
    return any(context.after(kind, 2) for kind in ("COLON", "LESSTHAN", "ARROW", "EQUAL"))


_DEFINITIONS: Final = ("TYPE", "RECORD", "VARIANT", "ENUM", "FLAGS", "RESOURCE")

ONE_HEADER: Final = (
    "`package …;` is allowed once, before everything else; later packages have braces: `package a:b { … }`"
)

_HINTS: tuple[tuple[Callable[[ErrorContext], bool], str], ...] = (
    (
        lambda p: p.token.type == "ID" and p.after("ID") and p.before[0].text in habits.CONSTANTS,
        "WIT has no constants: write a function that returns the value, `name: func() -> t`",
    ),
    (
        lambda p: p.token.type == "NOTHING" and p.after("COMMA"),
        "leave it out: `result<t>` is a result whose error has no value",
    ),
    (
        lambda p: p.token.type == "COMMA" and p.after("LESSTHAN") and "NOTHING" in p.accepted,
        "a result without a value is `result<_, e>`",
    ),
    (
        lambda p: p.token.type in {"COMMA", "RPAR", "RBRACE"} and p.after("COLON") and "U8" in p.accepted,
        "write the type after the `:`",
    ),
    (
        lambda p: p.accepted == {"LPAR"} and p.after("FUNC"),
        "a function has its parameters in parentheses: `func()` if there are none",
    ),
    (
        lambda p: p.token.type == "COLON" and "ID" in p.accepted and "U8" not in p.accepted and not p.after("COLON"),
        "write a name before the `:`",
    ),
    (lambda p: p.token.type == "LPAR" and p.after("AT"), "an attribute has a name: `@since(version = 1.2.3)`"),
    (
        lambda p: p.token.type in {"RBRACE", "SEMICOLON"} and (p.after("IMPORT") or p.after("EXPORT")),
        "name the interface, or give the function a name: `name: func()`",
    ),
    (lambda p: p.accepted == {"LESSTHAN"}, "the parts of a type are written between `<` and `>`"),
    (
        lambda p: p.token.type == "MORETHAN" and p.accepted == {"COMMA"} and not p.after("NOTHING"),
        "a map has keys and values: `map<k, v>`",
    ),
    (
        lambda p: p.token.type in {"RBRACE", "$END"} and p.after("ARROW"),
        "write the type of the result, or remove `->`",
    ),
    (
        lambda p: p.token.type == "NOTHING" and "ID" in p.accepted and "U8" not in p.accepted,
        "a name begins with a letter",
    ),
    (lambda p: p.token.type == "DOT" and "WITH" in p.accepted, "`include` takes a whole world: `with` only renames"),
    (lambda p: p.token.type == "AS" and p.after("LBRACE"), "write each name before its new one: `{ old as new }`"),
    (
        lambda p: p.token.type == "FROM" and "USE" in p.accepted,
        "types come in by `use ns:package/interface.{name};`",
    ),
    (
        lambda p: p.token.type == "SLASH" and "AT" in p.accepted and "LBRACE" not in p.accepted,
        "a path leads to one interface or world: `ns:package/name`",
    ),
    (lambda p: p.accepted == {"AS"}, "write each name with its new one: `with { old as new }`"),
    (
        lambda p: p.token.type in {"IMPORT", "EXPORT", "INCLUDE"} and "SEMICOLON" in p.accepted,
        "what is before it has to end with `;`",
    ),
    (
        lambda p: p.token.type == "MORETHAN" and p.after("NOTHING"),
        "write `result` alone if neither case has a value, or `result<_, e>`",
    ),
    (
        lambda p: p.token.type == "LPAR" and p.after("ARROW"),
        "a function has one result, which has no name: put several values into a record or a `tuple<…>`",
    ),
    (
        lambda p: p.token.type == "NOTHING" and "U8" in p.accepted,
        "only `result<_, e>` can have `_` in place of a type",
    ),
    (lambda p: p.token.type == "STATIC" and p.after("ASYNC"), "write `static async func`"),
    (lambda p: p.token.type == "STATIC", "static functions belong in a resource: `name: static func()`"),
    (
        lambda p: p.accepted == {"SEMVER"} and re.fullmatch(r"v\d+", p.token.text) is not None,
        "a version is written without `v`: `1.2.0`",
    ),
    (lambda p: p.token.type == "DOT" and p.after("SEMVER"), "a version has three numbers: `1.2.0`"),
    (lambda p: "SEMVER" in p.accepted, "a version has three numbers: `1.2.0`, perhaps `1.2.0-rc.1`"),
    (
        lambda p: p.token.type == "SEMICOLON" and p.accepted <= {"LBRACE", "AT"},
        ONE_HEADER,
    ),
    (lambda p: p.token.type == "IMPORT" and "FUNC" not in p.accepted, "`import` and `export` belong in a world"),
    (lambda p: p.token.type == "EXPORT" and "FUNC" not in p.accepted, "`import` and `export` belong in a world"),
    (
        lambda p: p.token.type in _DEFINITIONS and "WORLD" in p.accepted,
        "types are defined in an interface or a world: `interface name { … }`",
    ),
    (
        lambda p: p.token.type == "ID" and p.token.text == "default" and "WORLD" in p.accepted,
        "no world or interface is the default any more: remove `default`",
    ),
    (
        lambda p: p.token.type == "ID" and "WORLD" in p.accepted,
        "functions belong in an interface or a world: `interface name { … }`",
    ),
    (
        lambda p: p.token.type == "DOT" and ("SLASH" in p.accepted or p.accepted == {"COLON", "SEMICOLON"}),
        "name an interface by `name` or `ns:package/name`",
    ),
    (
        lambda p: p.after("PACKAGE", 3) and p.after("COLON") and p.accepted == {"ID"},
        "the name of a package has two parts: `package ns:name;`",
    ),
    (
        lambda p: p.token.type == "SLASH" and p.accepted == {"SEMICOLON", "AT", "LBRACE"},
        "the name of a package has two parts: `package ns:name;`",
    ),
    (lambda p: p.after("PACKAGE") and p.token.type != "QUOTED", "a package's name has a namespace: `package ns:name;`"),
    (lambda p: p.token.type == "COLON" and p.accepted == {"SLASH"}, "a package's name has two parts: `ns:package`"),
    (lambda p: p.token.type == "QUOTED" and "ID" in p.accepted, "names and types are written without quotes"),
    (
        lambda p: p.token.type == "COLON" and p.after("COLON") and p.accepted == {"ID"},
        "names of an interface come in by `use interface.{name};`",
    ),
    (
        lambda p: p.token.type == "ID" and p.after("INT") and p.before[0].end == p.token.start,
        "a number is written in decimal digits alone",
    ),
    (
        lambda p: p.accepted == {"INT"} and p.token.type != "MORETHAN",
        "`list<t>` is a list of any length, `list<t, 4>` one of 4",
    ),
    (lambda p: p.token.type == "MORETHAN" and p.after("LESSTHAN"), "name a type between `<` and `>`"),
    (lambda p: p.token.type == "CONSTRUCTOR", "a constructor belongs in a resource"),
    (
        lambda p: p.token.type == "SLASH" and p.accepted == {"COLON", "DOT"},
        "a package's name has a namespace: `ns:package/name`",
    ),
    (
        lambda p: p.accepted == {"ID"} and p.after("LESSTHAN") and (p.after("OWN", 2) or p.after("BORROW", 2)),
        "`own` and `borrow` take the name of a resource",
    ),
    (
        lambda p: p.token.type == "FUNC" and "U8" in p.accepted and _is_on_next_line(p),
        "a function is not a parameter: close the parameters before it with `)`",
    ),
    (
        lambda p: p.token.type == "FUNC" and "U8" in p.accepted,
        "a function is not a value: pass a resource with a method",
    ),
    (lambda p: p.token.type == "ASYNC" and p.after("RPAR"), "`async` is before `func`: `name: async func()`"),
    (lambda p: p.token.type == "ASYNC" and "U8" in p.accepted, "only functions are `async`: `name: async func()`"),
    (
        lambda p: p.token.type == "DOT" and "RPAR" in p.accepted and not p.after("ID"),
        "a function has a fixed number of parameters: take a `list<…>`",
    ),
    (
        lambda p: p.token.type in {"DOT", "SLASH", "COLON"} and p.after("ID") and _is_type(p),
        "bring the type in with `use interface.{name};`, and write its name alone",
    ),
    (
        lambda p: p.token.type in {"DOT", "SLASH"} and p.accepted == {"COLON"} and not p.after("PACKAGE", 2),
        "names are words of lower-case letters and digits, joined by `-`",
    ),
    (
        lambda p: p.token.type == "LESSTHAN" and p.accepted == {"COLON"},
        "WIT has no type parameters: write the type out for each use",
    ),
    (
        lambda p: p.token.type == "LESSTHAN" and _is_type(p),
        "only types such as `list` and `option` have others between `<` and `>`",
    ),
    (
        lambda p: p.token.type == "EQUAL" and p.accepted == {"COLON"},
        "a parameter and a field have a name and a type: `name: t`",
    ),
    (lambda p: p.token.type == "INT" and "U8" in p.accepted, "write a type, such as `u32`: WIT has no values"),
    (lambda p: p.token.type == "INT" and "ID" in p.accepted, "a name begins with a letter"),
    (
        lambda p: p.token.type == "LBRACE" and p.accepted == {"EQUAL"},
        "a type with fields is a `record`, and one with cases a `variant` or an `enum`",
    ),
    (lambda p: p.accepted == {"EQUAL"}, "`type` gives a type another name: `type name = t;`"),
    (lambda p: p.token.type == "SEMICOLON" and p.after("EQUAL") and "U8" in p.accepted, "write the type after the `=`"),
    (lambda p: p.accepted == {"ID"} and p.after("INCLUDE"), "name the world to include"),
    (
        lambda p: p.accepted == {"ID"} and any(map(p.after, _DEFINITIONS)),
        "write the name of the new type",
    ),
    (lambda p: p.accepted == {"ID"} and p.after("INTERFACE"), "write the name of the interface"),
    (lambda p: p.accepted == {"ID"} and p.after("WORLD"), "write the name of the world"),
    (
        lambda p: p.token.type in {"LIST", "OPTION", "RESULT", "TUPLE", "MAP"} and "RECORD" in p.accepted,
        "a type gets another name by `type name = …;`",
    ),
    (
        lambda p: p.token.type == "COMMA" and p.accepted == {"SEMICOLON"} and p.after("ARROW", 2),
        "a function has one result: put several values into a record or a `tuple<…>`",
    ),
    (
        lambda p: p.token.type == "AT" and p.after("RBRACE") and p.accepted == {"SEMICOLON"},
        "the version follows the name of the interface: `use ns:package/name@1.0.0.{t};`",
    ),
    (
        lambda p: p.token.type == "AS" and "DOT" in p.accepted,
        "write the names to use in braces: `use interface.{name};`",
    ),
    (
        lambda p: p.token.type == "AS" and "SEMICOLON" in p.accepted,
        "another name goes before the interface: `import name: ns:package/interface;`",
    ),
    (lambda p: p.token.type == "RBRACE" and p.after("AS"), "write the other name after `as`"),
    (
        lambda p: (
            p.token.type in {"RBRACE", "$END", "SEMICOLON"}
            and {"AT", "ID"} <= p.accepted
            and "RBRACE" not in p.accepted
        ),
        "what begins with `@` belongs to the item after it: write the item, or remove it",
    ),
    (lambda p: p.token.type == "INCLUDE" and "FUNC" not in p.accepted, "`include` belongs in a world"),
    (
        lambda p: p.token.type == "FUNC" and "IMPORT" in p.accepted,
        "a world says who has a function: write `import name: func(…);` or `export name: func(…);`",
    ),
    (
        lambda p: p.token.type == "WORLD" and any(map(p.after, ("IMPORT", "EXPORT", "COLON"))),
        "a world imports and exports interfaces and functions; `include` takes a world",
    ),
    (
        lambda p: p.token.type == "COMMA" and p.accepted == {"SEMICOLON"} and not p.after("ARROW", 2),
        "end it with `;`, and write the next one in a line of its own",
    ),
    (
        lambda p: p.accepted == {"DOT"} and p.token.type == "SEMICOLON",
        "write the names to use in braces: `use interface.{name};`",
    ),
    (
        lambda p: p.accepted == {"LBRACE"} and p.after("DOT"),
        "write the names to use in braces: `use interface.{name};`",
    ),
    (
        lambda p: p.accepted == {"ASYNC", "FUNC", "STATIC"} and p.after("COLON"),
        "a resource has only functions: write a method that returns the value, `name: func() -> t`",
    ),
    (
        lambda p: p.accepted == {"ASYNC", "FUNC"} and p.after("COLON"),
        "an interface has only functions and types: write a function that returns the value, `name: func() -> t`",
    ),
    (
        lambda p: p.accepted == {"COLON"} and p.after("PACKAGE", 2),
        "a package's name has a namespace: `package ns:name;`",
    ),
)


def hint(context: ErrorContext) -> str:
    """The first hint that fits, or an empty text."""
    return next((text for fits, text in _HINTS if fits(context)), "")
