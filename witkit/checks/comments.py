"""Comments as rules see them: which are documentation, which are for witkit, and which are above an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from witkit.syntax import nodes
from witkit.text.values import value

if TYPE_CHECKING:
    from witkit.checks.context import Context


@value(frozen=True, slots=True, eq=False)
class Commented:
    """An item with comments before it. Most items have none: rules about comments want these rather than items."""

    item: nodes.Item


DIRECTIVE: Final = re.compile(r"(?://+|/\*+)\s*witkit:\s*")
_NEARLY: Final = re.compile(r"(?://+|/\*+)\s*witkit\s*[:,;.-]?\s*(?:allow\b|fmt\s+o)", re.IGNORECASE)
"""What was meant to speak to witkit: `// Witkit: allow(…)`, `// witkit allow(…)`."""
_DOCUMENTS: Final = re.compile(r"///(?!/)|/\*\*(?![*/])")


def above(item: nodes.Item) -> list[nodes.Comment]:
    """The comments directly before an item that begin their lines: not those that end a line of what is before it."""
    comments = item.comments
    if not comments:
        return []
    first, last = comments[0].span, comments[-1].span
    if first.source.text.find("*/", first.start, last.start) >= 0:
        return [comment for comment in comments if comment.begins_line]
    # If no block comment ends, each comment after the first begins a line: a run can be long.
    return comments if comments[0].begins_line else comments[1:]


def may_document(comments: Sequence[nodes.Comment]) -> bool:
    """Whether there may be documentation in a run of comments: a cheap look before one at each."""
    if not comments:
        return False
    text, start, end = comments[0].span.source.text, comments[0].span.start, comments[-1].span.end
    return text.find("///", start, end) >= 0 or text.find("/**", start, end) >= 0


def has_documentation(context: Context) -> bool:
    """Whether there may be documentation in the file."""
    return may_document(context.file.comments)


def has_documentation_in_blocks(context: Context) -> bool:
    """Whether there may be a comment `/** */` in the file."""
    return "/**" in context.file.source.text


def is_documentation(comment: nodes.Comment) -> bool:
    """Whether a comment is written as documentation: `///` or `/**`, but not `////`, `/***` or `/**/`."""
    span = comment.span
    return _DOCUMENTS.match(span.source.text, span.start, span.end) is not None


def is_directive(comment: nodes.Comment) -> bool:
    """Whether a comment speaks to witkit, or was meant to: `// witkit: allow(…)`."""
    text, start, end = comment.span.source.text, comment.span.start, comment.span.end
    return (DIRECTIVE.match(text, start, end) or _NEARLY.match(text, start, end)) is not None


def has_capitals(tree: nodes.File) -> bool:
    """Whether there are capitals in a file outside of its comments: a cheap look before one at each name."""
    text, at, pieces = tree.source.text, 0, []
    for comment in tree.comments:
        pieces.append(text[at : comment.span.start])
        at = comment.span.end
    code = "".join((*pieces, text[at:]))
    return code != code.lower()


_MARGIN: Final = r"[^\S\n]*+(?:[/*][^\S\n]*+)*+"
"""Spaces, slashes and stars at an edge of a line. It gives nothing back: ten thousand of them are read once."""
_NOT_DOCUMENTATION: Final = {
    "a comment of Rust about what is around it": r"^!",
    "a licence": r"(?i:\b(?:copyright|licen[cs]ed under|SPDX-License-Identifier|(?:Apache|MIT|BSD) licen[cs]e)\b)",
    "a task": r"^\W*(?:TODO|FIXME|XXX|HACK)\b",
    "a dividing line": r"^[\s/*]*[-=*#~_+]{3,}|^[^\n]*(?<!/)(?:(?<![:\n])(?<!^)//|///)/*+\s*+$",
    "WIT that is commented out": rf"(?m:^{_MARGIN}(?:[%\w-]+\s*:\s*(?:\w+ )*func\s*\(.*|.*[\w>)}}]\s*[;{{]){_MARGIN}$)",
}
"""What a comment may be instead of documentation, and how to recognize that in its text without marks."""


_NO_SIGN: Final = re.compile(
    r"[/*]*+(?!\s*[-=#~_+])(?:[^!;{(/*TFXHcClLsS]++|T(?!ODO)|F(?!IXME)|X(?!XX)|H(?!ACK)"
    r"|[cC](?!(?i:opyright))|[lL](?!(?i:icen))|[sS](?!(?i:pdx)))*+"
)
"""A comment without any sign of being one of these, as most are: this look takes a tenth of the time."""


def something_else(comment: nodes.Comment) -> str | None:
    """What a comment is if its text does not read as documentation: `a licence`, `a task`; None if it may be."""
    span = comment.span
    if _NO_SIGN.fullmatch(span.source.text, span.start, span.end):
        return None
    text = comment.text.lstrip("/*")
    return next((kind for kind, pattern in _NOT_DOCUMENTATION.items() if re.search(pattern, text)), None)
