"""A tree as text: that which it was made from, byte for byte, or with other text for some of its nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from witkit.syntax.nodes import Comment, Leaf, Node
from witkit.syntax.walk import Placed, placed


def printed(node: Node, replacement: Callable[[Node], str | None] = lambda _: None) -> str:
    """The text of a node: its tokens and comments with the blanks between them, as they were written.

    `replacement` is asked about every node, the outermost first, and gives the text to write in place of the whole
    node; or None, if the node is to be written as it is. Comments before and after the node stay.
    """
    text, span = node.span.source.text, node.span
    parts: list[str] = []
    at = span.start
    stack: list[Iterator[Placed]] = [iter([(node, span.start, span.end)])]
    while stack:
        for element, start, end in stack[-1]:
            other = element.text if isinstance(element, Leaf | Comment) else replacement(element)
            if other is None:
                stack.append(placed(element, start, end))  # type: ignore[arg-type]  # a leaf has a text
                break
            parts += [text[at:start], other]
            at = end
        else:
            stack.pop()
    return "".join([*parts, text[at : span.end]])
