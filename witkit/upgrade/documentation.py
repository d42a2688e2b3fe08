"""The comments of a file of 2022, as today's WIT has them.

Every comment before an item was its documentation then. Today only `///` and `/** */` are meant to be, so these become
that; what is anywhere else stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from witkit.syntax import nodes
from witkit.syntax.comments import Comments, Position
from witkit.syntax.nodes import Comment
from witkit.text import Source
from witkit.upgrade.legacy import Legacy


class FileComments:
    """The comments of one file. `head` are those at its start that are about the whole file: its interface."""

    def __init__(self, legacy: Legacy) -> None:
        self.head = _head(legacy)
        self._docs = {
            each.comment.span.start
            for each in Comments(legacy.file)
            if each.position is Position.LEADING and isinstance(each.node, nodes.Item)
            if not isinstance(each.node, nodes.Parameter)
        }

    def text(self, comment: Comment) -> str:
        """A comment as it is written today."""
        text = comment.text
        if comment.span.start in self._docs and not text.startswith(("///", "/**")):
            return f"{text[:2]}{text[1]}{text[2:]}"
        return text

    def today(self, comments: Sequence[Comment]) -> list[Comment]:
        """The comments with their text of today, which no file has."""
        texts = [Source(comment.span.source.name, self.text(comment)) for comment in comments]
        return [Comment(source.span(0, len(source.text))) for source in texts]


def _head(legacy: Legacy) -> Sequence[Comment]:
    """The comments before a `use` that begins the file, or those that a blank line parts from the first item."""
    if not legacy.items:
        return ()
    first = legacy.items[0]
    comments, text = first.comments, legacy.file.source.text
    if isinstance(first, nodes.Use):
        return comments
    following = [*(comment.span.start for comment in comments[1:]), first.span.start]
    for number in reversed(range(len(comments))):
        if text.count("\n", comments[number].span.end, following[number]) > 1:
            return comments[: number + 1]
    return ()
