"""What refers to an item whose feature is off, and how that is avoided."""

from __future__ import annotations

from witkit.ir.model import Interface, TypeDef, Unstable
from witkit.ir.resolve.context import Context
from witkit.text import Span

EXCLUDED = "WIT0403"

_LONGEST = 60


def report_excluded(context: Context, item: TypeDef | Interface, span: Span, within: TypeDef | None) -> None:
    """A finding for a mention of `item`, which is left out; `within` is the type that mentions it, if one does."""
    feature = item.stability.feature if isinstance(item.stability, Unstable) else "…"
    option = f"`--features {feature}`" if feature != "…" else "`--features`"
    if within is not None and within.name is None and within.stability is not None:
        _report_kept(context, item, span, feature, option)
        return
    what = "a type" if isinstance(item, TypeDef) else "an interface"
    context.report.error(
        EXCLUDED,
        f"this refers to {what}, `{item.name}`, whose feature is not on"
        if item.name
        else f"this refers to {what} whose feature is not on",
        span,
        help=f"gate this item by the same `@unstable(feature = {feature})`, or turn the feature on with {option}",
    )


def _report_kept(context: Context, item: TypeDef | Interface, span: Span, feature: str, option: str) -> None:
    """A type without a name has the gate of the first gated type in it, which is not that of `item` (rule 12)."""
    text = " ".join(span.text.split())
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    context.report.error(
        EXCLUDED,
        f"`{shown}` has another gate than `{item.name}` in it, whose feature is not on",
        span,
        help="the reference, wasm-tools, gives a type without a name the gate of the first gated type in it "
        f"(wasm-tools#2210); give it a name, `@unstable(feature = {feature}) type … = {shown};`, "
        f"and use that in items of the same gate, or turn the feature on with {option}",
    )
