# Source: names:hard/list@1.0.0

"""The imported interface `names:hard/list@1.0.0`."""

# This module is called `list_import` because `list` is taken.

from __future__ import annotations

import builtins
import enum
from dataclasses import dataclass
from typing import Protocol as _Protocol
from typing import TypeAlias as _TypeAlias

from witkit import abi as _abi
from witkit.abi import Err as _Err
from witkit.abi import Ok as _Ok
from witkit.abi import Some
from witkit.abi import deprecated as _deprecated

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


@dataclass(slots=True)
class Text:
    """Fields that hide builtins."""

    int: builtins.int
    str: builtins.str
    list: bytes
    none: builtins.str | None
    self: bool
    cls: builtins.str
    class_: builtins.list[builtins.list[builtins.str]]


class Enum(enum.Enum):
    """Cases in Python's own words."""

    NONE = 0
    TRUE = 1
    VALUE = 2
    NAME = 3
    MRO = 4


class Flags(enum.Flag):
    """The flags `flags`."""

    AUTO = 1 << 0
    NONE = 1 << 1
    A_B = 1 << 2


@dataclass(slots=True)
class Protocol_None_:
    """The case `none` of `protocol`."""


@dataclass(slots=True)
class Protocol_Ok:
    """The case `ok` of `protocol`."""

    value: Text


@dataclass(slots=True)
class Protocol_Err:
    """The case `err` of `protocol`."""

    value: tuple[builtins.int]


@dataclass(slots=True)
class Protocol_True_:
    """The case `true` of `protocol`."""

    value: Some[builtins.int | None] | None


Protocol: _TypeAlias = Protocol_None_ | Protocol_Ok | Protocol_Err | Protocol_True_
"""The variant `protocol`."""


@dataclass(slots=True)
class Ok:
    """The record `ok`."""

    a: builtins.int


@dataclass(slots=True)
class Err:
    """The record `err`."""

    b: Ok
    c: _Ok[Ok] | _Err[Protocol]
    d: _Ok[None] | _Err[None]
    e: _Ok[None] | _Err[builtins.str]


@dataclass(slots=True)
class Dataclass:
    """The record `dataclass`."""

    q: builtins.int


@dataclass(slots=True)
class TypeAlias:
    """The record `type-alias`."""

    q: builtins.int


Result: _TypeAlias = _Ok[builtins.int] | _Err[builtins.str]


Builtins: _TypeAlias = builtins.int


class None_(_Protocol):
    """The resource `none`."""

    def __init__(self, self_: builtins.int, cls_: builtins.str, /) -> None:
        """Make a new `none`.

        Raises:
            Err: with a value of type `Err`.
        """
        ...

    def close(self, result: builtins.int, /) -> builtins.int:
        """The method `close` of `none`."""
        ...

    @builtins.classmethod
    def self(cls, cls_: builtins.list[builtins.str], /) -> None_:
        """The static function `self` of `none`."""
        ...

    def property(self) -> builtins.list[builtins.int]:
        """The method `property` of `none`."""
        ...

    @builtins.classmethod
    def classmethod(cls, self_: builtins.str, /) -> None_ | None:
        """The static function `classmethod` of `none`."""
        ...

    def deprecated(self, type: builtins.str, int: builtins.int, /) -> None:
        """The method `deprecated` of `none`."""
        ...

    @_deprecated("deprecated since version 1.0.0")
    def old(self) -> builtins.int:
        """The method `old` of `none`."""
        ...


class World(_Protocol):
    """The resource `world`."""

    def __init__(self) -> None:
        """Make a new `world`."""
        ...

    def str(self) -> builtins.str:
        """The method `str` of `world`."""
        ...

    def int(self, a: World, /) -> World:
        """The method `int` of `world`."""
        ...


