"""What a guest did and what it got, a step per line, in the words of `transcript.js`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from componentize_py_types import Err


class Transcript:
    """The lines of one run. `payloads` are the error cases whose payload every backend chooses alike."""

    def __init__(self, *payloads: str) -> None:
        self.lines: list[str] = []
        self._payloads = payloads

    def did(self, what: str, call: Callable[..., Any], *arguments: Any) -> Any:
        """Note whether a call succeeded. Returns its result, or None."""
        return self._note(what, lambda result: "ok", call, arguments)

    def got(self, what: str, call: Callable[..., Any], *arguments: Any) -> Any:
        """Note what a call returned. Returns its result, or None."""
        return self._note(what, shown, call, arguments)

    def text(self, what: str, call: Callable[..., str], *arguments: Any) -> None:
        """Note a text that a function of the guest has made."""
        self._note(what, str, call, arguments)

    def failed(self, what: str, call: Callable[..., Any], *arguments: Any) -> Any:
        """Note the error of a call, and return it. A call that succeeds is noted as a surprise."""
        try:
            result = call(*arguments)
        except Err as error:
            self.lines.append(f"{what}: {self._case(error.value)}")
            return error.value
        self.lines.append(f"{what}: no error, but {shown(result)}")
        return None

    def _note(self, what: str, words: Callable[[Any], str], call: Callable[..., Any], arguments: Any) -> Any:
        try:
            result = call(*arguments)
        except Err as error:
            self.lines.append(f"{what}: {self._case(error.value)}")
            return None
        self.lines.append(f"{what}: {words(result)}")
        return result

    def _case(self, error: Any) -> str:
        name = case(error)
        return f"{name} {shown(error.value)}" if name in self._payloads else name


def case(value: Any) -> str:
    """The name in WIT of the case that a variant's value has."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", type(value).__name__.partition("_")[2]).lower()


def shown(value: Any) -> str:
    """A value as text: bytes that are printable ASCII as such, others in hexadecimal digits."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case bytes():
            return f"'{value.decode()}'" if value.isascii() and value.decode().isprintable() else f"0x{value.hex()}"
        case list() | tuple():
            return f"[{', '.join(map(shown, value))}]"
        case str():
            return f'"{value}"'
        case _:
            return str(value)
