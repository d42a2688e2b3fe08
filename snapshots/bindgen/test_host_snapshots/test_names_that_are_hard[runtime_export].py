# Source: names:hard/runtime@1.0.0

"""The exported interface `names:hard/runtime@1.0.0`."""

# This module is called `runtime_export` because `runtime` is taken.

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from witkit import abi, runtime

from . import list_export, list_import
from .list_export import None_ as Nothing
from .list_export import World
from .runtime import Protocol

__all__ = [
    "INTERFACE",
    "A",
    "Nothing",
    "Protocol",
    "Runtime",
    "World",
]


@dataclass(slots=True)
class A:
    """The record `a`."""

    x: World


class Runtime(runtime.ExportedInterface[Literal["names:hard/runtime"]]):
    """The interface `names:hard/runtime@1.0.0`."""

    def __init__(
        self, instance: runtime.Instance, interface: abi.Interface | None = None
    ) -> None:
        """Bind the interface to an instance; `interface` is that of a labelled export."""
        super().__init__(instance, interface or INTERFACE)

    def f(self, a: Nothing) -> World:
        """The function `f`."""
        result: World = self._exports["f"](a)
        return result

    def super(self, p: Protocol) -> Protocol:
        """The function `super`."""
        result: Protocol = self._exports["super"](p)
        return result

    def g(self, a: A) -> Protocol:
        """The function `g`."""
        result: Protocol = self._exports["g"](a)
        return result


# What the runtime knows of these types and functions.
A_TYPE = abi.Record("a", A, (abi.Field("x", "x", abi.Own(list_export.WORLD_TYPE)),))
INTERFACE = abi.Interface(
    "names:hard/runtime@1.0.0",
    functions=(
        abi.Func(
            "f",
            "f",
            (abi.Param("a", abi.Borrow(list_export.NONE_TYPE)),),
            abi.Own(list_export.WORLD_TYPE),
        ),
        abi.Func(
            "super",
            "super",
            (abi.Param("p", list_import.PROTOCOL_TYPE),),
            list_import.PROTOCOL_TYPE,
        ),
        abi.Func("g", "g", (abi.Param("a", A_TYPE),), list_import.PROTOCOL_TYPE),
    ),
)
