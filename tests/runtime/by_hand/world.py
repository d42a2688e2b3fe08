"""What a generated package for `guests/resources.wit` holds, written by hand."""

from __future__ import annotations

from typing import Any, Literal

from witkit import abi
from witkit.runtime import Component, ExportedInterface, GuestResource, Instance, Prepared

_store = abi.Resource("store", "Store")
_lent, _owned = abi.Borrow(_store), abi.Own(_store)
STORES = abi.Interface(
    "t:r/stores",
    (
        abi.Func(
            "[constructor]store", "__init__", (abi.Param("name", abi.STRING),), _owned,
            kind="constructor", resource=_store,
        ),
        abi.Func(
            "[method]store.get", "get", (abi.Param("key", abi.STRING),), abi.STRING, kind="method", resource=_store
        ),
        abi.Func(
            "[static]store.open", "open", (abi.Param("name", abi.STRING),), abi.Result(_owned, abi.STRING),
            kind="static", resource=_store, raises=True,
        ),
        abi.Func("same", "same", (abi.Param("a", _lent), abi.Param("b", _lent)), abi.BOOL),
        abi.Func("count", "count", (abi.Param("all", abi.List(_lent)),), abi.U32),
        abi.Func("give", "give", (abi.Param("s", _owned),), abi.U32),
        abi.Func("all", "all", (), abi.List(_owned)),
    ),
    (_store,),
)  # fmt: skip


class Counter(GuestResource):
    """A counter of the guest's."""

    def __init__(self, start: int) -> None:
        self._adopt(self._exports["[constructor]counter"](start))

    def next(self) -> int:
        result: int = self._exports["[method]counter.next"](self)
        return result

    @classmethod
    def make(cls, n: int) -> Counter:
        result: Counter = cls._exports["[static]counter.make"](n)
        return result


class Holder:
    """A record with a handle in it."""

    def __init__(self, one: Counter, label: int) -> None:
        self.one, self.label = one, label


_counter = abi.Resource("counter", "Counter", Counter)
_one, _own = abi.Borrow(_counter), abi.Own(_counter)
_holder = abi.Record("holder", Holder, (abi.Field("one", "one", _own), abi.Field("label", "label", abi.U32)))
COUNTERS = abi.Interface(
    "t:r/counters",
    (
        abi.Func(
            "[constructor]counter", "__init__", (abi.Param("start", abi.U32),), _own,
            kind="constructor", resource=_counter,
        ),
        abi.Func("[method]counter.next", "next", (), abi.U32, kind="method", resource=_counter),
        abi.Func(
            "[static]counter.make", "make", (abi.Param("n", abi.U32),), abi.Result(_own, abi.STRING),
            kind="static", resource=_counter, raises=True,
        ),
        abi.Func("sum", "sum", (abi.Param("a", _one), abi.Param("b", _one)), abi.U32),
        abi.Func("eat", "eat", (abi.Param("c", _own),), abi.U32),
        abi.Func("many", "many", (abi.Param("n", abi.U32),), abi.List(_own)),
        abi.Func("hold", "hold", (), _holder),
        abi.Func("unhold", "unhold", (abi.Param("h", _holder),), abi.U32),
        abi.Func("dropped", "dropped", (), abi.U32),
    ),
    (_counter,),
)  # fmt: skip
WORLD = abi.World(
    "t:r/w",
    imports=(abi.Import("stores", STORES),),
    exports=(COUNTERS,),
    export_functions=(
        abi.Func("two", "two", (), abi.BOOL),
        abi.Func("in-list", "in_list", (), abi.U32),
        abi.Func("make", "make", (), _owned),
        abi.Func("take", "take", (abi.Param("s", _owned),)),
        abi.Func("look", "look", (abi.Param("s", _lent),), abi.STRING),
        abi.Func("pass-on", "pass_on", (), abi.U32),
        abi.Func("drop-all", "drop_all", (), abi.U32),
        abi.Func("leak", "leak", (abi.Param("n", abi.U32),)),
        abi.Func("open", "open", (), abi.U32),
    ),
)


class Counters(ExportedInterface[Literal["t:r/counters"]]):
    def __init__(self, instance: Instance) -> None:
        super().__init__(instance, COUNTERS)
        self.Counter = self._bind(Counter)

    def call(self, name: str, *values: Any) -> Any:
        return self._exports[name](*values)


class World(Instance):
    _world = WORLD

    @property
    def counters(self) -> Counters:
        return Counters(self)

    def call(self, name: str, *values: Any) -> Any:
        return self._exports[name](*values)


class WorldComponent(Component):
    _world = WORLD

    def instantiate(self, *, stores: object) -> World:
        return self.prepare(stores=stores).instantiate()

    def prepare(self, *, stores: object) -> Prepared[World]:
        return self._prepare(World, {"stores": stores}, ())
