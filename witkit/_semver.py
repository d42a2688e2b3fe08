"""Semantic versions (semver.org 2.0.0): their spelling and their order.

This is not the library `semver` because witkit must order versions as wasm-tools does: builds count, so that the order
is total and packages have one order. `semver` ignores builds. It also takes longer to import than a small package takes
to load.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

_NUMBER = r"(?:0|[1-9]\d*)"
_WORD = r"[0-9A-Za-z-]+"
_PRE_RELEASE = rf"(?:{_NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)"

SEMVER = re.compile(
    rf"{_NUMBER}(?:\.{_NUMBER}){{2}}(?:-{_PRE_RELEASE}(?:\.{_PRE_RELEASE})*)?(?:\+{_WORD}(?:\.{_WORD})*)?", re.ASCII
)
"""Matches the whole text of a version, with `fullmatch`."""

Identifier: TypeAlias = tuple[int, int, str]
Order: TypeAlias = tuple[Identifier, Identifier, Identifier, int, tuple[Identifier, ...], tuple[Identifier, ...]]


@lru_cache(maxsize=4096)
def version_key(version: str) -> Order:
    """A key that sorts versions by semver.org §11, and versions of equal precedence by their build.

    Equal keys mean equal texts. In a build, numbers compare as numbers; of equal numbers, the one with fewer leading
    zeros comes first. `version` must have three numbers.
    """
    rest, _, build = version.partition("+")
    numbers, _, pre = rest.partition("-")
    major, minor, patch = map(_identifier, numbers.split("."))
    pre_key = tuple(map(_identifier, pre.split("."))) if pre else ()
    build_key = tuple(key for part in build.split(".") for key in _build(part)) if build else ()
    return major, minor, patch, 0 if pre else 1, pre_key, build_key


def _identifier(text: str) -> Identifier:
    """Numbers sort before words. They may be longer than `int` reads: of two numbers, the longer one is greater."""
    is_number = text.isascii() and text.isdigit()
    digits = text.lstrip("0")
    return (0, len(digits), digits) if is_number else (1, 0, text)


def _build(text: str) -> tuple[Identifier, Identifier]:
    return _identifier(text), (0, len(text), "")
