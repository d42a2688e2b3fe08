"""The ways of a value between guest and host, each as a call that a case can make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.guest.fuzzed.cases import Cases
from tests.guest.fuzzed.world import Interface, Type

IMPORTED = ["is sent by the guest", "is the host's answer", "is the host's error"]
EXPORTED = ["is returned by the guest", "is the guest's error", "is given to the guest", "goes there and back"]
BY_GUEST = {"is sent by the guest", "is returned by the guest", "is the guest's error"}
INTERFACES = {"shared": IMPORTED, "local": EXPORTED, "both": IMPORTED + EXPORTED}


@dataclass(frozen=True)
class Case:
    """A value of a type that goes some way: a Python expression, and the call that sends what it gives."""

    way: str
    type: Type
    expression: str
    call: Callable[[Any], Any]

    def __str__(self) -> str:
        return f"{self.expression} as {self.type.wit} {self.way}"


def case(seed: int, interfaces: dict[str, Interface], names: dict[str, Any]) -> Case:
    """A random case; `names` is what an expression may use on the host's side."""
    random = Random(seed)
    interface = random.choice(list(INTERFACES))
    number, type = random.choice(list(interfaces[interface].carried.items()))
    way = random.choice(INTERFACES[interface])
    expressions = Cases(seed, lying=way in BY_GUEST)
    expression = (expressions.wrong if random.random() < 0.7 else expressions.right)(type)
    if type.kind == "result" and way in ("is returned by the guest", "is the host's answer") and random.random() < 0.7:
        expression = _as_outcome(expression)
    return Case(way, type, expression, _call(way, interface, number, expression, names))


def _as_outcome(expression: str) -> str:
    """A result as a function returns it: its value, or the error raised."""
    if expression.startswith("Err("):
        return f"throw({expression})"
    return expression[3:-1] if expression.startswith("Ok(") and expression.endswith(")") else expression


def _call(way: str, interface: str, n: int, value: str, names: dict[str, Any]) -> Callable[[Any], Any]:
    error, inside = f"throw(Err({value}))", "imported" if interface == "both" else interface
    match way:
        case "is sent by the guest":
            return lambda guest: guest.run(f"{inside}.echo{n}({value})")
        case "is the host's answer":
            return lambda guest: guest.run(f"{inside}.give{n}({value!r})")
        case "is the host's error":
            return lambda guest: guest.run(f"{inside}.throw{n}({error!r})")
        case "is returned by the guest":
            return lambda guest: getattr(getattr(guest, interface), f"give{n}")(value)
        case "is the guest's error":
            return lambda guest: getattr(getattr(guest, interface), f"throw{n}")(error)
        case "is given to the guest":
            return lambda guest: getattr(getattr(guest, interface), f"show{n}")(eval(value, names))
    return lambda guest: getattr(getattr(guest, interface), f"echo{n}")(eval(value, names))
