"""Which resources of a plan a function's description means."""

from __future__ import annotations

from typing import cast

from witkit import abi
from witkit.abi.parts import inner
from witkit.canonical.blame import parameters
from witkit.wasm import types
from witkit.wasm.plan import PlannedResource


def resources(func: abi.Func, type: types.Func) -> dict[abi.Resource, PlannedResource]:
    """The resources of a plan by those of a description, which fits the function's type.

    One description may stand for two imports or exports, under two labels, each with resources of its own.
    """
    found: dict[abi.Resource, PlannedResource] = {}
    given = [*(t for _, t in type.params), type.result]
    stack = list(zip([*(p.type for p in parameters(func)), func.result], given, strict=True))
    seen: set[tuple[int, int]] = set()
    while stack:
        one, other = stack.pop()
        if one is None or not isinstance(other, types.Defined) or (id(one), id(other)) in seen:
            continue
        seen.add((id(one), id(other)))
        if isinstance(one, abi.Own | abi.Borrow):
            assert isinstance(other.kind, types.Own | types.Borrow)
            found[one.resource] = cast(PlannedResource, other.kind.resource)
        elif not isinstance(one, abi.Unsupported):
            stack += zip(inner(one), types.parts(other.kind), strict=True)
    return found
