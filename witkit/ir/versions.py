"""The order of semantic versions (semver.org §11)."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

Identifier: TypeAlias = tuple[int, int, str]
Order: TypeAlias = tuple[Identifier, Identifier, Identifier, int, tuple[Identifier, ...], tuple[Identifier, ...]]


@lru_cache(maxsize=4096)
def version_key(version: str) -> Order:
    """A key that sorts versions as semver does; builds break ties, so that equal keys mean equal texts.

    A build's numbers compare as numbers, and among equal numbers the one with fewer leading zeros comes first.
    """
    rest, _, build = version.partition("+")
    numbers, _, pre = rest.partition("-")
    major, minor, patch = map(_identifier, numbers.split("."))
    pre_key = tuple(map(_identifier, pre.split("."))) if pre else ()
    build_key = tuple(key for part in build.split(".") for key in _build(part)) if build else ()
    return major, minor, patch, 0 if pre else 1, pre_key, build_key


def _identifier(text: str) -> Identifier:
    """Numbers before words. Numbers may be longer than `int` reads: of two the longer one is greater."""
    is_number = text.isascii() and text.isdigit()
    digits = text.lstrip("0")
    return (0, len(digits), digits) if is_number else (1, 0, text)


def _build(text: str) -> tuple[Identifier, Identifier]:
    return _identifier(text), (0, len(text), "")
