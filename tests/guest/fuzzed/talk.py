"""A host that says one line after the other to an instance, and what it hears."""

from __future__ import annotations

from typing import Any, Final

from tests.guest.fuzzed.boxes import Box
from tests.guest.fuzzed.sides import ENDS, Run
from witkit.abi import Err

STRICTER: Final = "was already given to the host"
"""What only CPython notices at all times. In the component such an object is known by the number of a handle that is
another object's by now, perhaps: then that one is given."""


def talk(run: Run, lines: list[str]) -> tuple[list[str], str]:
    """What each line gives, and the message of a trap, which is the end of it."""
    heard: list[str] = []
    with run() as guest:
        names: dict[str, Any] = {"cans": guest.cans, "run": guest.run, "Box": Box, "p": None, "q": None, "s": None}
        for line in lines:
            try:
                heard.append(_said(line, names))
            except Err as error:
                heard.append(f"Err {_shown(error.value)}")
            except ENDS as trap:
                return [*heard, "traps"], str(trap)
            except (TypeError, ValueError, AttributeError) as refused:
                heard.append(type(refused).__name__)
        names.clear()  # what the host holds goes before the instance does
    return heard, ""


def _said(line: str, names: dict[str, Any]) -> str:
    if " = " in line:
        exec(line, names)
        return "done"
    return _shown(eval(line, names))


def _shown(value: Any) -> str:
    if type(value).__name__ in ("Can", "Jar"):
        return f"{type(value).__name__} {value.n()}"
    return f"Box {value.number}" if isinstance(value, Box) else ascii(value)
