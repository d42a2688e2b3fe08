"""Why the compiler refused a component: an unsupported feature, a limit, or invalid bytes.

The C library gives text alone. Its words are those of the validator, which says of a feature that it is not enabled,
and of a number that it exceeds a limit; whatever else it says, the bytes are not a valid component.
"""

from __future__ import annotations

import re
from typing import Final

from witkit.text import Diagnostic, error
from witkit.wasm.cursor import BadWasm, NotSupported, TooMuch

DAMAGED = "WIT0704"
UNSUPPORTED = "WIT0705"
TOO_MUCH = "WIT0706"

_DAMAGED: Final = "the file may be cut off; build it again"

_COUNT: Final = re.compile(r"(?:^|: )([a-z][a-z ]*?) count exceeds limit of (\d+)")
_LONG: Final = re.compile(r"(?:^|: )([a-z][a-z ]*?) size count exceeds limit of (\d+)")
_SIZE: Final = re.compile(
    r"(?<!range )size is out of bounds|"
    r"exceeds? (?:the )?(?:limit|maximum|configured|capacity)|exceed maximum|must be at most|cannot exceed|os error"
    r"|(?<!section )\btoo (?:large|many|deep)\b"  # a section is too large for a file that was cut off
)
_LACKING: Final = re.compile(
    r"\bfeature\b|\bproposal\b|not (?:yet )?(?:supported|enabled|implemented)|must be enabled"
    r"|\bunsupported\b|\bdisabled\b",
    re.IGNORECASE,
)


def not_linked(refusal: BadWasm, name: str) -> Diagnostic:
    """The diagnostic for the component `name`, which witkit's reader refused."""
    reason = str(refusal)
    match refusal:
        case NotSupported():
            return error(
                UNSUPPORTED, f"unsupported: `{name}` needs a feature that witkit does not have: {reason}", file=name,
                help="build it without this feature",
            )  # fmt: skip
        case TooMuch():
            return error(
                TOO_MUCH, f"`{name}` is beyond a limit of witkit: {reason}", file=name, help="build it of smaller parts"
            )
    return error(DAMAGED, f"`{name}` is damaged: {reason}", file=name, help=_DAMAGED)


def refused(text: str, name: str, version: str) -> Diagnostic:
    """The diagnostic for the component `name`, from the error of wasmtime's compiler."""
    cause = _cause(text)
    if found := _LONG.search(cause):
        return error(
            TOO_MUCH, f"`{name}` has a {found[1]} that is too large; the limit is {int(found[2]):,} bytes", file=name,
            help="build it of smaller parts",
        )  # fmt: skip
    if found := _COUNT.search(cause):
        return error(
            TOO_MUCH, f"`{name}` has too many {found[1]}; the limit is {int(found[2]):,}", file=name,
            help="build it of fewer parts, or split it into several components",
        )  # fmt: skip
    if _LACKING.search(cause):
        return error(
            UNSUPPORTED, f"unsupported: `{name}` needs a feature that wasmtime {version} does not have: {cause}",
            file=name, help="build it without this type or feature",
        )  # fmt: skip
    if _SIZE.search(cause):
        return error(
            TOO_MUCH, f"`{name}` is beyond a limit of wasmtime {version} or this machine: {cause}", file=name,
            help="build it of smaller parts",
        )  # fmt: skip
    return error(DAMAGED, f"`{name}` is damaged: {cause}", file=name, help=_DAMAGED)


def _cause(text: str) -> str:
    """The line of an error that says what is wrong: the last, unless an earlier one has the place."""
    lines = [re.sub(r"^\d+: ", "", line.strip()) for line in text.splitlines() if line.strip()]
    placed = (line for line in lines if _LACKING.search(line) or "at offset" in line)
    cause = next(placed, lines[-1] if lines else text)
    # Of a function's body, the place comes before what is wrong there.
    return re.sub(r"^Invalid input WebAssembly code (at offset \w+): (.*)$", r"\2 (\1)", cause)
