"""How large types are: of how many parts and layers they consist, counted as validators of components do."""

from __future__ import annotations

from typing import Final

from witkit.checks.types import definitions, fold
from witkit.ir import Loaded, model

MOST_PARTS: Final = 1_000_000


def numbers_of_parts(loaded: Loaded) -> dict[model.TypeDef, int]:
    """How many parts each type has. A type with more than `MOST_PARTS` counts as if it had no more."""
    assert loaded.resolve is not None
    known: dict[model.TypeDef, int] = {}
    for type_ in loaded.resolve.types:
        try:
            # Most types come after those that they consist of.
            known[type_] = _parts(type_, known)
        except KeyError:
            fold(type_, known, lambda each: _parts(each, known), definitions)
    return known


def depths(loaded: Loaded) -> dict[model.TypeDef, int]:
    """Of how many layers each type consists: those of its deepest part, and one more unless it is only a name."""
    assert loaded.resolve is not None
    known: dict[model.TypeDef, int] = {}
    for type_ in loaded.resolve.types:
        fold(type_, known, lambda each: _depth(each, known), definitions)
    return known


def _parts(type_: model.TypeDef, known: dict[model.TypeDef, int]) -> int:
    kind = type_.kind.__class__
    if kind in _HANDLES:
        return 1
    # Primitives are one part.
    inner = sum([known[each] if isinstance(each, model.TypeDef) else 1 for each in model.children(type_)])
    return inner if kind is model.Alias else min(inner, MOST_PARTS) + 1


def _depth(type_: model.TypeDef, known: dict[model.TypeDef, int]) -> int:
    if isinstance(type_.kind, model.Resource | model.Own | model.Borrow):
        return 0
    inner = max((known[each] for each in definitions(type_)), default=0)
    return inner + (not isinstance(type_.kind, model.Alias))


_HANDLES: Final = frozenset({model.Own, model.Borrow})
