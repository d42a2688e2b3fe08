"""The "strongly-unique" names of the component model (Explainer.md): names of one scope must not be too similar."""

from __future__ import annotations


def folded(name: str) -> str:
    """The part of a name that must be unique in its scope: letters and digits, without case and hyphens."""
    return name.lower().replace("-", "")
