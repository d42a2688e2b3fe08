"""Pages of names, for backends that read all of them."""

from __future__ import annotations


def page(names: list[str], after: str, count: int | None) -> list[str]:
    """The names after this one, in ascending order of their code points, at most `count` of them. Sorts the list."""
    names.sort()
    found = [name for name in names if name > after] if after else names
    return found if count is None else found[:count]
