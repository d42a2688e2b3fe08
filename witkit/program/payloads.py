"""Types of messages: a named type of WIT, whose values are JSON as in `witkit.program.values`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from witkit import abi
from witkit.ir import model
from witkit.text import closest

from .payload_types import abi_type
from .values import Unfit, from_json, to_json, unsupported


class UnknownType(Exception):
    """There is no such type, or none that JSON can express. The message says why, `help` what may be meant."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


@dataclass(frozen=True, slots=True)
class Payload:
    """A type of messages. `name` is `namespace:package/interface@version#type`."""

    name: str
    type: abi.Type

    def decode(self, message: bytes) -> Any:
        """The value in a message. Raises Unfit with the path of the first mismatch."""
        return from_json(self.type, _parsed(message))

    def encode(self, value: Any) -> bytes:
        """The message with a value, which has to fit the type."""
        return json.dumps(to_json(self.type, value), ensure_ascii=False, separators=(",", ":")).encode()

    def mismatch(self, message: bytes) -> str | None:
        """Why a message is not a value of the type; None if it is one."""
        try:
            self.decode(message)
        except Unfit as unfit:
            return str(unfit)
        return None


def payload(name: str, resolve: model.Resolve) -> Payload:
    """The type with this name. Raises UnknownType."""
    interface_name, _, type_name = name.partition("#")
    package_name, slash, rest = interface_name.partition("/")
    found: model.TypeDef | None
    local, _, version = rest.partition("@")
    if not (type_name and slash and local):
        raise UnknownType(f"`{name}` is not the name of a type", 'a type is "namespace:package/interface@version#type"')
    package = resolve.package(f"{package_name}@{version}" if version else package_name)
    interface = package.interfaces.get(local) if package else None
    if interface is None:
        known = [full for each in resolve.interfaces if (full := each.qualified_name)]
        raise UnknownType(f"there is no interface `{interface_name}`", _likely(interface_name, known))
    found = interface.types.get(type_name)
    if found is None:
        raise UnknownType(f"`{interface_name}` has no type `{type_name}`", _likely(type_name, list(interface.types)))
    made = abi_type(found)
    if (part := unsupported(made)) is not None:
        raise UnknownType(f"messages cannot have the type `{name}`: it contains {part}")
    return Payload(name, made)


def _likely(name: str, known: list[str]) -> str:
    likely = closest(name, known)
    return f"did you mean `{likely}`?" if likely else f"there is: {', '.join(known) or 'nothing'}"


def _parsed(message: bytes) -> Any:
    """The JSON of a message. Raises Unfit."""
    try:
        return json.loads(message.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise Unfit(_DEEP) from None
    except UnicodeDecodeError as wrong:
        raise Unfit(f"UTF-8: byte {wrong.start}") from None
    except json.JSONDecodeError as wrong:
        raise Unfit(f"JSON: {wrong.msg} at character {wrong.pos}") from None
    except ValueError as wrong:
        raise Unfit(f"JSON: {wrong}") from None


_DEEP: Final = "JSON of a sensible depth"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("an object has a name twice")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"`{name}` is a string in JSON")
