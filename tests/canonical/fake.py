"""An engine without WebAssembly: a memory of bytes, handles that are places in a list, core functions in Python."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from tests.canonical.plain import Context
from witkit import abi
from witkit.canonical.code import MEMORY
from witkit.canonical.contract import Gather
from witkit.canonical.errors import Violation
from witkit.canonical.layout import SHARED

SLOT = {"i32": "<I12x", "i64": "<Q8x", "f32": "<f12x", "f64": "<d8x"}


class Memory:
    """Linear memory whose view is made again when it is asked for what an older one does not show."""

    def __init__(self, data: bytearray, shown: int | None = None) -> None:
        self.data = data
        self.size = len(data) if shown is None else shown
        self.view = memoryview(data)[: self.size]

    def grown(self) -> int:
        before = self.size
        self.view, self.size = memoryview(self.data), len(self.data)
        return self.size - before

    def span(self, pointer: int, size: int) -> memoryview:
        self.grown()
        if pointer + size > self.size:
            raise Violation("out of bounds")
        return self.view


@dataclass
class Tools:
    """Tools over the plain interpreter's context, so that both allocate in the same way."""

    context: Context
    shown: int | None = None
    placed: int = 0
    gathers: bool = False

    def __post_init__(self) -> None:
        self.memory = Memory(self.context.memory, self.shown)

    def realloc(self, alignment: int, size: int) -> int:
        pointer = self.context.allocate(alignment, size)
        self.memory.span(pointer, size)
        return pointer

    def place(self, blobs: list[bytes]) -> list[int]:
        self.placed += 1
        pointers = [self.realloc(1, len(blob)) for blob in blobs]
        for pointer, blob in zip(pointers, blobs, strict=True):
            self.memory.view[pointer : pointer + len(blob)] = blob
        return pointers

    @property
    def gather(self) -> Gather | None:
        return self._gather if self.gathers else None

    def _gather(self, at: int, count: int, step: int, places: tuple[int, ...]) -> bytes | None:
        found = list[bytes]()
        for place in (at + p + i * step for p in places for i in range(count)):
            pointer, length = struct.unpack_from("<II", self.context.memory, place)
            if pointer + length > len(self.context.memory):
                return None
            found.append(bytes(self.context.memory[pointer : pointer + length]))
        return b"\0".join(found)


class Stopped(Exception):
    """What the fake engine raises for a guest that stopped."""


class State:
    """A store that nobody else uses."""

    def __init__(self) -> None:
        tokens = [1]
        self.take, self.give = tokens.pop, tokens.append
        self.owner, self.todo, self.broken = 0, False, ""
        self.refused: tuple[str, Any] | None = None
        self.prepared = self.closed = 0
        self.room = SHARED

    def prepare(self) -> None:
        self.prepared += 1

    def close(self) -> None:
        self.closed += 1

    def stopped(self, violation: Violation, function: str) -> NoReturn:
        self.broken = str(violation)
        raise Stopped(f"`{function}` stopped: {violation}") from violation


class Handles:
    """The handles of one call, in the list of the plain interpreter's context."""

    def __init__(self, inst: ComponentInstance) -> None:
        self.sent, self._inst = False, inst
        inst.log.append("begin")

    def lift_own(self, resource: Any, index: int) -> Any:
        return self._lift(resource, index, "own")

    def lift_borrow(self, resource: Any, index: int) -> Any:
        return self._lift(resource, index, "borrow")

    def _lift(self, resource: Any, index: int, kind: str) -> Any:
        if index >= len(self._inst.handles):
            raise Violation(f"unknown handle index {index}")
        self._inst.log.append(f"{kind} {resource}")
        return self._inst.handles[index]

    def lower_own(self, resource: Any, value: Any) -> int:
        if not isinstance(value, Thing):
            raise TypeError(f"expected a {resource} resource, got {type(value).__name__}")
        self._inst.handles.append(value)
        return len(self._inst.handles) - 1

    lower_borrow = lower_own

    def returned(self) -> None:
        self._inst.log.append("returned")

    def end(self) -> None:
        self._inst.log.append(f"end {self.sent}")


@dataclass(frozen=True)
class Thing:
    """An object of the host that a resource stands for."""

    number: int


@dataclass
class ComponentInstance:
    handles: list[Any]
    host: bool = False
    state: State = field(default_factory=State)
    log: list[str] = field(default_factory=list)
    reentered: int = 0

    def reenter(self) -> None:
        self.reentered += 1

    def begin(self) -> Handles:
        return Handles(self)

    def resource(self, resource: abi.Resource) -> Any:
        return resource.name

    def is_host(self, resource: abi.Resource) -> bool:
        return self.host

    def lent(self, resource: Any, index: int) -> Any:
        self.log.append(f"lent {resource}")
        return self.handles[index]


@dataclass(frozen=True)
class Options:
    encoding: str = "utf8"


def read_raw(address: int, cores: list[str]) -> list[Any]:
    """Core values from their slots."""
    return [
        struct.unpack(SLOT[core], MEMORY[address - 1 + 16 * i : address + 15 + 16 * i])[0]
        for i, core in enumerate(cores)
    ]


def write_raw(address: int, cores: list[str], values: list[Any]) -> None:
    """Core values to their slots; what a narrow value leaves free holds garbage."""
    for i, (core, value) in enumerate(zip(cores, values, strict=True)):
        data = bytearray(struct.pack(SLOT[core], value))
        used = struct.calcsize(SLOT[core].rstrip("0123456789x"))
        data[used:] = b"\xa5" * (16 - used)
        MEMORY[address - 1 + 16 * i : address + 15 + 16 * i] = bytes(data)


def core(run: Callable[[int], None]) -> Callable[[int, int], Callable[[], None]]:
    """A core function that is `run(address of its raw values)`."""
    return lambda address, count: lambda: run(address)
