"""Lists that share bytes: a small memory holds values that are huge, and are not made. What shares nothing passes."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.canonical import plain, sorts
from tests.canonical.fake import ComponentInstance, Handles, Memory, Options, Stopped, Tools, core, write_raw
from tests.canonical.plain import Context
from tests.canonical.test_values import address_of
from tests.sampled import examples
from witkit import abi
from witkit.canonical.errors import Violation
from witkit.canonical.functions import export_codec, import_codec, inner_codec
from witkit.canonical.layout import SHARED
from witkit.canonical.tasks import returned_codec, subtask_codec

ENCODINGS = ["utf8", "utf16", "latin1+utf16"]
TOO_MUCH = "too much data in one call"
NAMED = sorts.record(abi.U32, abi.STRING)

SIZE = 1 << 21
TEXT = 1 << 16
PAIR, AFTER = struct.pack("<II", 16, TEXT), struct.pack("<II", 1, 16) + struct.pack("<I", TEXT)

SHARING: dict[str, tuple[abi.Type, bytes]] = {
    "strings": (abi.List(abi.STRING), PAIR),
    "bytes": (abi.List(abi.List(abi.U8)), PAIR),
    "numbers": (abi.List(abi.List(abi.U64)), PAIR),
    "lists of strings": (abi.List(abi.List(abi.STRING)), PAIR),
    "lists of lists of lists": (abi.List(abi.List(abi.List(abi.List(abi.BOOL)))), PAIR),
    "records": (abi.List(NAMED), AFTER),
    "options": (abi.List(abi.Option(abi.STRING)), AFTER),
    "results": (abi.List(abi.Result(abi.STRING, abi.STRING)), AFTER),
    "variants": (abi.List(sorts.variant(abi.STRING, abi.List(abi.U16))), AFTER),
    "tuples with maps": (abi.List(abi.Tuple((abi.Map(abi.STRING, abi.STRING),))), PAIR),
    "fixed-length lists": (abi.List(abi.List(abi.STRING, 20)), PAIR * 20),
    "a list in a fixed-length list": (abi.List(abi.List(abi.U8), 4000), PAIR),
    "a tuple of very many lists": (abi.Tuple((abi.List(abi.U8),) * 500), PAIR),
}


def sharing(element: bytes) -> bytes:
    """A memory that begins with a list at 16 and its length; all elements are alike, and begin at 16, too."""
    count = (SIZE - 16) // len(element)
    return (struct.pack("<IIxxxxxxxx", 16, count) + element * count).ljust(SIZE, b"\0")


def given_by(type: abi.Type, memory: bytes, encoding: str = "utf8", *, room: int = SHARED, shown: int = 0) -> Any:
    """What an export gives whose result lies at 0."""
    tools, inst = Tools(Context(bytearray(memory), encoding)), ComponentInstance([])
    if shown:
        tools.memory = Memory(tools.context.memory, shown)
    inst.state.room = room
    run = core(lambda address: write_raw(address, ["i32"], [0]))
    return export_codec(abi.Func("give", "give", (), type), Options(encoding))(inst, tools, run, None)()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", SHARING)
def test_lists_that_share_too_much_stop_the_guest(name: str, encoding: str) -> None:
    type, element = SHARING[name]
    with pytest.raises(Stopped, match=TOO_MUCH):
        given_by(type, sharing(element), encoding)


@pytest.mark.parametrize("name", SHARING)
def test_a_guest_that_passes_what_is_shared_to_an_import_is_stopped(name: str) -> None:
    type, element = SHARING[name]
    raw, tools = bytearray(16 * 18), Tools(Context(bytearray(sharing(element))))
    by_pointer = len(plain.flatten(type)) > 2
    write_raw(address_of(raw), ["i32"] * 2, [0, 0] if by_pointer else [16, (SIZE - 16) // len(element)])
    called: list[Any] = []
    run = import_codec(abi.Func("take", "take", (abi.Param("p", type),)), Options())(
        ComponentInstance([]), tools, called.append
    )
    with pytest.raises(Violation, match=TOO_MUCH):
        run(address_of(raw))
    assert called == []


def test_calls_between_instances_are_bounded_too() -> None:
    type, element = SHARING["lists of strings"]
    tools, run = Tools(Context(bytearray(sharing(element)))), core(lambda at: write_raw(at, ["i32"], [0]))
    call = inner_codec(abi.Func("give", "give", (), type), Options())(ComponentInstance([]), tools, run, None)
    with pytest.raises(Violation, match=TOO_MUCH):
        call()


def test_some_sharing_is_fine() -> None:
    text = b"x" * 1000
    memory = struct.pack("<II", 1008, 2000) + text + struct.pack("<II", 8, 1000) * 2000
    assert given_by(abi.List(abi.STRING), memory) == ["x" * 1000] * 2000


def test_a_memory_that_has_grown_counts_as_it_is_now() -> None:
    lists = [struct.pack("<II", 24 + 400_000 * i, 400_000) for i in range(50)]
    memory = struct.pack("<II", 24, 50) + bytes(16) + b"".join(lists) + bytes(50 * 400_000)
    type = abi.List(abi.List(abi.U8))
    assert sum(map(len, given_by(type, memory, room=0, shown=1024))) == 50 * 400_000
    shared = memory[:24] + struct.pack("<II", 24, 400_000) * 50 + bytes(400_000)
    with pytest.raises(Stopped, match=TOO_MUCH):
        given_by(type, shared, room=0, shown=1024)


@pytest.mark.thorough
def test_small_elements_have_less_room_since_each_is_an_object() -> None:
    type = abi.List(abi.List(sorts.record(abi.U8)))
    memory = struct.pack("<II", 8, 30) + struct.pack("<II", 0, TEXT) * 30 + bytes(TEXT)
    assert sum(map(len, given_by(type, memory))) == 30 * TEXT
    with pytest.raises(Stopped, match=TOO_MUCH):
        given_by(type, memory, room=SHARED // 2)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_shares_nothing_passes_without_any_room(encoding: str) -> None:
    @settings(
        max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(st.data())
    def all_values(data: st.DataObject) -> None:
        type = abi.List(data.draw(sorts.types()))
        value = data.draw(sorts.values(type))
        context = Context(bytearray(TEXT), encoding, top=8)
        pointer, length = context.store_list(value, type)
        context.memory[:8] = struct.pack("<II", pointer, length)
        assert repr(given_by(type, bytes(context.memory[: context.top]), encoding, room=0)) == repr(value)

    all_values()


def test_what_calls_under_way_share_is_missing_in_calls_within_them() -> None:
    inst, seen = ComponentInstance([]), list[int]()
    memory = struct.pack("<II", 8, 100) * (TEXT >> 3)
    tools = Tools(Context(bytearray(memory)))
    raw = bytearray(16 * 18)
    write_raw(address_of(raw), ["i32"] * 2, [0, 1000])

    def target(value: Any) -> None:
        seen.append(inst.state.room)
        if len(seen) == 2:
            raise KeyError
        run(address_of(raw))

    run = import_codec(abi.Func("f", "f", (abi.Param("p", abi.List(abi.STRING)),)), Options())(inst, tools, target)
    with pytest.raises(KeyError):
        run(address_of(raw))
    shared = 1000 * 108 - TEXT
    assert seen == [SHARED - shared, SHARED - 2 * shared]
    assert inst.state.room == SHARED


def test_calls_that_end_later_are_bounded_too() -> None:
    type, element = SHARING["lists of strings"]
    tools, inst, raw = Tools(Context(bytearray(sharing(element)))), ComponentInstance([]), bytearray(16 * 18)
    write_raw(address_of(raw), ["i32"] * 2, [16, 1000])
    func = abi.Func("f", "f", (abi.Param("p", type),), type)
    take, _ = subtask_codec(func, Options())(inst, tools)
    for each in (take, returned_codec(func, Options())(inst, tools)):
        with pytest.raises(Violation, match=TOO_MUCH):
            each(Handles(inst), address_of(raw))
