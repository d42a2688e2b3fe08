"""Fields, cases and flags of one type definition."""

from __future__ import annotations

from collections.abc import Sequence

from witkit._names import folded
from witkit.ir.model import Case, Field, Stability
from witkit.ir.report import first_defined, way_out
from witkit.ir.resolve.context import Context
from witkit.ir.resolve.docs import docs_of
from witkit.ir.resolve.types import EMPTY_TYPE, TypeResolver
from witkit.syntax import nodes
from witkit.text import Span

DUPLICATE_MEMBER = "WIT0211"
TOO_MANY_FLAGS = "WIT0305"

_MOST_FLAGS = 32


def fields(types: TypeResolver, record: nodes.Record, stability: Stability | None) -> list[Field]:
    _check(types.context, "field", record, record.fields)
    return [
        Field(name=f.name.name, type=types.resolve(f.type, stability), docs=docs_of(f.comments), span=f.name.span)
        for f in record.fields
    ]


def payload_cases(types: TypeResolver, variant: nodes.Variant, stability: Stability | None) -> list[Case]:
    _check(types.context, "case", variant, variant.cases)
    return [
        Case(
            name=c.name.name,
            type=types.optional(c.payload, stability),
            docs=docs_of(c.comments),
            span=c.name.span,
        )
        for c in variant.cases
    ]


def cases(context: Context, enum: nodes.Enum) -> list[Case]:
    _check(context, "case", enum, enum.cases)
    return _plain(enum.cases)


def flags(context: Context, node: nodes.Flags) -> list[Case]:
    _check(context, "flag", node, node.flags)
    if len(node.flags) > _MOST_FLAGS:
        context.report.error(
            TOO_MANY_FLAGS,
            f"flags `{node.name.name}` has {len(node.flags)} flags; at most {_MOST_FLAGS} are allowed",
            node.name.span,
            help="split the flags into two types",
        )
    return _plain(node.flags)


def _plain(nodes_: list[nodes.Case]) -> list[Case]:
    return [Case(name=c.name.name, docs=docs_of(c.comments), span=c.name.span) for c in nodes_]


def _check(
    context: Context,
    what: str,
    node: nodes.Record | nodes.Variant | nodes.Enum | nodes.Flags,
    members: Sequence[nodes.Field | nodes.Case],
) -> None:
    """Report a type without members, and members whose names differ at most in case and hyphens."""
    report, name = context.report, node.name
    if not members and not _has_lost_members(context, node):
        kind = type(node).__name__.lower()
        report.error(EMPTY_TYPE, f"empty {kind}", name.span, help=f"give `{name.name}` at least one {what}")
    seen: dict[str, tuple[str, Span]] = {}
    for member in members:
        text = member.name.name
        before, place = seen.setdefault(folded(text), (text, member.name.span))
        if place is not member.name.span:
            same = before == text
            report.error(
                DUPLICATE_MEMBER,
                f"duplicate {what} `{text}`" if same else f"{what} `{text}` conflicts with previous {what} `{before}`",
                member.name.span,
                related=first_defined(place),
                help=way_out(text, before),
            )


def _has_lost_members(context: Context, node: nodes.Item) -> bool:
    """Whether a syntax error hides what is between the braces."""
    text = node.span.text
    return node.span.source in context.unit.broken and any(c.isalnum() for c in text[text.find("{") :])
