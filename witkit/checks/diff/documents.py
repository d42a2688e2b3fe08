"""What does not change the meaning of an item: its documentation, its gates, its external id."""

from __future__ import annotations

from witkit.checks.diff.changes import Around, Changes
from witkit.checks.diff.kinds import Kind
from witkit.ir.model import Element, Stability, Stable


def compare_documents(changes: Changes, at: Around, old: Element, new: Element) -> None:
    """Compare what is written around two items with one name."""
    if (old.docs or "") != (new.docs or ""):
        changes.add(Kind.DOCUMENTATION_CHANGED, at, f"the documentation of `{at.name}` has changed")
    before, after = _deprecated(old.stability), _deprecated(new.stability)
    if before is None and after is not None:
        changes.add(Kind.DEPRECATED, at, f"`{at.name}` is deprecated since {after}")
    elif before != after or _gate(old.stability) != _gate(new.stability):
        message = f"the gate of `{at.name}` was {_text(old.stability)} and is {_text(new.stability)}"
        changes.add(Kind.GATE_CHANGED, at, message)
    ids = getattr(old, "external_id", None), getattr(new, "external_id", None)
    if ids[0] != ids[1]:
        changes.add(Kind.EXTERNAL_ID_CHANGED, at, f"the external id of `{at.name}` has changed")


def _deprecated(stability: Stability | None) -> str | None:
    return stability.deprecated if stability else None


def _gate(stability: Stability | None) -> str | None:
    if stability is None:
        return None
    return stability.since if isinstance(stability, Stable) else stability.feature


def _text(stability: Stability | None) -> str:
    if stability is None:
        return "none"
    is_stable = isinstance(stability, Stable)
    gate = f"@since(version = {_gate(stability)})" if is_stable else f"@unstable(feature = {_gate(stability)})"
    return f"`{gate}`" + (f" with `@deprecated(version = {stability.deprecated})`" if stability.deprecated else "")
