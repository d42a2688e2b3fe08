# Source: names:hard/list-world@1.0.0

"""Host bindings of the world `names:hard/list-world@1.0.0`."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Protocol

from witkit import abi as _abi
from witkit import runtime as _runtime
from witkit.abi import Ok, Some

from . import (
    abi,
    functools,
    functools_export,
    later,
    limited,
    limits,
    list_export,
    list_import,
    runtime,
    runtime_export,
    str_export,
    str_import,
    wasi,
)
from .functools import Functools as _Functools
from .functools_export import Functools
from .later import Later
from .limited import Limited
from .limits import Limits
from .list_export import List
from .list_import import List as _List
from .list_import import None_
from .list_import import Ok as Err
from .list_import import World as Planet
from .runtime import Runtime as _Runtime
from .runtime_export import Runtime
from .str_export import Str
from .str_import import Str as _Str
from .wasi import Wasi

__all__ = [
    "WORLD",
    "Err",
    "Instance",
    "ListWorld",
    "ListWorldWorld",
    "ListWorldWorldComponent",
    "ListWorldWorldImports",
    "None_",
    "Ok",
    "Orders",
    "Planet",
    "Some",
    "abi",
    "functools",
    "functools_export",
    "later",
    "limited",
    "limits",
    "list_export",
    "list_import",
    "runtime",
    "runtime_export",
    "str_export",
    "str_import",
    "wasi",
]


@dataclass(slots=True)
class ListWorld:
    """The record `list-world`."""

    ok: Err


@dataclass(slots=True)
class Instance:
    """The record `instance`."""

    ok: Err


class Orders(Protocol):
    """The resource `orders`."""

    def __init__(self) -> None:
        """Make a new `orders`."""
        ...

    def get(self) -> ListWorld:
        """The method `get` of `orders`."""
        ...


class ListWorldWorldImports(Protocol):
    """What the world `names:hard/list-world@1.0.0` imports by itself, outside of interfaces."""

    def self(self, self_: ListWorld, /) -> Orders:
        """The function `self`."""
        ...

    @property
    def Orders(self) -> type[Orders]:
        """The class that implements the resource `orders`."""
        ...


# What the runtime knows of these types and functions.
LIST_WORLD_TYPE = _abi.Record(
    "list-world", ListWorld, (_abi.Field("ok", "ok", list_import.OK_TYPE),)
)
INSTANCE_TYPE = _abi.Record(
    "instance", Instance, (_abi.Field("ok", "ok", list_import.OK_TYPE),)
)
ORDERS_TYPE = _abi.Resource("orders", "Orders")
WORLD = _abi.World(
    "names:hard/list-world@1.0.0",
    imports=(
        _abi.Import("list", list_import.INTERFACE),
        _abi.Import("runtime", runtime.INTERFACE),
        _abi.Import("functools", functools.INTERFACE),
        _abi.Import("str", str_import.INTERFACE),
        _abi.Import("kv1", list_import.INTERFACE, "kv1"),
        _abi.Import("kv2", list_import.INTERFACE, "kv2"),
        _abi.Import("wasi_", wasi.INTERFACE),
        _abi.Import("limits_", limits.INTERFACE),
        _abi.Import("later", later.INTERFACE),
    ),
    exports=(
        list_export.INTERFACE,
        runtime_export.INTERFACE,
        functools_export.INTERFACE,
        str_export.INTERFACE,
        replace(str_export.INTERFACE, name="one"),
        replace(str_export.INTERFACE, name="two"),
        limited.INTERFACE,
    ),
    import_functions=(
        _abi.Func(
            "self",
            "self",
            (_abi.Param("self", LIST_WORLD_TYPE),),
            _abi.Own(ORDERS_TYPE),
        ),
        _abi.Func(
            "[constructor]orders",
            "__init__",
            (),
            _abi.Own(ORDERS_TYPE),
            kind="constructor",
            resource=ORDERS_TYPE,
        ),
        _abi.Func(
            "[method]orders.get",
            "get",
            (),
            LIST_WORLD_TYPE,
            kind="method",
            resource=ORDERS_TYPE,
        ),
    ),
    import_resources=(ORDERS_TYPE,),
    export_functions=(
        _abi.Func(
            "close", "close_", (_abi.Param("x", LIST_WORLD_TYPE),), INSTANCE_TYPE
        ),
        _abi.Func("load", "load", (), is_async=True),
        _abi.Func("list2", "list2", (), _abi.List(_abi.STRING)),
        _abi.Func("world", "world", (_abi.Param("world", _abi.U32),), _abi.U32),
    ),
)


# Called `ListWorldWorld` because `ListWorld` is a type.
class ListWorldWorld(_runtime.Instance):
    """The world \"\"\" \\"""

    _world = WORLD

    @cached_property
    def list(self) -> List:
        """The exported interface `names:hard/list@1.0.0`."""
        return List(self)

    @cached_property
    def runtime(self) -> Runtime:
        """The exported interface `names:hard/runtime@1.0.0`."""
        return Runtime(self)

    @cached_property
    def functools(self) -> Functools:
        """The exported interface `names:hard/functools@1.0.0`."""
        return Functools(self)

    @cached_property
    def str(self) -> Str:
        """The exported interface `names:hard/str@1.0.0`."""
        return Str(self)

    @cached_property
    def one(self) -> Str:
        """The exported interface `one`."""
        return Str(self, replace(str_export.INTERFACE, name="one"))

    @cached_property
    def two(self) -> Str:
        """The exported interface `two`."""
        return Str(self, replace(str_export.INTERFACE, name="two"))

    # Called `limited_` because `limited` is taken here.
    @cached_property
    def limited_(self) -> Limited:
        """The exported interface `limited`."""
        return Limited(self)

    # `close` in WIT; that name is taken here.
    def close_(self, x: ListWorld) -> Instance:
        """The function `close`."""
        result: Instance = self._exports["close"](x)
        return result

    async def load(self) -> None:
        """The function `load`."""
        await self._exports["load"]()

    def list2(self) -> builtins.list[builtins.str]:
        """The function `list2`."""
        result: builtins.list[builtins.str] = self._exports["list2"]()
        return result

    def world(self, world: int) -> int:
        """The function `world`."""
        result: int = self._exports["world"](world)
        return result


