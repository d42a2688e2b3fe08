"""The names in one interface or world: each once, and no two that differ only in case or hyphens."""

from __future__ import annotations

from witkit._names import folded
from witkit.ir.report import Report, first_defined, way_out
from witkit.ir.resolve.context import Context, Member, MemberScope
from witkit.syntax import nodes
from witkit.text import Span

DEFINED_TWICE = "WIT0209"
TOO_ALIKE = "WIT0212"

CONSTRUCTOR = "[constructor]"
"""The name that a constructor takes among the functions of its resource."""

_TWO_CONSTRUCTORS = (
    "a resource can have only one constructor: make the other one a static function, `name: static func(…)`"
)


def define(context: Context, scope: MemberScope, name: nodes.Id, member: Member) -> bool:
    """Enter a type or function. If the name is taken, report it and return False; the first one stays."""
    if not claim(context.report, scope, name.name, name.span):
        return False
    scope.members[name.name] = (member, name.span)
    return True


def claim(report: Report, scope: MemberScope, name: str, span: Span, *, shown: str = "") -> bool:
    """Take a name, without regard to case and hyphens; `shown` is the name in messages, such as `[method]r.m`."""
    previous = scope.folded.setdefault(folded(name), (shown or name, span))
    if previous[1] is span:
        return True
    before, place = previous
    if before == (shown or name):
        if span.source is place.source and span.start < place.start:
            # Types are entered before functions: the reader sees the other one first.
            span, place = place, span
        report.error(
            DEFINED_TWICE,
            f"name `{shown or name}` is defined more than once",
            span,
            related=first_defined(place),
            help=_TWO_CONSTRUCTORS
            if name == CONSTRUCTOR
            else "rename one of the two (a name that `use` brings in: `use x.{a as b};`)",
        )
    else:
        report.error(
            TOO_ALIKE,
            f"name `{shown or name}` conflicts with previous name `{before}`",
            span,
            related=first_defined(place),
            help=way_out(shown or name, before),
        )
    return False