class List(_Protocol):
    """Docs with \"\"\", a \\d and a "quote\" """

    def str(self, str: builtins.str, int: builtins.int, /) -> builtins.str:
        """The function `str`."""
        ...

    def int(self) -> tuple[builtins.int, builtins.str]:
        """The function `int`."""
        ...

    def dict(
        self, m: builtins.dict[builtins.str, builtins.int], /
    ) -> Some[Some[builtins.str | None] | None] | None:
        """The function `dict`."""
        ...

    def type(self, x: Result, /) -> builtins.int:
        """The function `type`.

        Raises:
            Err: with a value of type `builtins.str`.
        """
        ...

    def async_(self) -> None:
        """The function `async`."""
        ...

    def abi(self) -> bytes:
        """The function `abi`."""
        ...

    def runtime(self) -> bytes:
        """The function `runtime`."""
        ...

    def functools(self) -> float:
        """The function `functools`."""
        ...

    def property(self) -> float:
        """The function `property`."""
        ...

    @builtins.property
    def None_(self) -> builtins.type[None_]:
        """The class that implements the resource `none`."""
        ...

    @builtins.property
    def World(self) -> builtins.type[World]:
        """The class that implements the resource `world`."""
        ...


# What the runtime knows of these types and functions.
TEXT_TYPE = _abi.Record(
    "text",
    Text,
    (
        _abi.Field("int", "int", _abi.U32),
        _abi.Field("str", "str", _abi.STRING),
        _abi.Field("list", "list", _abi.List(_abi.U8)),
        _abi.Field("none", "none", _abi.Option(_abi.STRING)),
        _abi.Field("self", "self", _abi.BOOL),
        _abi.Field("cls", "cls", _abi.CHAR),
        _abi.Field("class", "class_", _abi.List(_abi.List(_abi.STRING))),
    ),
)
ENUM_TYPE = _abi.Enum("enum", Enum, ("none", "true", "value", "name", "mro"))
FLAGS_TYPE = _abi.Flags("flags", Flags, ("auto", "none", "a-b"))
PROTOCOL_TYPE = _abi.Variant(
    "protocol",
    (
        _abi.Case("none", Protocol_None_),
        _abi.Case("ok", Protocol_Ok, TEXT_TYPE),
        _abi.Case("err", Protocol_Err, _abi.Tuple((_abi.U8,))),
        _abi.Case("true", Protocol_True_, _abi.Option(_abi.Option(_abi.U8))),
    ),
)
OK_TYPE = _abi.Record("ok", Ok, (_abi.Field("a", "a", _abi.U8),))
ERR_TYPE = _abi.Record(
    "err",
    Err,
    (
        _abi.Field("b", "b", OK_TYPE),
        _abi.Field("c", "c", _abi.Result(OK_TYPE, PROTOCOL_TYPE)),
        _abi.Field("d", "d", _abi.Result(None, None)),
        _abi.Field("e", "e", _abi.Result(None, _abi.STRING)),
    ),
)
DATACLASS_TYPE = _abi.Record("dataclass", Dataclass, (_abi.Field("q", "q", _abi.U8),))
TYPE_ALIAS_TYPE = _abi.Record("type-alias", TypeAlias, (_abi.Field("q", "q", _abi.U8),))
RESULT_TYPE = _abi.Result(_abi.U8, _abi.STRING)
NONE_TYPE = _abi.Resource("none", "None_")
WORLD_TYPE = _abi.Resource("world", "World")
INTERFACE = _abi.Interface(
    "names:hard/list@1.0.0",
    functions=(
        _abi.Func(
            "[constructor]none",
            "__init__",
            (_abi.Param("self", _abi.U32), _abi.Param("cls", _abi.STRING)),
            _abi.Result(_abi.Own(NONE_TYPE), ERR_TYPE),
            kind="constructor",
            resource=NONE_TYPE,
            raises=True,
        ),
        _abi.Func(
            "[method]none.close",
            "close",
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
            "type", "type", (_abi.Param("x", RESULT_TYPE),), RESULT_TYPE, raises=True
        ),
        _abi.Func("async", "async_", ()),
        _abi.Func("abi", "abi", (), _abi.List(_abi.U8)),
        _abi.Func("runtime", "runtime", (), _abi.List(_abi.U8)),
        _abi.Func("functools", "functools", (), _abi.F32),
        _abi.Func("property", "property", (), _abi.F64),
    ),
    resources=(NONE_TYPE, WORLD_TYPE),
)
