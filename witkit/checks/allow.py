"""`// witkit: allow(rule[, rule]): reason`: findings that somebody has looked at and wants to keep.

At the end of a line, the comment allows what begins in this line. On a line of its own, it allows what is in the item
below it. `allow-file` allows something in all of its file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from witkit.checks.comments import DIRECTIVE, begins_its_line
from witkit.checks.rule import Rule
from witkit.syntax import nodes
from witkit.syntax.walk import walk
from witkit.text import Diagnostic, Span

_ALLOW = re.compile(r"(allow|allow-file)\(([^()]*)\)\s*(?::.*)?\s*(?:\*/)?\s*$", re.DOTALL)
_FORMATTER = re.compile(r"fmt\b")
_NAME = re.compile(r"[^\s,]+")


@dataclass(slots=True, eq=False)
class Allow:
    """One such comment: the places of the names in it, and the stretch where it allows them.

    `names` is empty for a comment that cannot be understood. `unknown` and `unused` are those of the names that stand
    for no rule, and those of rules that ran and found nothing to allow.
    """

    comment: nodes.Comment
    names: tuple[Span, ...]
    reach: Span
    unknown: list[Span] = field(default_factory=list)
    unused: list[Span] = field(default_factory=list)

    def allows(self, found: Diagnostic) -> bool:
        """Whether a finding is one of those that the comment allows."""
        at = found.primary
        if at is None or at.source is not self.reach.source or not self.reach.start <= at.start < self.reach.end:
            return False
        return any(name.text in (found.rule, found.code) for name in self.names)


def allows_in(tree: nodes.File) -> list[Allow]:
    """The comments of a file that allow something, or try to."""
    if "witkit:" not in tree.source.text:
        return []
    return list(_allows(tree))


def without_allowed(
    found: Iterable[Diagnostic], allows: Collection[Allow], ran: Collection[Rule], known: Collection[Rule]
) -> list[Diagnostic]:
    """The findings that no comment allows. Afterwards each comment knows which of its names are of no use.

    `ran` are the rules that ran on the file of the comments, `known` all that there are.
    """
    left: list[Diagnostic] = []
    used: set[tuple[int, str]] = set()
    for each in found:
        allowing = [allow for allow in allows if allow.allows(each)]
        used |= {(id(allow), name) for allow in allowing for name in (each.rule, each.code)}
        if not allowing:
            left.append(each)
    of_ran, of_known = _names_of(ran), _names_of(known)
    for allow in allows:
        allow.unknown = [name for name in allow.names if name.text not in of_known]
        allow.unused = [name for name in allow.names if name.text in of_ran and (id(allow), name.text) not in used]
    return left


def _names_of(rules: Iterable[Rule]) -> set[str]:
    return {name for rule in rules for name in (rule.name, rule.code)}


def _allows(tree: nodes.File) -> Iterator[Allow]:
    for comment in tree.comments:
        directive = DIRECTIVE.match(comment.text)
        if directive is None or _FORMATTER.match(comment.text, directive.end()):
            continue
        found = _ALLOW.match(comment.text, directive.end())
        if found is None:
            yield Allow(comment, (), comment.span)
            continue
        start = comment.span.start + found.start(2)
        names = (Span(tree.source, start + n.start(), start + n.end()) for n in _NAME.finditer(found[2]))
        yield Allow(comment, tuple(names), _reach(tree, comment, whole=found[1] == "allow-file"))


def _reach(tree: nodes.File, comment: nodes.Comment, *, whole: bool) -> Span:
    text = tree.source.text
    if whole:
        return tree.source.span(0, len(text) + 1)
    if begins_its_line(comment):
        return _item_below(tree, comment)
    line = tree.source.position(comment.span.start)[0]
    return tree.source.span(tree.source.line_starts[line - 1], comment.span.start)


def _item_below(tree: nodes.File, comment: nodes.Comment) -> Span:
    """The item that has the comment above it, or else the innermost that has it between its own words."""
    around = comment.span
    for node, _ in walk(tree):
        if isinstance(node, nodes.Item):
            if any(each is comment for each in node.comments):
                return node.span
            if node.span.start <= comment.span.start < node.span.end:
                around = node.span
    return around
