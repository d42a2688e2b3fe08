"""Which node each comment belongs to: found in one pass over the tree, when somebody asks.

This is about what a reader sees. What wasm-tools takes for documentation is another thing: the run of comments
before an item's first token (`Item.comments`), which a comment at the end of the line before can begin.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from witkit.syntax.nodes import Comment, File, Leaf, Node
from witkit.syntax.walk import Placed, placed

_CLOSING = frozenset("})>")
_AFTER_ITEM = frozenset({"", ",", ";"})


class Position(StrEnum):
    """Where a comment is, seen from the node that it belongs to.

    - leading: before the node's first token;
    - trailing: after its last token, or after the `,` or `;` after that, on the same line;
    - dangling: inside the node, with no other node after it: in an empty block, or before the closing bracket.
    """

    LEADING = "leading"
    TRAILING = "trailing"
    DANGLING = "dangling"


@dataclass(slots=True)
class Owned:
    """The comments of one node, each list in the order of the text."""

    leading: list[Comment] = field(default_factory=list)
    trailing: list[Comment] = field(default_factory=list)
    dangling: list[Comment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Attached:
    """A comment and what it belongs to."""

    comment: Comment
    node: Node
    position: Position


class Comments:
    """The comments of one file, each attached to exactly one node of its tree; iterating goes by the order of the text.

    The comments are those of `File.comments`, the very objects.
    """

    def __init__(self, file: File) -> None:
        self._attached = sorted(_attach(file), key=lambda each: each.comment.span.start)
        known = {comment.span.start: comment for comment in file.comments}
        self._attached = [
            Attached(known.get(each.comment.span.start, each.comment), each.node, each.position)
            for each in self._attached
        ]
        self._by_node: dict[int, Owned] = {}
        for each in self._attached:
            owned = self._by_node.setdefault(id(each.node), Owned())
            getattr(owned, each.position).append(each.comment)

    def __iter__(self) -> Iterator[Attached]:
        return iter(self._attached)

    def of(self, node: Node) -> Owned:
        """The comments of a node; empty lists if it has none."""
        return self._by_node.get(id(node), _NOTHING)


_NOTHING = Owned()


def _attach(file: File) -> Iterator[Attached]:
    """Every comment of a file, node by node; nodes without a comment inside are passed over."""
    starts = [comment.span.start for comment in file.comments]
    stack: list[tuple[Node, int, int]] = [(file, 0, len(file.source.text))] if starts else []
    while stack:
        node, start, end = stack.pop()
        inside = list(placed(node, start, end))
        yield from _attach_in(node, inside, file.source.text)
        for element, first, last in inside:
            if not isinstance(element, Leaf | Comment) and bisect_left(starts, first) < bisect_left(starts, last):
                stack.append((element, first, last))


def _attach_in(node: Node, inside: list[Placed], text: str) -> Iterator[Attached]:
    """The comments between the elements of one node."""
    before: Node | None = None
    separator, at = "", 0
    run: list[Comment] = []
    waiting: list[Comment] = []
    for element, start, end in inside:
        if isinstance(element, Comment):
            run.append(element)
            continue
        if start == end:
            continue  # a name that the text lacks
        following = None if isinstance(element, Leaf) else start
        trailing = _trailing(run, text, at, following) if before is not None and separator in _AFTER_ITEM else 0
        yield from _each(run[:trailing], before, Position.TRAILING)
        waiting, run, at = waiting + run[trailing:], [], end
        if not isinstance(element, Leaf):
            yield from _each(waiting, element, Position.LEADING)
            before, separator, waiting = element, "", []
            continue
        separator += text[start:end]
        if text[start:end] in _CLOSING:
            yield from _each(waiting, node, Position.DANGLING)
            waiting = []
    trailing = _trailing(run, text, at, None) if before is not None and separator in _AFTER_ITEM else 0
    yield from _each(run[:trailing], before, Position.TRAILING)
    yield from _each(waiting + run[trailing:], node, Position.DANGLING)


def _each(comments: list[Comment], node: Node | None, position: Position) -> Iterator[Attached]:
    return (Attached(comment, node, position) for comment in comments if node is not None)


def _trailing(run: list[Comment], text: str, at: int, following: int | None) -> int:
    """How many comments of a run trail what ends at `at`: those on its line, unless the next node is there as well."""
    for number, comment in enumerate(run):
        if "\n" in text[at : comment.span.start]:
            return number
        at = comment.span.end
    return 0 if following is not None and "\n" not in text[at:following] else len(run)
