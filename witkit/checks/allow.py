"""`// witkit: allow(rule[, rule]): reason`: findings that somebody has looked at and wants to keep.

At the end of a line, the comment allows what begins in this line, and what is in the statement that ends there, which
may have several lines. On a line of its own, it allows what is in the item below it. `allow-file` allows something in
all of its file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from witkit.checks.comments import DIRECTIVE, is_directive
from witkit.checks.rule import Listed
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.syntax.comments import Comments, Position
from witkit.syntax.walk import walk
from witkit.text import Diagnostic, Span
from witkit.text.values import entity

_ALLOW = re.compile(r"(allow|allow-file)\(([^()]*)\)\s*(?::.*)?\s*(?:\*/)?\s*$", re.DOTALL)
_NAME = re.compile(r"[^\s,]+")


@entity(slots=True, eq=False)
class Allow:
    """One such comment: the places of the names in it, and the stretch where it allows them.

    `names` is empty for a comment that cannot be understood, and for one to the formatter that `is_idle`. `unknown` and
    `unused` are those of the names that stand for no rule, and those of rules that ran and found nothing to allow.
    """

    comment: nodes.Comment
    names: tuple[Span, ...]
    reach: Span
    unknown: list[Span] = field(default_factory=list)
    unused: list[Span] = field(default_factory=list)
    is_idle: bool = False


def allows_in(tree: nodes.File) -> list[Allow]:
    """The comments of a file that allow something, or try to."""
    if "witkit" not in tree.source.text.lower():
        return []
    directives = [comment for comment in tree.comments if is_directive(comment)]
    idle = _idle(tree, directives)
    directives = [comment for comment in directives if not _is_to_formatter(comment)]
    below, endings = _items_below(tree, directives), _statements_before(tree, directives)
    return [*idle, *(_allow(comment, below, endings) for comment in directives)]


def _is_to_formatter(comment: nodes.Comment) -> bool:
    from witkit.syntax.formatter.directives import directive

    return directive(comment) is not None


def _idle(tree: nodes.File, directives: Sequence[nodes.Comment]) -> list[Allow]:
    """The comments to the formatter that change nothing."""
    if not any(map(_is_to_formatter, directives)):
        return []
    from witkit.syntax.formatter.formatting import idle_directives

    return [Allow(comment, (), comment.span, is_idle=True) for comment in idle_directives(tree)]


def without_allowed(
    found: Sequence[Diagnostic], allows: Sequence[Allow], ran: Iterable[Listed], known: Iterable[Listed]
) -> list[Diagnostic]:
    """The findings that no comment of one file allows. Afterwards each comment knows which of its names are of no use.

    `ran` are the rules that ran on the file, `known` all that there are.
    """
    if not allows:
        return list(found)
    used: set[tuple[int, str]] = set()
    allowed: set[int] = set()
    source = allows[0].reach.source
    places = sorted((d.primary.start, n) for n, d in enumerate(found) if d.primary and d.primary.source is source)
    for allow in allows:
        inside = slice(*(bisect_left(places, (offset, 0)) for offset in (allow.reach.start, allow.reach.end)))
        for _, number in places[inside]:
            names = {found[number].rule, found[number].code}
            if any(name.text in names for name in allow.names):
                allowed.add(number)
                used |= {(id(allow), name) for name in names}
    of_ran, of_known = _names_of(ran), _names_of(known)
    for allow in allows:
        allow.unknown = [name for name in allow.names if name.text not in of_known]
        allow.unused = [name for name in allow.names if name.text in of_ran and (id(allow), name.text) not in used]
    return [each for number, each in enumerate(found) if number not in allowed]


def _names_of(rules: Iterable[Listed]) -> set[str]:
    return {name for rule in rules for name in (rule.name, rule.code)}


def _allow(comment: nodes.Comment, below: Mapping[int, Span], endings: Mapping[int, Span]) -> Allow:
    """What a comment to witkit allows."""
    text, source = comment.text, comment.span.source
    begin = DIRECTIVE.match(text)
    found = _ALLOW.match(text, begin.end()) if begin is not None else None
    if found is None:
        return Allow(comment, (), comment.span)
    start = comment.span.start + found.start(2)
    names = tuple(source.span(start + name.start(), start + name.end()) for name in _NAME.finditer(found[2]))
    if found[1] == "allow-file":
        return Allow(comment, names, source.span(0, len(source.text) + 1))
    if comment.begins_line:
        return Allow(comment, names, below.get(id(comment), comment.span))
    line, _ = source.position(comment.span.start)
    start = source.line_starts[line - 1]
    if (statement := endings.get(id(comment))) is not None:
        start = min(start, statement.start)
    return Allow(comment, names, source.span(start, comment.span.start))


def _statements_before(tree: nodes.File, comments: Sequence[nodes.Comment]) -> dict[int, Span]:
    """The span of the statement that each comment follows on its line; one with a block is not such a statement."""
    if all(comment.begins_line for comment in comments):
        return {}
    wanted = {id(comment) for comment in comments}
    return {
        id(each.comment): each.node.span
        for each in Comments(tree)
        if each.position is Position.TRAILING and id(each.comment) in wanted and not each.node.span.text.endswith("}")
    }


def _items_below(tree: nodes.File, comments: Sequence[nodes.Comment]) -> dict[int, Span]:
    """The span of the item below each comment, which can also be between the gates and the name of the item."""
    wanted = {id(comment) for comment in comments}
    found: dict[int, Span] = {}
    starts = [comment.span.start for comment in comments]
    for node, _ in walk(tree):
        if not isinstance(node, nodes.Item):
            continue
        for comment in node.comments:
            if id(comment) in wanted:
                found.setdefault(id(comment), node.span)
        name = name_span(node)
        if name is not None and node.attributes:
            for comment in comments[bisect_left(starts, node.span.start) : bisect_left(starts, name.start)]:
                found.setdefault(id(comment), node.span)
    return found
