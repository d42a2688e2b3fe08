"""Programs in one text: lines with `;` between them, over names that outlive the call."""

from __future__ import annotations

from typing import Any

from componentize_py_types import Err, Ok, Some
from handles_world.imports import things
from handles_world.imports.things import Box, Crate, Parcel_Boxed, Parcel_Nothing, Parcel_Tinned, Tin

KEPT: dict[str, Any] = {}
GIVEN: list[type] = [Err, Ok, Some, Box, Crate, Parcel_Boxed, Parcel_Nothing, Parcel_Tinned, Tin]


class Duck:
    """An object with whatever attributes it is given."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__ |= attributes


def throw(error: Any) -> Any:
    raise error


def show(value: Any) -> str:
    """A value, spelled the same by every Python; a resource by its number, for which the host is asked."""
    cls = type(value)
    if cls in (Box, Tin):
        return f"{cls.__name__}({value.n()})"
    if cls in (list, tuple):
        return f"{cls.__name__}[{', '.join(map(show, value))}]"
    if hasattr(cls, "__match_args__"):
        return f"{cls.__name__}({', '.join(show(getattr(value, field)) for field in cls.__match_args__)})"
    return ascii(value) if cls in (int, str, bool, type(None)) else cls.__name__


def value(lines: str, **names: Any) -> Any:
    """The value of the last line: an expression, `name := expression` or `del name`."""
    import cans

    KEPT.update(names)
    scope = {cls.__name__: cls for cls in (*GIVEN, cans.Can, cans.Jar, cans.Slotted, Duck)}
    scope |= {"things": things, "throw": throw}
    result = None
    for line in lines.split("; "):
        name, assigned, expression = line.partition(" := ")
        if line.startswith("del "):
            result = KEPT.pop(line[4:], None) and None
        elif assigned:
            KEPT[name], result = eval(expression, scope, KEPT), None
        else:
            result = eval(line, scope, KEPT)
    return result


def run(lines: str, **names: Any) -> str:
    """What each line gives. Only `try` catches more than an `Err`."""
    KEPT.update(names)
    found = []
    for line in lines.split("; "):
        caught: type[Exception] = Exception if line.startswith("try ") else Err
        try:
            found.append(show(value(line.removeprefix("try "))))
        except caught as problem:
            found.append(f"{type(problem).__name__} {show(problem.value) if isinstance(problem, Err) else ''}")
    return ", ".join(found)
