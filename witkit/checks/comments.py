"""Comments as rules see them: which are documentation, which are for witkit, and which are above an item."""

from __future__ import annotations

import re
from typing import Final

from witkit.syntax import nodes

DIRECTIVE: Final = re.compile(r"(?://+|/\*+)\s*witkit:\s*")
_DOCUMENTS: Final = re.compile(r"///(?!/)|/\*\*(?![*/])")


def above(item: nodes.Item) -> list[nodes.Comment]:
    """The comments directly before an item that begin their lines: not those that end a line of what is before it."""
    return [comment for comment in item.comments if comment.begins_line]


def is_documentation(comment: nodes.Comment) -> bool:
    """Whether a comment is written as documentation: `///` or `/**`, but not `////`, `/***` or `/**/`."""
    return _DOCUMENTS.match(comment.text) is not None


def is_directive(comment: nodes.Comment) -> bool:
    """Whether a comment speaks to witkit: `// witkit: allow(…)`."""
    return DIRECTIVE.match(comment.text) is not None


def is_documented(item: nodes.Item) -> bool:
    """Whether there is documentation above an item, written as such."""
    return any(map(is_documentation, above(item)))
