"""The names of one interface or world: each once, and never two that differ only by case."""

from __future__ import annotations

from witkit.ir.context import Context, Member, Scope
from witkit.ir.report import Report, first_defined
from witkit.syntax import nodes
from witkit.text import Span

DEFINED_TWICE = "WIT0209"
SAME_BUT_FOR_CASE = "WIT0212"


def define(context: Context, scope: Scope, name: nodes.Id, member: Member) -> bool:
    """Enter a type or function; False (and a finding) where the name is taken. The first one stays."""
    if not claim(context.report, scope, name.name, name.span):
        return False
    scope.members[name.name] = (member, name.span)
    return True


def claim(report: Report, scope: Scope, name: str, span: Span, *, shown: str = "") -> bool:
    """Take a name (compared without case); `shown` is how messages call the item, `[method]r.m` perhaps."""
    folded = name.lower()
    previous = scope.folded.setdefault(folded, (shown or name, span))
    if previous[1] is span:
        return True
    before, place = previous
    if before == (shown or name):
        report.error(
            DEFINED_TWICE,
            f"name `{shown or name}` is defined more than once",
            span,
            related=first_defined(place),
            help="rename one of the two (a name that `use` brings in: `use x.{a as b};`)",
        )
    else:
        report.error(
            SAME_BUT_FOR_CASE,
            f"name `{shown or name}` conflicts with previous name `{before}`",
            span,
            related=first_defined(place),
            help="names must differ by more than upper and lower case",
        )
    return False
