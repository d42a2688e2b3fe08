"""Which node each comment belongs to: found in one pass over the tree, when somebody asks.

This is about what a reader sees. What wasm-tools takes for documentation is another thing: the run of comments
before an item's first token (`Item.comments`), which a comment at the end of the line before can begin.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from witkit.syntax.nodes import Comment, File, Node
from witkit.syntax.walk import between, placed_children
from witkit.text.values import value

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


@value(frozen=True, slots=True)
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

    @cached_property
    def _by_node(self) -> dict[int, Owned]:
        found: defaultdict[int, Owned] = defaultdict(Owned)
        for each in self._attached:
            getattr(found[id(each.node)], each.position).append(each.comment)
        return found

    def __iter__(self) -> Iterator[Attached]:
        return iter(self._attached)

    def of(self, node: Node) -> Owned:
        """The comments of a node; empty lists if it has none."""
        return self._by_node.get(id(node), _NOTHING)


_NOTHING = Owned()


def _attach(file: File) -> Iterator[Attached]:
    """Every comment of a file, node by node; nodes without a comment inside are passed over, and so are gaps."""
    comments = {comment.span.start: comment for comment in file.comments}
    starts = list(comments)
    stack: list[tuple[Node, int, int]] = [(file, 0, len(file.source.text))] if starts else []
    while stack:
        node, start, end = stack.pop()
        number = bisect_left(starts, start)
        before, at = None, start
        for child, first, last in placed_children(node, start, end):
            if first == last:
                continue  # a name that the text lacks
            if number < len(starts) and starts[number] < first:
                yield from _attach_in(_Gap(node, before, child, at, first), comments)
                number = bisect_left(starts, first, number)
            if number < len(starts) and starts[number] < last:
                stack.append((child, first, last))
                number = bisect_left(starts, last, number)
            before, at = child, last
        if number < len(starts) and starts[number] < end:
            yield from _attach_in(_Gap(node, before, None, at, end), comments)


class _Gap(NamedTuple):
    """A stretch of a node between two of its children, `before` and `after` it, if there are such."""

    node: Node
    before: Node | None
    after: Node | None
    start: int
    end: int


def _attach_in(gap: _Gap, known: Mapping[int, Comment]) -> Iterator[Attached]:
    """The comments of one gap."""
    node, before, after, at, end = gap
    source = node.span.source
    separator = ""
    run: list[Comment] = []
    waiting: list[Comment] = []
    for element, start, last in between(source, at, end):
        if isinstance(element, Comment):
            run.append(known.get(start, element))
            continue
        trailing = _trailing(run, source.text, at, None) if before is not None and separator in _AFTER_ITEM else 0
        yield from _each(run[:trailing], before, Position.TRAILING)
        waiting, run, at = waiting + run[trailing:], [], last
        separator += source.text[start:last]
        if source.text[start:last] in _CLOSING:
            yield from _each(waiting, node, Position.DANGLING)
            waiting = []
    following = None if after is None else end
    trailing = _trailing(run, source.text, at, following) if before is not None and separator in _AFTER_ITEM else 0
    yield from _each(run[:trailing], before, Position.TRAILING)
    rest = waiting + run[trailing:]
    yield from _each(rest, node, Position.DANGLING) if after is None else _each(rest, after, Position.LEADING)


def _each(comments: list[Comment], node: Node | None, position: Position) -> Iterator[Attached]:
    return (Attached(comment, node, position) for comment in comments if node is not None)


def _trailing(run: list[Comment], text: str, at: int, following: int | None) -> int:
    """How many comments of a run trail what ends at `at`: those on its line, unless the next node is there as well."""
    for number, comment in enumerate(run):
        if "\n" in text[at : comment.span.start]:
            return number
        at = comment.span.end
    return 0 if following is not None and "\n" not in text[at:following] else len(run)