class ListWorldWorldComponent(_runtime.Component):
    """A compiled component of the world `names:hard/list-world@1.0.0`.

    `load` reads it from a file. Any number of instances can be made of it, in several threads.
    """

    _world = WORLD

    def instantiate(
        self,
        *,
        list: _List | _runtime.ExportedInterface[Literal["names:hard/list"]] | None,
        runtime: (
            _Runtime | _runtime.ExportedInterface[Literal["names:hard/runtime"]] | None
        ),
        functools: (
            _Functools
            | _runtime.ExportedInterface[Literal["names:hard/functools"]]
            | None
        ),
        str: _Str | _runtime.ExportedInterface[Literal["names:hard/str"]] | None,
        kv1: _List | _runtime.ExportedInterface[Literal["names:hard/list"]] | None,
        kv2: _List | _runtime.ExportedInterface[Literal["names:hard/list"]] | None,
        # Called `wasi_` because `wasi` is taken here.
        wasi_: Wasi | _runtime.ExportedInterface[Literal["wasi"]] | None,
        # Called `limits_` because `limits` is taken here.
        limits_: Limits | _runtime.ExportedInterface[Literal["limits"]] | None,
        later: Later | _runtime.ExportedInterface[Literal["later"]] | None,
        world: ListWorldWorldImports | None,
        wasi: _runtime.Wasi | None = None,
        limits: _runtime.Limits | None = None,
        optional: Iterable[builtins.str] = (),
    ) -> ListWorldWorld:
        """Make an instance.

        An import may be `None` only if `optional` names it, or if it belongs to WASI 0.2.
        """
        return self._instantiate(
            ListWorldWorld,
            {
                "list": list,
                "runtime": runtime,
                "functools": functools,
                "str": str,
                "kv1": kv1,
                "kv2": kv2,
                "wasi_": wasi_,
                "limits_": limits_,
                "later": later,
                "": world,
            },
            wasi,
            limits,
            optional,
        )

    def prepare(
        self,
        *,
        list: _List | _runtime.ExportedInterface[Literal["names:hard/list"]] | None,
        runtime: (
            _Runtime | _runtime.ExportedInterface[Literal["names:hard/runtime"]] | None
        ),
        functools: (
            _Functools
            | _runtime.ExportedInterface[Literal["names:hard/functools"]]
            | None
        ),
        str: _Str | _runtime.ExportedInterface[Literal["names:hard/str"]] | None,
        kv1: _List | _runtime.ExportedInterface[Literal["names:hard/list"]] | None,
        kv2: _List | _runtime.ExportedInterface[Literal["names:hard/list"]] | None,
        # Called `wasi_` because `wasi` is taken here.
        wasi_: Wasi | _runtime.ExportedInterface[Literal["wasi"]] | None,
        # Called `limits_` because `limits` is taken here.
        limits_: Limits | _runtime.ExportedInterface[Literal["limits"]] | None,
        later: Later | _runtime.ExportedInterface[Literal["later"]] | None,
        world: ListWorldWorldImports | None,
        optional: Iterable[builtins.str] = (),
    ) -> _runtime.Prepared[ListWorldWorld]:
        """Match and link the imports once, to make many instances."""
        return self._prepare(
            ListWorldWorld,
            {
                "list": list,
                "runtime": runtime,
                "functools": functools,
                "str": str,
                "kv1": kv1,
                "kv2": kv2,
                "wasi_": wasi_,
                "limits_": limits_,
                "later": later,
                "": world,
            },
            optional,
        )
