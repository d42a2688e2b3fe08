"""Findings about mentions of items whose feature is off."""

from __future__ import annotations

from witkit.ir.model import Interface, TypeDef, Unstable
from witkit.ir.resolve.context import Context
from witkit.text import Span

EXCLUDED = "WIT0403"

_LONGEST = 60


def report_excluded(context: Context, item: TypeDef | Interface, span: Span, within: TypeDef | None) -> None:
    """Report a mention of `item`, which is left out; `within` is the type that mentions it, if one does."""
    feature = item.stability.feature if isinstance(item.stability, Unstable) else "…"
    option = f"`--features {feature}`" if feature != "…" else "`--features`"
    if within is not None and within.name is None and within.stability is not None:
        _report_kept(context, item, span, feature, option)
        return
    what = "type" if isinstance(item, TypeDef) else "interface"
    context.report.error(
        EXCLUDED,
        f"this refers to {what} `{item.name}`, whose feature is not enabled"
        if item.name
        else f"this refers to an unnamed {what} whose feature is not enabled",
        span,
        help=f"gate this item with the same `@unstable(feature = {feature})`, or enable the feature with {option}",
    )


def _report_kept(context: Context, item: TypeDef | Interface, span: Span, feature: str, option: str) -> None:
    """Report `item` in an anonymous type, which has the gate of the first gated type in it: not that of `item`."""
    text = " ".join(span.text.split())
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    context.report.error(
        EXCLUDED,
        f"`{shown}` has a different gate from `{item.name}` in it, whose feature is not enabled",
        span,
        help="wasm-tools gives a type without a name the gate of the first gated type in it "
        f"(wasm-tools#2210); give it a name, `@unstable(feature = {feature}) type … = {shown};`, "
        f"and use that in items of the same gate, or enable the feature with {option}",
    )
