"""The halves of functions that are called asynchronously: core values and memory against Python values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.canonical.fake import ComponentInstance, Options, Tools, core, read_raw, write_raw
from tests.canonical.plain import Context
from witkit import abi
from witkit.canonical.errors import NotCarried
from witkit.canonical.functions import raw_values
from witkit.canonical.tasks import returned_codec, subtask_codec, task_codec

PAIR = abi.Tuple((abi.U32, abi.STRING))
MIXED = abi.Func(
    "mixed", "mixed", (abi.Param("n", abi.U32), abi.Param("text", abi.STRING)), abi.Result(PAIR, abi.U8), raises=True
)
MANY = abi.Func("many", "many", tuple(abi.Param(f"n{i}", abi.U32) for i in range(5)), abi.List(abi.U32))
WIDE = abi.Func("wide", "wide", (), abi.Tuple((abi.U64,) * 17))


def tools() -> Tools:
    return Tools(Context(bytearray(1 << 12)))


def test_a_call_that_begins_lowers_its_arguments_and_gives_what_the_guest_answers() -> None:
    inst, given, seen = ComponentInstance([]), tools(), list[Any]()

    def run(address: int) -> None:
        n, pointer, length = read_raw(address, ["i32"] * 3)
        seen.append((n, bytes(given.memory.view[pointer : pointer + length])))
        write_raw(address, ["i32"], [0x21])

    start = task_codec(MIXED, Options(), has_callback=True)(inst, given, core(run))
    handles = inst.begin()
    assert start(handles, 7, "tea") == 0x21
    assert seen == [(7, b"tea")]
    assert handles.sent


def test_a_call_that_is_refused_was_never_sent() -> None:
    inst = ComponentInstance([])
    start = task_codec(MIXED, Options(), has_callback=True)(inst, tools(), core(lambda address: None))
    handles = inst.begin()
    with pytest.raises(ValueError, match=r"mixed\(n\): expected u32, got -1"):
        start(handles, -1, "tea")
    assert not handles.sent


def test_a_call_without_a_callback_gives_nothing() -> None:
    inst = ComponentInstance([])
    start = task_codec(MANY, Options(), has_callback=False)(inst, tools(), core(lambda address: None))
    assert start(inst.begin(), 1, 2, 3, 4, 5) is None


def test_calls_that_begin_within_each_other_have_raw_values_of_their_own() -> None:
    inst, seen = ComponentInstance([]), list[Any]()

    def run(address: int) -> None:
        values = read_raw(address, ["i32"] * 5)
        if values[0]:
            start(inst.begin(), values[0] - 1, 2, 3, 4, 5)
        seen.append(values)
        assert read_raw(address, ["i32"] * 5) == values

    start = task_codec(MANY, Options(), has_callback=False)(inst, tools(), core(run))
    start(inst.begin(), 2, 2, 3, 4, 5)
    assert [values[0] for values in seen] == [0, 1, 2]


def test_a_result_that_was_returned_has_both_sides() -> None:
    inst, given = ComponentInstance([]), tools()
    given.memory.data[80:82] = b"ok"
    take = returned_codec(MIXED, Options())(inst, given)
    raw, address = raw_values(4)
    write_raw(address, ["i32"] * 4, [0, 5, 80, 2])
    assert take(inst.begin(), address) == abi.Ok((5, "ok"))
    write_raw(address, ["i32"] * 4, [1, 9, 0, 0])
    assert take(inst.begin(), address) == abi.Err(9)
    assert len(raw) == 64


def test_a_result_of_more_than_sixteen_core_values_is_in_memory() -> None:
    inst, given = ComponentInstance([]), tools()
    given.memory.data[64 : 64 + 17 * 8] = b"".join(n.to_bytes(8, "little") for n in range(17))
    take = returned_codec(WIDE, Options())(inst, given)
    raw, address = raw_values(1)
    write_raw(address, ["i32"], [64])
    assert take(inst.begin(), address) == tuple(range(17))
    assert len(raw) == 16


def test_an_import_takes_up_to_four_core_values_and_where_the_result_goes() -> None:
    inst, given = ComponentInstance([]), tools()
    given.memory.data[80:83] = b"tea"
    take, give = subtask_codec(MIXED, Options())(inst, given)
    raw, address = raw_values(4)
    write_raw(address, ["i32"] * 4, [7, 80, 3, 128])
    handles = inst.begin()
    assert take(handles, address) == ((7, "tea"), 128)
    give(handles, True, (1, "x"), 128)
    assert given.memory.view[128] == 0
    assert bytes(given.memory.view[132:136]) == b"\x01\0\0\0"
    give(handles, False, 4, 128)
    assert given.memory.view[128] == 1
    assert given.memory.view[132] == 4
    assert len(raw) == 64


def test_an_import_finds_more_than_four_core_values_in_memory() -> None:
    inst, given = ComponentInstance([]), tools()
    given.memory.data[64:84] = b"".join(n.to_bytes(4, "little") for n in range(5))
    take, give = subtask_codec(MANY, Options())(inst, given)
    raw, address = raw_values(2)
    write_raw(address, ["i32"] * 2, [64, 128])
    assert take(inst.begin(), address) == ((0, 1, 2, 3, 4), 128)
    give(inst.begin(), True, [258], 128)
    pointer, count = (int.from_bytes(given.memory.view[at : at + 4], "little") for at in (128, 132))
    assert count == 1
    assert bytes(given.memory.view[pointer : pointer + 4]) == b"\x02\x01\0\0"
    assert len(raw) == 32


def test_a_wrong_result_of_an_import_is_named() -> None:
    inst = ComponentInstance([])
    _, give = subtask_codec(MIXED, Options())(inst, tools())
    with pytest.raises(ValueError, match=r"mixed\(\) error: expected u8, got 300"):
        give(inst.begin(), False, 300, 128)


def test_a_function_with_a_stream_is_refused_when_it_is_called() -> None:
    func = abi.Func("flow", "flow", (abi.Param("s", abi.Unsupported("stream<u8>")),), None)
    take, give = subtask_codec(func, Options())(ComponentInstance([]), tools())
    start = task_codec(func, Options(), has_callback=True)(ComponentInstance([]), tools(), core(lambda address: None))
    for call in (take, give, start):
        with pytest.raises(NotCarried, match="`flow` cannot be called: values of type stream<u8> are not carried yet"):
            call()
