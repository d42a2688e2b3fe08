"""One statement as black lays it out: on one line of 88 columns if it fits, else broken at its brackets.

Statements are given on one line, with black's spaces and quotes. Known are the shapes that the templates make:

- whatever fits on the line and has no magic trailing comma;
- the head of a function whose parameters fit on lines of their own, or are unions of three types and more, and the
  result's type on the last one;
- `from module import names`;
- `Name: TypeAlias = A | B`, the alternatives being plain names;
- a call, tuple, list or dict that ends the statement, whether alone, returned, awaited or assigned. If its elements
  are too long they are such displays and calls again.

`NotKnown` is raised for everything else, also if a line would stay longer than 88 columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

WIDTH: Final = 88

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^"\'()\[\]{},\\#]+|[()\[\]{},]')
_NARROW: Final = re.compile(r"[ -~…]*\Z")
_COMMA_BEFORE_CLOSING: Final = re.compile(r",\s*[)\]}]")
_FUNCTION: Final = re.compile(r"(?:async )?def \w+\Z")
_UNION: Final = re.compile(r"(\w+: \w+) = ((?:\w+ \| )+\w+)\Z")
_KEY: Final = re.compile(r'\w+=|"[^"]*": ')
# What may precede brackets that are broken. A dot after brackets would be another place to break the line at.
_CALLEE: Final = re.compile(r'(?:(?:await )?[\w.]+(?:\["[^"]*"\])?)?\Z')
CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
"""Each opening bracket's other half."""


class NotKnown(Exception):
    """The statement has a shape that this module does not lay out."""


@dataclass(slots=True)
class _Brackets:
    """A pair of brackets and the elements between their commas."""

    opening: str
    elements: list[_Element]
    trailing_comma: bool
    after_name: bool
    inside: str = field(init=False)
    text: str = field(init=False)
    has_sign: bool = field(init=False)
    """Whether there is a magic trailing comma at any depth."""

    def __post_init__(self) -> None:
        self.inside = ", ".join(map(_text, self.elements)) + ("," if self.trailing_comma else "")
        self.text = f"{self.opening}{self.inside}{CLOSING[self.opening]}"
        self.has_sign = (self.trailing_comma and not self.is_one_tuple) or any(map(_has_sign, self.elements))

    @property
    def is_one_tuple(self) -> bool:
        """Whether the trailing comma makes a tuple of one element, which black takes for no sign."""
        return self.trailing_comma and len(self.elements) == 1 and self.opening == "(" and not self.after_name

    @property
    def must_explode(self) -> bool:
        """Whether black puts each element on a line of its own, also if all of them fit on one line."""
        if self.trailing_comma:
            return not self.is_one_tuple
        return len(self.elements) > 1 and not self.after_name


_Element: TypeAlias = list[str | _Brackets]


def broken(indent: int, statement: str) -> list[str]:
    """The lines of a statement that begins in column `indent`. Raises `NotKnown` as the module's docstring says."""
    fits = indent + len(statement) <= WIDTH and statement.isascii()
    if fits and _COMMA_BEFORE_CLOSING.search(statement) is None:
        return [" " * indent + statement]
    if not _NARROW.match(statement):
        # Black counts columns as a terminal shows them.
        raise NotKnown
    if statement.startswith("from ") and "(" not in statement:
        return list(_imports(indent, statement))
    if union := _UNION.match(statement):
        return list(_union(indent, *union.groups()))
    element = _parsed(statement)
    if not _has_sign(element) and indent + len(_text(element)) <= WIDTH:
        return [" " * indent + _text(element)]
    if isinstance(element[0], str) and _FUNCTION.match(element[0]):
        return list(_function(indent, element))
    return list(_statement(indent, *_assigned(element)))


def _imports(indent: int, statement: str) -> Iterator[str]:
    module, _, names = statement.partition(" import ")
    yield " " * indent + f"{module} import ("
    for name in names.split(", "):
        yield _fitting(indent + 4, f"{name},")
    yield " " * indent + ")"


def _union(indent: int, target: str, alternatives: str) -> Iterator[str]:
    yield _fitting(indent, f"{target} = (")
    yield from _alternatives(indent + 4, alternatives.split(" | "))
    yield " " * indent + ")"


def _alternatives(indent: int, names: list[str]) -> Iterator[str]:
    together = " | ".join(names)
    if _fits(indent, together):
        yield " " * indent + together
    else:
        yield _fitting(indent, names[0])
        yield from (_fitting(indent, f"| {name}") for name in names[1:])


def _function(indent: int, header: _Element) -> Iterator[str]:
    name, parameters, *rest = header
    if not isinstance(parameters, _Brackets):
        raise NotKnown
    if not parameters.elements:
        yield from _function_of_nothing(indent, f"{name}()", _text(rest))
        return
    # One parameter gets a comma; several get theirs when each has a line of its own.
    alone = len(parameters.elements) == 1
    inside = parameters.inside + ("," if alone and not parameters.trailing_comma else "")
    yield _fitting(indent, f"{name}(")
    if parameters.has_sign or indent + 4 + len(inside) > WIDTH:
        for parameter in parameters.elements:
            yield from _parameter(indent + 4, parameter)
    else:
        yield " " * (indent + 4) + inside
    yield _fitting(indent, f"){_text(rest)}")


