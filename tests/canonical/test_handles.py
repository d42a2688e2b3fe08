"""Handles: when a call begins and ends for its handles, and the short way for methods that are lent only objects."""

from __future__ import annotations

from typing import Any

import pytest

from tests.canonical import sorts
from tests.canonical.fake import ComponentInstance, Options, Stopped, Thing, Tools, core, read_raw, write_raw
from tests.canonical.plain import Context
from tests.canonical.test_values import address_of
from witkit import abi
from witkit.canonical.errors import Violation
from witkit.canonical.functions import export_codec, import_codec, observed_codec

OWN, BORROW = abi.Own(sorts.THING), abi.Borrow(sorts.THING)


def tools() -> Tools:
    return Tools(Context(bytearray(1 << 12)))


class Counter:
    """An object of the host with a method."""

    def add(self, number: int) -> int:
        return number + 1


ADD = abi.Func("[method]thing.add", "add", (abi.Param("n", abi.U32),), abi.U32, "method", sorts.THING)


def called(func: abi.Func, inst: ComponentInstance, target: Any, *cores: int, codec: Any = import_codec) -> int:
    """Call an import with i32s; gives its i32."""
    raw = bytearray(16 * 4)
    address = address_of(raw)
    write_raw(address, ["i32"] * len(cores), list(cores))
    codec(func, Options())(inst, tools(), target)(address)
    return int(read_raw(address, ["i32"])[0])


def test_a_method_is_called_on_its_object() -> None:
    inst = ComponentInstance([None, Counter()], host=True)
    assert called(ADD, inst, None, 1, 41) == 42
    assert inst.log == ["lent thing"]


def test_a_method_of_a_guests_resource_has_a_call() -> None:
    inst = ComponentInstance([None, Counter()])
    assert called(ADD, inst, None, 1, 41) == 42
    assert inst.log == ["begin", "borrow thing", "end True"]


def test_an_observed_method_gets_its_object() -> None:
    seen: list[Any] = []
    inst, counter = ComponentInstance([None, Counter()], host=True), None

    def target(*values: Any) -> int:
        seen.extend(values)
        return 7

    counter = inst.handles[1]
    assert called(ADD, inst, target, 1, 41, codec=observed_codec) == 7
    assert seen == [counter, 41]


def test_other_handles_beside_self_have_a_call() -> None:
    func = abi.Func("[method]thing.join", "join", (abi.Param("other", OWN),), None, "method", sorts.THING)

    class Joining(Counter):
        def join(self, other: Any) -> None:
            joined.append(other)

    joined: list[Any] = []
    inst = ComponentInstance([None, Joining(), Thing(3)], host=True)
    called(func, inst, None, 1, 2)
    assert joined == [Thing(3)]
    assert inst.log == ["begin", "borrow thing", "own thing", "end False"]


def test_handles_that_were_not_sent_are_taken_back() -> None:
    func = abi.Func("take", "take", (abi.Param("a", OWN), abi.Param("b", abi.U8)))
    inst = ComponentInstance([])
    call = export_codec(func, Options())(inst, tools(), core(lambda address: None), None)
    with pytest.raises(ValueError, match=r"take\(b\): expected u8, got 300"):
        call(Thing(1), 300)
    assert inst.log == ["begin", "end False"]
    call(Thing(1), 3)
    assert inst.log[2:] == ["begin", "end True"]


def test_a_result_that_is_refused_is_not_sent() -> None:
    func = abi.Func("give", "give", (), abi.Tuple((OWN, abi.U8)))
    inst = ComponentInstance([])
    with pytest.raises(ValueError, match=r"give\(\) result\[1\]: expected u8, got 300"):
        called(func, inst, lambda: (Thing(1), 300), 64)
    assert inst.log == ["begin", "end False"]


def test_what_was_lent_must_be_back_when_the_export_returns() -> None:
    order: list[str] = []

    class Strict(ComponentInstance):
        def begin(self) -> Any:
            handles = super().begin()

            def returned() -> None:
                order.append("returned")
                if self.log.count("begin") == 2:
                    raise Violation("borrow handles still remain at the end of the call")

            handles.returned = returned  # type: ignore[method-assign]
            return handles

    func = abi.Func("use", "use", (abi.Param("a", abi.Option(BORROW)),), abi.U8)
    inst = Strict([])
    run, after = (core(lambda address, name=name: order.append(name)) for name in ("call", "after"))  # type: ignore[misc]
    call = export_codec(func, Options())(inst, tools(), run, after)
    call(Thing(1))
    assert order == ["call", "returned", "after"]
    with pytest.raises(Stopped, match="`use` stopped: borrow handles still remain"):
        call(Thing(1))
    assert order[3:] == ["call", "returned"]
    assert inst.log[-1] == "end True"


def test_handles_of_two_resources_are_kept_apart() -> None:
    other = abi.Resource("other", "Other")
    func = abi.Func("take", "take", (abi.Param("a", OWN), abi.Param("b", abi.Own(other)), abi.Param("c", OWN)))
    inst = ComponentInstance([Thing(0), Thing(1), Thing(2)])
    called(func, inst, lambda *given: None, 0, 1, 2)
    assert inst.log[1:4] == ["own thing", "own other", "own thing"]
