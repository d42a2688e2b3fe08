# Source: names:hard/list@1.0.0

"""The exported interface `names:hard/list@1.0.0`."""

# This module is called `list_export` because `list` is taken.

from __future__ import annotations

import builtins
from typing import Literal

from witkit import abi as _abi
from witkit import runtime as _runtime
from witkit.abi import Some
from witkit.abi import deprecated as _deprecated

from . import list_import
from .list_import import (
    Builtins,
    Dataclass,
    Enum,
    Err,
    Flags,
    Ok,
    Protocol,
    Protocol_Err,
    Protocol_None_,
    Protocol_Ok,
    Protocol_True_,
    Result,
    Text,
    TypeAlias,
)

__all__ = [
    "INTERFACE",
    "Builtins",
    "Dataclass",
    "Enum",
    "Err",
    "Flags",
    "List",
    "None_",
    "Ok",
    "Protocol",
    "Protocol_Err",
    "Protocol_None_",
    "Protocol_Ok",
    "Protocol_True_",
    "Result",
    "Text",
    "TypeAlias",
    "World",
]


class None_(_runtime.GuestResource):
    """The resource `none`."""

    def __init__(self, self_: builtins.int, cls_: builtins.str) -> None:
        """Make a new `none`.

        Raises:
            Err: with a value of type `Err`.
        """
        self._adopt(self._exports["[constructor]none"](self_, cls_))

    # `close` in WIT; that name is taken here.
    def close_(self, result: builtins.int) -> builtins.int:
        """The method `close` of `none`."""
        result_: builtins.int = self._exports["[method]none.close"](self, result)
        return result_

    @builtins.classmethod
    def self(cls, cls_: builtins.list[builtins.str]) -> None_:
        """The static function `self` of `none`."""
        result: None_ = cls._exports["[static]none.self"](cls_)
        return result

    def property(self) -> builtins.list[builtins.int]:
        """The method `property` of `none`."""
        result: builtins.list[builtins.int] = self._exports["[method]none.property"](
            self
        )
        return result

    @builtins.classmethod
    def classmethod(cls, self_: builtins.str) -> None_ | None:
        """The static function `classmethod` of `none`."""
        result: None_ | None = cls._exports["[static]none.classmethod"](self_)
        return result

    def deprecated(self, type: builtins.str, int: builtins.int) -> None:
        """The method `deprecated` of `none`."""
        self._exports["[method]none.deprecated"](self, type, int)

    @_deprecated("deprecated since version 1.0.0")
    def old(self) -> builtins.int:
        """The method `old` of `none`."""
        result: builtins.int = self._exports["[method]none.old"](self)
        return result


class World(_runtime.GuestResource):
    """The resource `world`."""

    def __init__(self) -> None:
        """Make a new `world`."""
        self._adopt(self._exports["[constructor]world"]())

    def str(self) -> builtins.str:
        """The method `str` of `world`."""
        result: builtins.str = self._exports["[method]world.str"](self)
        return result

    def int(self, a: World) -> World:
        """The method `int` of `world`."""
        result: World = self._exports["[method]world.int"](self, a)
        return result


class List(_runtime.ExportedInterface[Literal["names:hard/list"]]):
    """Docs with \"\"\", a \\d and a "quote\" """

    def __init__(
        self, instance: _runtime.Instance, interface: _abi.Interface | None = None
    ) -> None:
        """Bind the interface to an instance; `interface` is that of a labelled export."""
        super().__init__(instance, interface or INTERFACE)
        self.None_ = self._bind(None_)
        self.World = self._bind(World)

    def str(self, str: builtins.str, int: builtins.int) -> builtins.str:
        """The function `str`."""
        result: builtins.str = self._exports["str"](str, int)
        return result

    def int(self) -> tuple[builtins.int, builtins.str]:
        """The function `int`."""
        result: tuple[builtins.int, builtins.str] = self._exports["int"]()
        return result

    def dict(
        self, m: builtins.dict[builtins.str, builtins.int]
    ) -> Some[Some[builtins.str | None] | None] | None:
        """The function `dict`."""
        result: Some[Some[builtins.str | None] | None] | None = self._exports["dict"](m)
        return result

    def type(self, x: Result) -> builtins.int:
        """The function `type`.

        Raises:
            Err: with a value of type `builtins.str`.
        """
        result: builtins.int = self._exports["type"](x)
        return result

    def async_(self) -> None:
        """The function `async`."""
        self._exports["async"]()

    def abi(self) -> bytes:
        """The function `abi`."""
        result: bytes = self._exports["abi"]()
        return result

    def runtime(self) -> bytes:
        """The function `runtime`."""
        result: bytes = self._exports["runtime"]()
        return result

    def functools(self) -> float:
        """The function `functools`."""
        result: float = self._exports["functools"]()
        return result

    def property(self) -> float:
        """The function `property`."""
        result: float = self._exports["property"]()
        return result


