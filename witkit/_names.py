"""When two names of one scope are too alike: the "strongly-unique" names of the component model (Explainer.md)."""

from __future__ import annotations


def folded(name: str) -> str:
    """What has to differ between the names of one scope: their letters and digits. Case and hyphens do not count."""
    return name.lower().replace("-", "")
