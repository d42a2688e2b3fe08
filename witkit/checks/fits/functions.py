"""What makes a function of the component differ from that of the world."""

from __future__ import annotations

from witkit.checks.fits.types import Difference, difference
from witkit.ir.model import Function
from witkit.ir.show.types import signature_text


def differs(component: Function, world: Function) -> str:
    """How two functions of one name differ; empty if they are the same for the canonical ABI.

    Names of parameters do not count.
    """
    if component.is_async is not world.is_async or len(component.params) != len(world.params):
        return _signatures(component, world)
    params = zip(component.params, world.params, strict=True)
    pairs = [
        *((f"parameter `{theirs.name}`", mine.type, theirs.type) for mine, theirs in params),
        ("the result", component.result, world.result),
    ]
    return "; ".join(_part(place, found) for place, one, other in pairs if (found := difference(one, other)))


def _part(place: str, found: Difference) -> str:
    inside = f"in {place}, {found.where}" if found.where else place
    return f"{inside} is {found.one} in the component and {found.other} in the world"


def _signatures(component: Function, world: Function) -> str:
    return f"it is `{signature_text(component)}` in the component and `{signature_text(world)}` in the world"
