"""Read TOML, and where its keys, tables, values and syntax errors are: tomllib does not keep positions.

A path is what leads to a value from the whole document: names of keys, and indexes into arrays. `("orders", 1, "id")`
is the key `id` of the second `[[orders]]`, or of the second table in `orders = [{…}, {id = 3}]`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from ast import literal_eval
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

from witkit.text.source import Source, Span
from witkit.text.values import value

Path: TypeAlias = tuple[str | int, ...]
_Range: TypeAlias = tuple[int, int]

_NAMED: Final = re.compile(r"""\((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|, ?)+\)""")
"""A path in a message of tomllib: the tuple of its names."""

_POSITION: Final = re.compile(r" ?\(at line (\d+), column (\d+)\)$")
_TOKEN: Final = re.compile(
    r'"""(?:\\.|(?!""").)*"{3,5}'
    r"|'''(?:(?!''').)*'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'"
    r"|#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,.#\"']+",
    re.DOTALL,
)
_DEEPEST: Final = 100
_DIGITS: Final = re.compile(r"[0-9_]+")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


@value(frozen=True)
class TomlPlaces:
    """The places in a valid TOML text, which is only read when the first one is asked for."""

    text: str = field(repr=False)

    def of(self, source: Source, path: Path) -> Span | None:
        """The place of a key, or of the header of a table, or of an element of an array; None if it is not there.

        `source` is what messages show: this text, perhaps with characters covered.
        """
        found = self._walk.keys.get(path) or self._walk.values.get(path)
        return source.span(*found) if found else None

    def of_value(self, source: Source, path: Path) -> Span | None:
        """The place of a value after `=` or in an array; None if it is not there."""
        found = self._walk.values.get(path)
        return source.span(*found) if found else None

    @cached_property
    def _walk(self) -> _Walk:
        walk = _Walk()
        for found in _TOKEN.finditer(self.text):
            if not found[0].startswith("#"):
                walk.step(found[0], *found.span())
        return walk


def loads(text: str) -> dict[str, Any]:
    """The document of a text.

    Raises TOMLDecodeError also if it is nested so deeply that recursion would fail, or if a number is too long for
    `int`.
    """
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise _too_deep() from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise _too_long(text) from None
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        level = [
            below
            for each in level
            for below in (each.values() if isinstance(each, dict) else each)
            if isinstance(below, dict | list)
        ]
    if level:
        raise _too_deep()
    return document


def _too_long(text: str) -> tomllib.TOMLDecodeError:
    """The error for the first number with more digits than `int` reads, with its place as tomllib writes it."""
    most = sys.get_int_max_str_digits()
    at = next((found.start() for found in _DIGITS.finditer(text) if len(found[0]) > most), 0)
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return tomllib.TOMLDecodeError(f"A number has more than {most} digits (at line {line}, column {column})")


def _too_deep() -> tomllib.TOMLDecodeError:
    return tomllib.TOMLDecodeError(f"It is nested more than {_DEEPEST} deep")


def dotted(path: Path) -> str:
    """A path as the header of a table has it: `key-value.names."my shop"`."""
    return ".".join(name if _BARE.fullmatch(name) else f'"{name}"' for name in path if isinstance(name, str))


def syntax_error(source: Source, message: str) -> tuple[str, Span]:
    """The reason in a message of tomllib, beginning in lower case, and the place that the message names.

    The place is empty if it is the end of the text.
    """
    at = _POSITION.search(message)
    reason = message[: at.start()] if at else message
    end = len(source.text)
    start = end
    if at:
        starts = source.line_starts
        start = min(starts[min(int(at[1]), len(starts)) - 1] + int(at[2]) - 1, end)
    named = _NAMED.sub(lambda found: f"`{dotted(literal_eval(found[0]))}`", reason)
    return f"{named[:1].lower()}{named[1:]}", source.span(start, min(start + 1, end))


@dataclass(slots=True)
class _Walk:
    """One pass over the tokens.

    `table` is what the next key is in, `names` are those of the key or header so far. `value` is the path of the value
    that is being read, or None while a key is. `open` has the brackets around it, each with its start, the path of its
    value, and the table before it. `header` is the start of the header that is being read.
    """

    keys: dict[Path, _Range] = field(default_factory=dict)
    values: dict[Path, _Range] = field(default_factory=dict)
    table: Path = ()
    names: list[tuple[str, _Range]] = field(default_factory=list)
    value: Path | None = None
    open: list[tuple[str, int, Path, Path]] = field(default_factory=list)
    header: int | None = None
    is_array: bool = False
    lengths: dict[Path, int] = field(default_factory=dict)

    def step(self, token: str, start: int, end: int) -> None:
        """Go on with the next token, which is not a comment."""
        if token == "\n":
            if not self.open:
                self.names, self.value, self.header = [], None, None
        elif self.header is not None:
            self._in_header(token, start, end)
        elif self.value is None:
            self._in_key(token, start, end)
        else:
            self._in_value(self.value, token, start, end)

    def _in_header(self, token: str, start: int, end: int) -> None:
        assert self.header is not None
        if token == "[":
            self.is_array = True
        elif token == "]" and self.names:
            self._headed((self.header, end + self.is_array))
        elif token not in (".", "]"):
            self.names.append((_name(token), (start, end)))

    def _headed(self, place: _Range) -> None:
        """The header at this place is complete."""
        path: Path = ()
        for number, (name, _) in enumerate(self.names, 1):
            path = (*path, name)
            if number == len(self.names) and self.is_array:
                self.keys.setdefault(path, place)
                self.lengths[path] = self.lengths.get(path, 0) + 1
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
            self.keys.setdefault(path, place)
        self.keys[path] = place
        self.table, self.names = path, []

    def _in_key(self, token: str, start: int, end: int) -> None:
        if token == "[" and not self.open:
            self.header, self.is_array = start, False
        elif token == "=":
            path = self.table
            for name, place in self.names:
                path = (*path, name)
                self.keys.setdefault(path, place)
            self.value, self.names = path, []
        elif token == "}":
            self._close(end)
        elif token not in (".", ","):
            self.names.append((_name(token), (start, end)))

    def _in_value(self, path: Path, token: str, start: int, end: int) -> None:
        if token in ("[", "{"):
            self.open.append((token, start, path, self.table))
            self.table = path
            self.value = (*path, 0) if token == "[" else None
        elif token in ("]", "}"):
            self._close(end)
        elif token == ",":
            self._next()
        else:  # a number with a dot and a date with a space have several tokens
            self.values[path] = self.values.get(path, (start, end))[0], end

    def _next(self) -> None:
        """The next element of an array, or the next key of an inline table."""
        if self.open and self.open[-1][0] == "[" and self.value:
            *_, last = self.value
            assert isinstance(last, int)
            self.value = (*self.value[:-1], last + 1)
        else:
            self.value = None

    def _close(self, end: int) -> None:
        if self.open:
            _, start, self.value, self.table = self.open.pop()
            self.values[self.value] = start, end


def _name(token: str) -> str:
    """The name that a part of a key means."""
    if token[0] not in "\"'":
        return token
    return str(tomllib.loads(f"name = {token}")["name"])
