"""Which comment belongs to what, for a rewriting that keeps every one of them.

The tree gives an item the comments before it. A comment behind an item on its line is meant for that item
though, and one inside a parameter list is nobody's: here both go to the item they are written at.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from witkit.syntax import nodes
from witkit.syntax.nodes import Comment


@dataclass(slots=True)
class Notes:
    """Comments of one element: its documentation, and what stands behind it before the next one."""

    docs: list[Comment] = field(default_factory=list)
    after: list[Comment] = field(default_factory=list)


class Comments:
    """The comments of one interface file, sorted to the elements of its tree and to the interface itself."""

    def __init__(self, file: nodes.File, items: list[nodes.InterfaceItem]) -> None:
        self._text = file.source.text
        self.interface: list[Comment] = []
        self._elements = sorted(_elements(items), key=lambda e: e.span.start)
        self._notes = {id(e): Notes() for e in self._elements}
        for comment in file.comments:
            self._place(comment)
        self._take_interface_docs(items)

    def of(self, element: nodes.Item) -> Notes:
        return self._notes[id(element)]

    def _place(self, comment: Comment) -> None:
        start = comment.span.start
        before = [e for e in self._elements if e.span.start < start]
        next_element = next((e for e in self._elements if e.span.start > start), None)
        owner = before[-1] if before else None
        if owner is not None and (self._is_behind(comment) or _inside_leaf(owner, start)):
            self._notes[id(owner)].docs.append(comment)
        elif next_element is not None and any(c is comment for c in next_element.comments):
            self._notes[id(next_element)].docs.append(comment)
        elif owner is not None:
            self._notes[id(owner)].after.append(comment)
        else:
            self.interface.append(comment)

    def _is_behind(self, comment: Comment) -> bool:
        """Whether something stands before the comment on its line."""
        line_start = self._text.rfind("\n", 0, comment.span.start) + 1
        return bool(self._text[line_start : comment.span.start].strip())

    def _take_interface_docs(self, items: list[nodes.InterfaceItem]) -> None:
        """Comments on a `use` speak of the whole file, and so do those that a blank line parts from the first item."""
        for item in items:
            if isinstance(item, nodes.Use):
                self.interface += self._notes[id(item)].docs
                self._notes[id(item)].docs = []
        if not items or isinstance(items[0], nodes.Use):
            return
        docs = self._notes[id(items[0])].docs
        if not docs:
            return
        ends = [c.span.end for c in docs]
        starts = [*(c.span.start for c in docs[1:]), items[0].span.start]
        gaps = [i for i, (end, start) in enumerate(zip(ends, starts, strict=True)) if _is_gap(self._text[end:start])]
        if gaps:
            self.interface += docs[: gaps[-1] + 1]
            self._notes[id(items[0])].docs = docs[gaps[-1] + 1 :]


def _is_gap(between: str) -> bool:
    return between.count("\n") > 1


def _inside_leaf(element: nodes.Item, at: int) -> bool:
    """Whether a place is inside an element that has no elements of its own, such as a function."""
    leaf = isinstance(element, nodes.Function | nodes.Alias | nodes.Field | nodes.Case | nodes.Use)
    return leaf and element.span.start < at < element.span.end


def _elements(items: Iterable[nodes.Item]) -> Iterator[nodes.Item]:
    """Everything that can have documentation, in source order."""
    for item in items:
        yield item
        match item:
            case nodes.Record(fields=inner):
                yield from inner
            case nodes.Variant(cases=inner) | nodes.Enum(cases=inner) | nodes.Flags(flags=inner):
                yield from inner
            case nodes.Resource(functions=inner):
                yield from inner
            case _:
                pass


def as_docs(comments: Iterable[Comment], mark: str = "///") -> list[str]:
    """Comments as lines of documentation, each with its mark; a blank line between two of them stays one."""
    lines: list[str] = []
    before: Comment | None = None
    for comment in comments:
        text = comment.span.source.text
        if before is not None and _is_gap(text[before.span.end : comment.span.start]):
            lines.append(mark)
        lines += [f"{mark} {line}".rstrip() for line in _lines(comment.text)]
        before = comment
    return lines


def _lines(text: str) -> list[str]:
    if not text.startswith("/*"):
        return [re.sub(r"^/+ ?", "", text).rstrip()]
    first, *rest = re.sub(r"^/\*+|\*+/$", "", text).expandtabs(4).split("\n")
    lines = [first.strip(), *textwrap.dedent("\n".join(rest)).split("\n")]
    lines = [re.sub(r"^\s*\* ?", "", line).rstrip() for line in lines]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return lines
