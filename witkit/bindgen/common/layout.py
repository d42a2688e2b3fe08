"""Generated modules laid out as black lays them out, without black, which would take most of the time.

Black defines the layout, and the tests hold this module to it. What is laid out here is the text of witkit's own
templates: one statement a line, or begun on a line that ends with an opening bracket; black's spaces, quotes and
indentation; docstrings as `witkit.bindgen.common.docs` writes them; blank lines that are only too many. Statements are
broken by `breaking`. A definition with a statement that it does not know goes to black, alone: how a definition of a
module is laid out does not depend on the others. So does a whole module that has directives for black in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from witkit.bindgen.common.breaking import CLOSING, NotKnown, broken

_FOR_BLACK: Final = re.compile(r"# *(?:fmt|yapf|type) *:|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""Comments that black obeys, and characters at which it may end a line."""
_QUOTES: Final = ('"""', 'r"""')


def lay_out(text: str, black: Callable[[str], str]) -> str:
    """The module `text`, made by witkit's own templates, as `black` formats it; `black` is given what is not known."""
    if _FOR_BLACK.search(text):
        return black(text)
    lines: list[str] = []
    most = 0
    for definition in _definitions(text):
        lines += [""] * min(definition.blank, 2 if definition.is_class_or_function else most)
        most = 1 if definition.is_import else 2
        try:
            lines += definition.laid_out()
        except NotKnown:
            lines += black(definition.source()).rstrip("\n").split("\n")
    return "\n".join(lines) + "\n"


@dataclass(slots=True)
class _Statement:
    """A comment, a string or code, as its template made it; `blank` lines precede it."""

    lines: list[str]
    blank: int
    is_code: bool

    @property
    def indent(self) -> int:
        return len(self.lines[0]) - len(self.lines[0].lstrip())

    def laid_out(self) -> list[str]:
        return broken(self.indent, _joined(self.lines)) if self.is_code else self.lines


@dataclass(slots=True)
class _Definition:
    """A statement of the module with its decorators and all that is indented below it."""

    statements: list[_Statement]

    @property
    def blank(self) -> int:
        return self.statements[0].blank

    @property
    def is_import(self) -> bool:
        return self.statements[0].lines[0].startswith(("import ", "from "))

    @property
    def is_class_or_function(self) -> bool:
        return self.statements[0].lines[0].startswith(("class ", "def ", "async def ", "@"))

    def source(self) -> str:
        lines: list[str] = []
        for statement in self.statements:
            lines += [*[""] * (statement.blank if lines else 0), *statement.lines]
        return "\n".join(lines) + "\n"

    def laid_out(self) -> list[str]:
        lines: list[str] = []
        for statement in self.statements:
            lines += [*[""] * min(statement.blank, 1 if lines else 0), *statement.laid_out()]
        return lines


def _definitions(text: str) -> Iterator[_Definition]:
    current: list[_Statement] = []
    decorated = False
    for statement in _statements(iter(text.split("\n"))):
        if statement.indent == 0:
            if current and not decorated:
                yield _Definition(current)
                current = []
            decorated = statement.lines[0].startswith("@")
        current.append(statement)
    if current:
        yield _Definition(current)


def _statements(lines: Iterator[str]) -> Iterator[_Statement]:
    blank = 0
    for line in lines:
        start = line.lstrip()
        if not start:
            blank += 1
            continue
        is_string, is_comment = start.startswith(_QUOTES), start.startswith("#")
        found = [line]
        if is_string and (start in _QUOTES or not start.endswith('"""')):
            found += _until('"""', lines)
        elif not is_string and not is_comment and start[-1] in CLOSING:
            found += _until(CLOSING[start[-1]], lines, line[: -len(start)])
        yield _Statement(found, blank, not is_string and not is_comment)
        blank = 0


def _until(end: str, lines: Iterator[str], indent: str | None = None) -> Iterator[str]:
    """The lines as far as one that is `end`, or that begins with it after `indent`."""
    for line in lines:
        yield line
        if line.strip() == end if indent is None else line.startswith(indent + end):
            return


def _joined(lines: list[str]) -> str:
    """A statement on one line."""
    joined, *others = map(str.strip, lines)
    for line in others:
        space = "" if joined[-1] in CLOSING or line[:1] in CLOSING.values() else " "
        joined += space + line
    return joined
