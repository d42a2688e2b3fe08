"""Suggestions for misspelt names: `did you mean …?`"""

from __future__ import annotations

from collections.abc import Iterable


def closest(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The known name most similar to `name`, or None. `likeness` is the least similarity; 1 means equal.

    A name that differs only in capitals comes first.
    """
    names = list(known)
    if same := [each for each in names if each.lower() == name.lower()]:
        return name if name in same else same[0]
    # Only a mistake pays for the import.
    from difflib import get_close_matches

    found = get_close_matches(name, names, n=1, cutoff=likeness)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question that offers the closest known name, or an empty string."""
    near = closest(name, known)
    return f"did you mean `{near}`?" if near else ""
