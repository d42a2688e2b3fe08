"""`// witkit: fmt off` and `// witkit: fmt on`: stretches of a file that are left as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from witkit.syntax.nodes import Comment, File, Leaf, Node
from witkit.syntax.walk import between

_DIRECTIVE: Final = re.compile(r"//\s*witkit:\s*fmt\s+(on|off)\s*")


def directive(comment: Comment) -> str | None:
    """`on` or `off` if a comment is such a directive, else None. Only those on lines of their own count."""
    found = _DIRECTIVE.fullmatch(comment.text) if comment.begins_line else None
    return found[1] if found else None


def _is_before_separator(comment: Comment) -> bool:
    """Whether a comment is between a member and the comma or semicolon after it."""
    source, start = comment.span.source, comment.span.end
    following = (each for each, _, _ in between(source, start, len(source.text)) if isinstance(each, Leaf))
    return (token := next(following, None)) is not None and token.text in (",", ";")


class Directives:
    """The directives of a file. Only those between the members of a block count.

    `idle` are those that have had no effect so far.
    """

    def __init__(self, file: File) -> None:
        self.idle: dict[int, Comment] = {}
        self._off: list[Comment] = []
        self._on: list[Comment] = []
        if "witkit:" not in file.source.text:
            return
        for comment in file.comments:
            if (found := directive(comment)) is not None:
                (self._on if found == "on" else self._off).append(comment)
                self.idle[comment.span.start] = comment

    def within(self, at: int, until: int, members: Sequence[Node], end: int) -> tuple[int, int] | None:
        """The stretch that begins between `at` and `until`, and ends where it is closed among the members of the same
        block, or else with the block, which is at `end`; None if none begins there."""
        if not self._off:
            return None
        found = (comment for comment in self._off if at <= comment.span.start < until)
        off = next((comment.span.start for comment in found if not _is_before_separator(comment)), None)
        if off is None:
            return None
        self.idle.pop(off, None)
        for comment in self._on:
            start = comment.span.start
            inside = any(member.span.start < start < member.span.end for member in members)
            if off < start < end and not inside and not _is_before_separator(comment):
                self.idle.pop(start, None)
                return off, comment.span.end
        return off, end
