"""WAVE, the text form of the component model's values: `{item: "tea", quantity: 2}`.

The format is defined by the crate `wasm-wave` of wasm-tools. It has no form for handles and maps: a handle is
`<resource>` here, which no reader of WAVE accepts, and a map is a list of pairs.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from typing import Any, Final

from witkit.abi import types as abi
from witkit.abi.values import Ok

KEYWORDS: Final = frozenset(["true", "false", "inf", "nan", "some", "none", "ok", "err"])
"""Cases with these names are written with `%`."""

_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "'": "\\'", "\t": "\\t", "\r": "\\r", "\n": "\\n"}
_F32_DIGITS: Final = 9
"""The most decimal digits that an f32 needs."""


class Wave:
    """Writes values as WAVE. A subclass can change how texts, lists, groups of values and handles are written."""

    def write(self, type: abi.Type, value: Any) -> str:
        """The text of a value of `type`, in the Python form that the runtime gives it."""
        match type:
            case abi.Primitive():
                return self.primitive(type, value)
            case abi.List():
                return f"[{', '.join(self.items(type.element, value))}]"
            case abi.Option():
                return self._option(type, value)
            case abi.Result():
                return self._result(type, value)
            case abi.Tuple():
                return f"({', '.join(self.group(zip(type.elements, value, strict=True)))})"
            case abi.Record():
                return self._record(type, value)
            case abi.Variant():
                case = next(case for case in type.cases if case.cls is value.__class__)
                return self._case(case.name, case.payload, getattr(value, "value", None))
            case abi.Enum():
                return _label(type.cases[list(type.cls).index(value)])
            case abi.Flags():
                members = zip(type.flags, type.cls, strict=True)
                return f"{{{', '.join(name for name, member in members if member in value)}}}"
            case abi.Map():
                return f"[{', '.join(self.items(abi.Tuple((type.key, type.value)), list(value.items())))}]"
            case abi.Own() | abi.Borrow():
                return self.handle(type, value)
        return f"<{type.wit}>"

    def primitive(self, type: abi.Primitive, value: Any) -> str:
        """A number, a boolean, a char or a string."""
        match type.name:
            case "string":
                return self.text(value)
            case "bool":
                return "true" if value else "false"
            case "char":
                return f"'{escaped(value)}'"
            case "f32" | "f64":
                return _float(type.name, float(value))
        return str(int(value))

    def text(self, value: str) -> str:
        """A string."""
        return f'"{escaped(value)}"'

    def items(self, element: abi.Type, values: Any) -> Iterable[str]:
        """The texts of a list's elements."""
        return (self.write(element, value) for value in values)

    def group(self, values: Iterable[tuple[abi.Type, Any]]) -> Iterable[str]:
        """The texts of values that belong together: the fields of a record, the elements of a tuple."""
        return (self.write(type, value) for type, value in values)

    def handle(self, type: abi.Own | abi.Borrow, value: Any) -> str:
        """A handle to a resource."""
        return f"<{type.resource.name}>"

    def _record(self, type: abi.Record, value: Any) -> str:
        """A record, without options that are `none`; `{:}` if nothing is left, because `{}` are flags."""
        fields = [(field, getattr(value, field.attr)) for field in type.fields]
        written = self.group((field.type, value) for field, value in fields)
        shown = [
            f"{field.name}: {text}"
            for (field, value), text in zip(fields, written, strict=True)
            if value is not None or not isinstance(field.type, abi.Option)
        ]
        return f"{{{', '.join(shown) or ':'}}}"

    def _option(self, type: abi.Option, value: Any) -> str:
        if value is None:
            return "none"
        inner = value.value if isinstance(type.element, abi.Option) else value
        return f"some({self.write(type.element, inner)})"

    def _result(self, type: abi.Result, value: Any) -> str:
        name, payload = ("ok", type.ok) if isinstance(value, Ok) else ("err", type.err)
        return self.side(name, payload, value.value)

    def side(self, name: str, payload: abi.Type | None, value: Any) -> str:
        """A side of a result, `ok` or `err`."""
        return name if payload is None else f"{name}({self.write(payload, value)})"

    def _case(self, name: str, payload: abi.Type | None, value: Any) -> str:
        return _label(name) if payload is None else f"{_label(name)}({self.write(payload, value)})"


def escaped(text: str) -> str:
    """A text as it is between quotation marks: nothing in it ends a line or changes a terminal's state."""
    return "".join(_characters(text))


def _characters(text: str) -> Iterator[str]:
    for character in text:
        if character in _ESCAPES:
            yield _ESCAPES[character]
        else:
            yield character if character.isprintable() else f"\\u{{{ord(character):x}}}"


def _label(name: str) -> str:
    return f"%{name}" if name in KEYWORDS else name


def _float(name: str, value: float) -> str:
    """The shortest number that is read as the same value."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if name == "f64":
        return repr(value)
    digits = (f"{value:.{count}g}" for count in range(1, _F32_DIGITS + 1))
    return next(text for text in digits if _as_f32(float(text)) == _as_f32(value))


def _as_f32(value: float) -> bytes:
    try:
        return struct.pack("<f", value)
    except OverflowError:  # rounded up beyond the largest f32
        return b""
