"""What documentation says: its text in place, without comment marks, and that text without code."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from witkit.checks.comments import above, is_documentation, may_document
from witkit.checks.edits import line_end
from witkit.syntax import nodes
from witkit.text import Edit, Source, Span
from witkit.text.values import value

_FENCED: Final = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(
    r"(?<!`)(?:`(?!`)(?P<code>(?:[^`\n]++|\n(?![ \t]*\n))++)`(?!`)"
    r"|(`{2,})(?!`)(?:(?!\n[ \t]*\n).){1,1000}?(?<!`)\2(?!`))",
    re.DOTALL,
)
"""Code in a line. The limit keeps texts with many loose backticks cheap."""
_PLACEHOLDER: Final = re.compile(
    r"\s*((?:todo|fixme|tbd|tk|xxx|fill in|document (?:me|this)|short (?:interface|world|package) description)\b\W*?"
    r"|\.{3}|…)"
    r"\s*(?:\n[ \t]*\n.*|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_STAR: Final = re.compile(r"(?<=\n)([ \t]*)\*(?!/)")


@value(frozen=True, eq=False)
class Documentation:
    """The documentation above `item`. `text` is as long as the stretch of the file that begins at `start`.

    Everything but the words is blank in it: the marks of comments, and comments that are not documentation.
    """

    item: nodes.Item
    source: Source
    start: int
    text: str

    def span(self, start: int, end: int) -> Span:
        """The place in the file of a stretch of `text`."""
        return Span(self.source, self.start + start, self.start + end)

    @cached_property
    def prose(self) -> str:
        """`text` with blanks instead of code."""
        return _INLINE.sub(_blanks, self.without_blocks) if "`" in self.text else self.without_blocks

    @cached_property
    def without_blocks(self) -> str:
        """`text` with blanks instead of blocks of code between fences."""
        return _FENCED.sub(_blanks, self.text) if "```" in self.text or "~~~" in self.text else self.text

    @cached_property
    def placeholder(self) -> re.Match[str] | None:
        """The first paragraph, as group 1, if it is not documentation yet: `TODO`, or text of a template."""
        return _PLACEHOLDER.fullmatch(self.text)

    def code(self) -> Iterator[tuple[str, Span]]:
        """Each piece of code in the text that is in single backticks, with its place."""
        for found in _INLINE.finditer(self.without_blocks) if "`" in self.text else ():
            if found["code"] is not None:
                yield found["code"], self.span(*found.span("code"))


def documentation(item: nodes.Item) -> Documentation | None:
    """The documentation above an item, written as such; None if there is none."""
    comments = above(item) if may_document(item.comments) else ()
    comments = [comment for comment in comments if is_documentation(comment)]
    if not comments:
        return None
    source, start = comments[0].span.source, comments[0].span.start
    pieces, at = [], start
    for comment in comments:
        between = source.text[at : comment.span.start]
        pieces += [between if between.isspace() else _blank(between), _words(comment)]
        at = comment.span.end
    return Documentation(item, source, start, "".join(pieces))


def _words(comment: nodes.Comment) -> str:
    text = comment.text
    if not comment.is_block:
        return "   " + text[3:]
    return "   " + (_STAR.sub(r"\1 ", text) if has_stars(comment) else text)[3:-2] + "  "


def has_stars(comment: nodes.Comment) -> bool:
    """Whether each line of a block comment but the first begins with a star."""
    lines = [line.lstrip() for line in comment.text.split("\n")[1:]]
    return bool(lines) and all(line.startswith("*") for line in lines if line)


def as_lines(comment: nodes.Comment) -> Edit | None:
    """Write a block comment as lines `///`, indented like it; None if something is before it in its line.

    What comes after it in its line goes to the next one.
    """
    whole, start, end = comment.span.source.text, comment.span.start, comment.span.end
    indent = whole[whole.rfind("\n", 0, start) + 1 : start]
    if indent.strip():
        return None
    between = line_end(whole) + indent
    text = between.join(f"/// {line}".rstrip() for line in _lines(comment))
    next_line = whole.find("\n", end)
    rest = whole[end : next_line if next_line >= 0 else len(whole)]
    if rest.strip():
        text, end = text + between, end + len(rest) - len(rest.lstrip())
    return Edit(Span(comment.span.source, start, end), text)


def _lines(comment: nodes.Comment) -> list[str]:
    """The lines of a block comment without marks and their common indent."""
    words = comment.text[3:-2]
    first, *others = (_STAR.sub(r"\1 ", words) if has_stars(comment) else words).splitlines() or [""]
    lines = [first.strip(), *(line.rstrip() for line in textwrap.dedent("\n".join(others)).split("\n"))]
    return "\n".join(lines).strip("\n").split("\n")


def _blanks(found: re.Match[str]) -> str:
    return _blank(found[0])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
