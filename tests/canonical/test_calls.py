"""How a call uses its store: the token, what is prepared, calls within calls."""

from __future__ import annotations

from threading import get_ident
from typing import Any

import pytest

from tests.canonical.fake import ComponentInstance, Options, Tools, core, read_raw, write_raw
from tests.canonical.plain import Context
from witkit import abi
from witkit.canonical.functions import export_codec, inner_codec

ECHO = abi.Func("echo", "echo", (abi.Param("n", abi.U32),), abi.U32)


def bound(
    run: Any, inst: ComponentInstance, func: abi.Func = ECHO, after: Any = None, codec: Any = export_codec
) -> Any:
    return codec(func, Options())(inst, Tools(Context(bytearray(1 << 12))), core(run), after)


def test_a_call_has_the_token_while_it_runs() -> None:
    inst, owners = ComponentInstance([]), list[int]()
    call = bound(lambda address: owners.append(inst.state.owner), inst)
    call(3)
    assert owners == [get_ident()]
    assert inst.state.owner == 0
    assert inst.state.take() == 1


def test_a_call_within_a_call_has_raw_values_of_its_own() -> None:
    inst = ComponentInstance([])

    def run(address: int) -> None:
        (number,) = read_raw(address, ["i32"])
        inner = call(number - 1) if number else 100
        assert read_raw(address, ["i32"]) == [number]
        write_raw(address, ["i32"], [inner + 1])

    call = bound(run, inst)
    assert call(3) == 104
    assert inst.reentered == 3
    assert inst.state.owner == 0


def test_calls_between_instances_can_be_nested() -> None:
    inst = ComponentInstance([])

    def run(address: int) -> None:
        (number,) = read_raw(address, ["i32"])
        inner = call(number - 1) if number else 100
        assert read_raw(address, ["i32"]) == [number]
        write_raw(address, ["i32"], [inner + 1])

    call = bound(run, inst, codec=inner_codec)
    assert [call(3), call(1)] == [104, 102]
    assert inst.reentered == 0


def test_the_call_afterwards_gets_the_result_whatever_runs_in_between() -> None:
    text = abi.Func("text", "text", (), abi.STRING)
    inst, seen = ComponentInstance([]), list[Any]()
    tools = Tools(Context(bytearray(1 << 12)))
    tools.memory.data[64:72] = (80).to_bytes(4, "little") + (2).to_bytes(4, "little")
    tools.memory.data[80:82] = b"ok"

    def after(address: int) -> None:
        seen.append(read_raw(address, ["i32"]))

    run = core(lambda address: write_raw(address, ["i32"], [64]))
    assert export_codec(text, Options())(inst, tools, run, core(after))() == "ok"
    assert seen == [[64]]


def test_a_failed_call_gives_the_token_back_and_closes_a_broken_store() -> None:
    inst = ComponentInstance([])

    def run(address: int) -> None:
        inst.state.broken = "it stopped"
        raise LookupError("of the host's")

    call = bound(run, inst)
    with pytest.raises(LookupError, match="of the host's"):
        call(1)
    assert inst.state.closed == 1
    assert inst.state.take() == 1


def test_what_is_to_do_is_done_before_a_call_from_outside() -> None:
    inst = ComponentInstance([])
    inst.state.todo = True
    call = bound(lambda address: None, inst)
    call(1)
    assert inst.state.prepared == 1
    inst.state.take()
    call(1)
    assert (inst.state.prepared, inst.reentered) == (1, 1)


def test_arguments_are_given_by_place() -> None:
    call = bound(lambda address: None, ComponentInstance([]))
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        call()
    with pytest.raises(TypeError, match="positional"):
        call(1, 2)