def _parameter(indent: int, parameter: _Element) -> Iterator[str]:
    """A parameter on lines of its own; if it is too long, its annotation is a union of three types or more."""
    text = _text(parameter) + ","
    if _fits(indent, text):
        yield " " * indent + text
        return
    # A bar inside of brackets does not separate the types.
    pieces = "".join(part if isinstance(part, str) else "\0" for part in parameter).split(" | ")
    name, colon, pieces[0] = pieces[0].partition(": ")
    pieces[-1], equals, default = pieces[-1].partition(" = ")
    brackets = iter([part.text for part in parameter if not isinstance(part, str)])
    if len(pieces) < 3 or not colon or "\0" in name + default:
        raise NotKnown
    yield " " * indent + f"{name}: ("
    yield from _alternatives(indent + 4, [re.sub("\0", lambda _: next(brackets), piece) for piece in pieces])
    yield " " * indent + f"){equals}{default},"


def _function_of_nothing(indent: int, start: str, rest: str) -> Iterator[str]:
    """Without parameters, the type of the result is what is put in parentheses."""
    yield _fitting(indent, f"{start} -> (")
    yield _fitting(indent + 4, rest.removeprefix(" -> ").removesuffix(":"))
    yield " " * indent + "):"


def _statement(indent: int, target: _Element, value: _Element) -> Iterator[str]:
    """A value that does not fit: broken at its last brackets, if what is before them fits."""
    callee, brackets = _split(value)
    if not _CALLEE.match(_text(callee)):
        raise NotKnown
    start = _text([*target, *callee])
    if _fits(indent, start + brackets.opening):
        yield from _exploded(indent, start, brackets, "")
    elif not callee or _has_sign(value):
        raise NotKnown
    elif isinstance(subscript := callee[-1], _Brackets):
        yield _fitting(indent, _text([*target, *callee[:-1], "["]))
        yield " " * (indent + 4) + subscript.inside
        yield _fitting(indent, "]" + brackets.text)
    else:
        yield from _annotated(indent, target, value)


def _annotated(indent: int, target: _Element, value: _Element) -> Iterator[str]:
    """An assignment to a name with a long annotation: its value is put in parentheses, or the annotation is broken."""
    if len(target) < 2:
        raise NotKnown
    *name, annotation, equals = target
    if indent + len(_text(target)) < WIDTH:
        yield " " * indent + _text(target) + "("
        yield from _element(indent + 4, value, "")
        yield " " * indent + ")"
    elif isinstance(annotation, _Brackets) and equals == " = " and len(name) == 1:
        yield from _exploded(indent, _text(name), annotation, equals + _text(value))
    else:
        raise NotKnown


def _assigned(element: _Element) -> tuple[_Element, _Element]:
    """What precedes the value of a statement, and the value."""
    for place, part in enumerate(element):
        if isinstance(part, str):
            before, sign, after = part.rpartition("return " if part.startswith("return ") else " = ")
            if sign:
                return [*element[:place], before + sign], [*filter(None, [after]), *element[place + 1 :]]
    return [], element


def _exploded(indent: int, prefix: str, brackets: _Brackets, after: str) -> Iterator[str]:
    """Brackets that end a line (but for `after`) and do not fit on it, split at the last pair of them."""
    yield _fitting(indent, prefix + brackets.opening)
    inside, inner = brackets.inside, indent + 4
    together = not brackets.must_explode and not any(map(_has_sign, brackets.elements))
    if together and inner + len(inside) <= WIDTH:
        yield " " * inner + inside
    else:
        comma = "," if len(brackets.elements) > 1 or brackets.trailing_comma else ""
        for element in brackets.elements:
            yield from _element(inner, element, comma)
    yield _fitting(indent, CLOSING[brackets.opening] + after)


def _element(indent: int, element: _Element, comma: str) -> Iterator[str]:
    text = _text(element) + comma
    if not _has_sign(element) and indent + len(text) <= WIDTH:
        yield " " * indent + text
        return
    before, brackets = _split(element)
    start = _text(before)
    key = _KEY.match(start)
    if not _CALLEE.match(start, key.end() if key else 0):
        raise NotKnown
    yield from _exploded(indent, start, brackets, comma)


def _split(element: _Element) -> tuple[_Element, _Brackets]:
    """What precedes the last brackets, and these. Black does not break a line at empty ones."""
    *before, last = element
    if isinstance(last, str) or not last.elements:
        raise NotKnown
    return before, last


def _fitting(indent: int, line: str) -> str:
    if not _fits(indent, line):
        raise NotKnown
    return " " * indent + line


def _fits(indent: int, line: str) -> bool:
    return indent + len(line) <= WIDTH


def _has_sign(element: _Element) -> bool:
    return any(part.has_sign for part in element if not isinstance(part, str))


def _text(element: Sequence[str | _Brackets]) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in element)


def _parsed(statement: str) -> _Element:
    """The statement as text and brackets within brackets."""
    tokens = _TOKEN.findall(statement)
    if sum(map(len, tokens)) != len(statement):
        raise NotKnown
    elements, _ = _elements(iter(tokens), "")
    if len(elements) != 1:
        raise NotKnown
    return elements[0]


def _elements(tokens: Iterator[str], closing: str) -> tuple[list[_Element], bool]:
    """The parts between commas, up to `closing`, and whether a comma comes right before that."""
    elements: list[_Element] = []
    current: _Element = []
    for token in tokens:
        if token == closing:
            break
        if token == ",":
            elements.append(current)
            current = []
        elif token in CLOSING:
            before = current[-1] if current else ""
            called = not isinstance(before, str) or before[-1:].isalnum() or before[-1:] == "_"
            current.append(_Brackets(token, *_elements(tokens, CLOSING[token]), called))
        elif current or token.strip():
            current.append(token if current else token.lstrip())
    trailing_comma = bool(elements) and not current
    return (elements if trailing_comma else [*elements, current] if current else elements), trailing_comma
