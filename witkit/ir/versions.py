"""The order of semantic versions (semver.org §11)."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

Identifier: TypeAlias = tuple[int, int, str]
Order: TypeAlias = tuple[int, int, int, int, tuple[Identifier, ...], tuple[tuple[int, int, str, int], ...]]


@lru_cache(maxsize=4096)
def version_key(version: str) -> Order:
    """A key that sorts versions as semver does; builds break ties, so that equal keys mean equal texts.

    A build's numbers compare as numbers, and among equal numbers the one with fewer leading zeros comes first.
    """
    rest, _, build = version.partition("+")
    numbers, _, pre = rest.partition("-")
    major, minor, patch = (int(n) for n in numbers.split("."))
    pre_key = tuple(_identifier(part) for part in pre.split(".")) if pre else ()
    build_key = tuple((*_identifier(part), len(part)) for part in build.split(".")) if build else ()
    return major, minor, patch, 0 if pre else 1, pre_key, build_key


def _identifier(text: str) -> Identifier:
    is_number = text.isascii() and text.isdigit()
    return (0, int(text), "") if is_number else (1, 0, text)
