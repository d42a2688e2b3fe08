"""Guests with streams, futures and async functions under CPython.

There is nothing to compare them with: no host in Python can carry these values to a component yet (wasmtime 49).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

import witkit.guest
from tests.generated import write
from witkit.bindgen import generate
from witkit.ir import load
from witkit.native import WouldTrap

WIT = """package test:flow;
interface source {
  record reading { celsius: s8 }
  numbers: func() -> stream<u32>;
  readings: func(all: stream<reading>) -> u32;
  later: async func(n: u32) -> u32;
  optional: func(many: list<option<future<string>>>) -> option<tuple<stream<u8>, future>>;
}
world flow {
  import source;
  export echo: async func(bytes: stream<u8>) -> stream<u8>;
  export double: async func(n: u32) -> u32;
  export evaluate: func(e: string) -> string;
}
"""
GUEST = """
import flow_world
from componentize_py_async_support import spawn
from flow_world.imports import source
from flow_world.imports.source import Reading

async def shout(reader, writer):
    with reader, writer:
        while not reader.writer_dropped:
            await writer.write_all((await reader.read(4)).upper())

class FlowWorld(flow_world.FlowWorld):
    async def echo(self, bytes):
        writer, reader = flow_world.byte_stream()
        spawn(shout(bytes, writer))
        return reader

    async def double(self, n):
        return await source.later(n)

    def evaluate(self, e):
        return repr(eval(e))
"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The guest and its bindings, importable."""
    folder = tmp_path_factory.mktemp("flow")
    (folder / "flow.wit").write_text(WIT)
    (folder / "flow_guest.py").write_text(GUEST)
    write(generate(load(folder / "flow.wit").world(), "guest", package="flow_world"), folder)
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))


class Source:
    """The imported interface; what it was given is in `seen`."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def numbers(self) -> Any:
        return import_module("flow_world").u32_stream()[1]

    def readings(self, all: Any) -> int:
        self.seen.append(all)
        return 7

    async def later(self, n: int) -> int:
        await asyncio.sleep(0)
        return 2 * n

    def optional(self, many: list[Any]) -> Any:
        self.seen += many
        world = import_module("flow_world")
        return world.byte_stream()[1], world.unit_future(lambda: None)[1]


@pytest.fixture
def source(modules: None) -> Source:
    return Source()


@pytest.fixture
def guest(source: Source) -> Iterator[witkit.guest.Guest]:
    with witkit.guest.bind("flow_world", source=source) as host:
        yield host.load("flow_guest")


def test_bytes_stream_through_a_guest_while_it_goes_on(guest: Any) -> None:
    async def run() -> bytes:
        writer, reader = import_module("flow_world").byte_stream()
        answer = await guest.echo(reader)
        found = b""
        with writer:
            for part in (b"hello", b"world"):
                await writer.write_all(part[:4])
                found += await answer.read(10)
        return found

    assert asyncio.run(run()) == b"HELLWORL"


def test_async_functions_are_awaited_on_both_sides(guest: Any) -> None:
    assert asyncio.run(guest.double(21)) == 42


def test_a_stream_that_was_passed_on_is_of_no_use_to_the_guest(guest: Any, source: Source) -> None:
    assert guest.evaluate("source.readings(flow_world.source_reading_stream()[1])") == "7"
    assert type(source.seen[0]).__name__ == "StreamReader"
    with pytest.raises(WouldTrap, match="used after it was passed on"):
        guest.evaluate("[r := flow_world.source_reading_stream()[1], source.readings(r), source.readings(r)]")


def test_ends_travel_inside_of_other_types(guest: Any, source: Source) -> None:
    text = guest.evaluate("source.optional([None, flow_world.string_future(lambda: 'x')[1]])")
    assert "ByteStreamReader" in text
    assert "FutureReader" in text
    assert [type(end).__name__ for end in source.seen] == ["NoneType", "FutureReader"]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("source.readings(3)", "must be StreamReader, not int"),
        ("source.readings(flow_world.byte_stream()[1])", "must be StreamReader, not ByteStreamReader"),
        ("source.readings(flow_world.byte_stream()[0])", "must be StreamReader, not ByteStreamWriter"),
    ],
)
def test_what_is_not_a_reading_end_traps(guest: Any, expression: str, message: str) -> None:
    with pytest.raises(WouldTrap, match=message):
        guest.evaluate(expression)


@pytest.mark.parametrize(
    ("make", "value", "message"),
    [
        ("u32_stream", [1, -1], "-1 is out of its range"),
        ("u32_stream", (1, 2), "must be a list, not tuple"),
        ("byte_stream", bytearray(b"x"), "must be bytes, not bytearray"),
        ("source_reading_stream", [3], "must be Reading"),
    ],
)
def test_what_is_written_is_checked(modules: None, make: str, value: Any, message: str) -> None:
    writer, _ = getattr(import_module("flow_world"), make)()
    with pytest.raises(WouldTrap, match=message):
        asyncio.run(writer.write(value))


def test_a_future_that_is_closed_unwritten_has_its_default(modules: None) -> None:
    async def run() -> str:
        writer, reader = import_module("flow_world").string_future(lambda: "default")
        with writer:
            pass
        return str(await reader.read())

    assert asyncio.run(run()) == "default"


def test_a_future_is_written_once(modules: None) -> None:
    async def run() -> list[Any]:
        writer, reader = import_module("flow_world").string_future(lambda: "default")
        found = await asyncio.gather(writer.write("x"), reader.read())
        with pytest.raises(AssertionError):
            await writer.write("y")
        return list(found)

    assert asyncio.run(run()) == [True, "x"]
