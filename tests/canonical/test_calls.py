"""How a call uses its store: the token, what is prepared, calls within calls."""

from __future__ import annotations

from threading import get_ident
from typing import Any

import pytest

from tests.canonical.fake import Options, Scope, Tools, core, read_raw, write_raw
from tests.canonical.plain import Context
from witkit import abi
from witkit.canonical.functions import export_codec, inner_codec

ECHO = abi.Func("echo", "echo", (abi.Param("n", abi.U32),), abi.U32)


def bound(run: Any, scope: Scope, func: abi.Func = ECHO, after: Any = None, codec: Any = export_codec) -> Any:
    return codec(func, Options())(scope, Tools(Context(bytearray(1 << 12))), core(run), after)


def test_a_call_has_the_token_while_it_runs() -> None:
    scope, owners = Scope([]), list[int]()
    call = bound(lambda address: owners.append(scope.state.owner), scope)
    call(3)
    assert owners == [get_ident()]
    assert scope.state.owner == 0
    assert scope.state.take() == 1


def test_a_call_within_a_call_has_raw_values_of_its_own() -> None:
    scope = Scope([])

    def run(address: int) -> None:
        (number,) = read_raw(address, ["i32"])
        inner = call(number - 1) if number else 100
        assert read_raw(address, ["i32"]) == [number]
        write_raw(address, ["i32"], [inner + 1])

    call = bound(run, scope)
    assert call(3) == 104
    assert scope.reentered == 3
    assert scope.state.owner == 0


def test_calls_between_instances_can_be_nested() -> None:
    scope = Scope([])

    def run(address: int) -> None:
        (number,) = read_raw(address, ["i32"])
        inner = call(number - 1) if number else 100
        assert read_raw(address, ["i32"]) == [number]
        write_raw(address, ["i32"], [inner + 1])

    call = bound(run, scope, codec=inner_codec)
    assert [call(3), call(1)] == [104, 102]
    assert scope.reentered == 0


def test_the_call_afterwards_gets_the_result_whatever_runs_in_between() -> None:
    text = abi.Func("text", "text", (), abi.STRING)
    scope, seen = Scope([]), list[Any]()
    tools = Tools(Context(bytearray(1 << 12)))
    tools.memory.data[64:72] = (80).to_bytes(4, "little") + (2).to_bytes(4, "little")
    tools.memory.data[80:82] = b"ok"

    def after(address: int) -> None:
        seen.append(read_raw(address, ["i32"]))

    run = core(lambda address: write_raw(address, ["i32"], [64]))
    assert export_codec(text, Options())(scope, tools, run, core(after))() == "ok"
    assert seen == [[64]]


def test_a_failed_call_gives_the_token_back_and_closes_a_broken_store() -> None:
    scope = Scope([])

    def run(address: int) -> None:
        scope.state.broken = "it stopped"
        raise LookupError("of the host's")

    call = bound(run, scope)
    with pytest.raises(LookupError, match="of the host's"):
        call(1)
    assert scope.state.closed == 1
    assert scope.state.take() == 1


def test_what_is_to_do_is_done_before_a_call_from_outside() -> None:
    scope = Scope([])
    scope.state.todo = True
    call = bound(lambda address: None, scope)
    call(1)
    assert scope.state.prepared == 1
    scope.state.take()
    call(1)
    assert (scope.state.prepared, scope.reentered) == (1, 1)


def test_arguments_are_given_by_place() -> None:
    call = bound(lambda address: None, Scope([]))
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        call()
    with pytest.raises(TypeError, match="positional"):
        call(1, 2)