# What the runtime knows of these types and functions.
NONE_TYPE = _abi.Resource("none", "None_", None_)
WORLD_TYPE = _abi.Resource("world", "World", World)
INTERFACE = _abi.Interface(
    "names:hard/list@1.0.0",
    functions=(
        _abi.Func(
            "[constructor]none",
            "__init__",
            (_abi.Param("self", _abi.U32), _abi.Param("cls", _abi.STRING)),
            _abi.Result(_abi.Own(NONE_TYPE), list_import.ERR_TYPE),
            kind="constructor",
            resource=NONE_TYPE,
            raises=True,
        ),
        _abi.Func(
            "[method]none.close",
            "close_",
            (_abi.Param("result", _abi.U32),),
            _abi.U32,
            kind="method",
            resource=NONE_TYPE,
        ),
        _abi.Func(
            "[static]none.self",
            "self",
            (_abi.Param("cls", _abi.List(_abi.STRING)),),
            _abi.Own(NONE_TYPE),
            kind="static",
            resource=NONE_TYPE,
        ),
        _abi.Func(
            "[method]none.property",
            "property",
            (),
            _abi.List(_abi.U32),
            kind="method",
            resource=NONE_TYPE,
        ),
        _abi.Func(
            "[static]none.classmethod",
            "classmethod",
            (_abi.Param("self", _abi.STRING),),
            _abi.Option(_abi.Own(NONE_TYPE)),
            kind="static",
            resource=NONE_TYPE,
        ),
        _abi.Func(
            "[method]none.deprecated",
            "deprecated",
            (_abi.Param("type", _abi.STRING), _abi.Param("int", _abi.U32)),
            kind="method",
            resource=NONE_TYPE,
        ),
        _abi.Func(
            "[method]none.old", "old", (), _abi.U8, kind="method", resource=NONE_TYPE
        ),
        _abi.Func(
            "[constructor]world",
            "__init__",
            (),
            _abi.Own(WORLD_TYPE),
            kind="constructor",
            resource=WORLD_TYPE,
        ),
        _abi.Func(
            "[method]world.str",
            "str",
            (),
            _abi.STRING,
            kind="method",
            resource=WORLD_TYPE,
        ),
        _abi.Func(
            "[method]world.int",
            "int",
            (_abi.Param("a", _abi.Borrow(WORLD_TYPE)),),
            _abi.Own(WORLD_TYPE),
            kind="method",
            resource=WORLD_TYPE,
        ),
        _abi.Func(
            "str",
            "str",
            (_abi.Param("str", _abi.STRING), _abi.Param("int", _abi.U8)),
            _abi.STRING,
        ),
        _abi.Func("int", "int", (), _abi.Tuple((_abi.U8, _abi.STRING))),
        _abi.Func(
            "dict",
            "dict",
            (_abi.Param("m", _abi.Map(_abi.STRING, _abi.U8)),),
            _abi.Option(_abi.Option(_abi.Option(_abi.STRING))),
        ),
        _abi.Func(
            "type",
            "type",
            (_abi.Param("x", list_import.RESULT_TYPE),),
            list_import.RESULT_TYPE,
            raises=True,
        ),
        _abi.Func("async", "async_", ()),
        _abi.Func("abi", "abi", (), _abi.List(_abi.U8)),
        _abi.Func("runtime", "runtime", (), _abi.List(_abi.U8)),
        _abi.Func("functools", "functools", (), _abi.F32),
        _abi.Func("property", "property", (), _abi.F64),
    ),
    resources=(NONE_TYPE, WORLD_TYPE),
)
