"""What the rules about missing documentation have in common."""

from __future__ import annotations

from typing import Final

from witkit.checks.comments import above, is_directive, is_documentation, something_else
from witkit.checks.edits import replace
from witkit.checks.rule import Finding
from witkit.syntax import nodes
from witkit.text import Fix, Span

CLASSES_OF_TYPES = (nodes.Alias, nodes.Record, nodes.Variant, nodes.Enum, nodes.Flags, nodes.Resource)

_HELP: Final = "say what it is for in a comment `///` above it"


def undocumented(item: nodes.Item, place: Span) -> tuple[Finding, ...]:
    """A finding at `place`, the item's name, if there is no documentation above the item.

    The fix makes the comments `//` above the item documentation. There is none if one of them is something else.
    """
    message = f"`{place.text}` has no documentation"
    if not item.comments:
        return (Finding(place, message, _HELP),)
    comments = above(item)
    if any(map(is_documentation, comments)):
        return ()
    remarks = [comment for comment in comments if _is_line(comment) and not is_directive(comment)]
    if not remarks or any(map(something_else, remarks)):
        return (Finding(place, message, _HELP),)
    starts = (Span(each.span.source, each.span.start, each.span.start + 2) for each in remarks)
    fix = Fix("make the comment above it documentation", tuple(replace(start, "///") for start in starts))
    return (Finding(place, message, "write the comment above it with `///`", fix=fix),)


def _is_line(comment: nodes.Comment) -> bool:
    return comment.text.startswith("//") and not comment.text.startswith("///")
