"""Exports called through an adapter: one core call that allocates, copies, calls and cleans up.

An adapter stands beside the guest (the engine makes it) and has some memory of its own, which begins with a header; the
bytes of strings and lists follow. It takes the core function's parameters, in which pointers are to its own memory, and
gives what the core function gives and one number more: how many bytes of the result it has copied to its memory, or
one of the codes below. What it cannot copy is lifted as without an adapter.

Names in generated code: `one` the adapter's call or None, `F` the view of its memory, `wait` how many calls are left
until it is made (few calls are not worth that). The adapter is for a call from outside: calls within calls do without.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from witkit import abi
from witkit.abi.parts import parts
from witkit.canonical.code import Code, indented
from witkit.canonical.errors import Violation
from witkit.canonical.layout import fields, flat
from witkit.canonical.lift import Lifting

START: Final = 16
"""The size of the header of an adapter's memory: the stage in the first byte, how many bytes of a result were copied in
the second word."""
ROOM: Final = 32768
"""How many bytes an adapter carries in either direction. More of them cost more to copy twice than two calls."""
MOST: Final = 3
"""How many strings and lists an adapter carries to the guest."""

CALLING, ALLOCATING, CLEANING_UP = range(3)
"""The stage that an adapter is in: the guest may leave its instance only while it is called."""
NOT_COPIED: Final = -1
"""The result is the core function's own: its bytes were not copied, and nothing was cleaned up."""
BEYOND: Final = -2
"""The guest's allocator gave a block that is not in its memory: nothing was called."""

_PLAIN: Final = {"bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64"}


class Shape(NamedTuple):
    """What an adapter does: `blocks` are the core parameters that point to bytes, each followed by their number. If it
    `copies` anything, the result points to pointer and number of bytes, which are copied; with `cleans`, it is followed
    by the call of `post-return`."""

    blocks: tuple[int, ...]
    copies: Literal["", "text", "bytes"]
    cleans: bool


Joined: TypeAlias = tuple[Callable[[], None], memoryview]
"""The call of an adapter, and its memory."""


class Fuse(Protocol):
    """What makes an adapter for an export: after so many calls, for a shape, the address of the raw values and how many
    there are. None if there can be none."""

    patience: int

    def __call__(self, shape: Shape, address: int, count: int) -> Joined | None: ...


def shape_of(types: list[abi.Type], result: abi.Type | None, encoding: str) -> Shape | None:
    """The shape of the adapter for a function whose parameters are passed flat; None for a function without one."""
    leaves = list(_leaves(types))
    if encoding != "utf8" or None in leaves:
        return None
    blocks, at = list[int](), 0
    for leaf in leaves:
        if _is_block(leaf):
            blocks.append(at)
        at += len(flat([leaf]))
    if not 1 <= len(blocks) <= MOST:
        return None
    copies: Literal["", "text", "bytes"] = "" if not _is_block(result) else "text" if result == abi.STRING else "bytes"
    plain = result is None or (isinstance(result, abi.Primitive) and result.name in _PLAIN)
    # A borrowed handle must have been dropped before the guest cleans up.
    borrows = any(isinstance(part, abi.Borrow) for type in types for part in parts(type))
    if borrows or not (copies or plain):
        return Shape(tuple(blocks), "", False)
    return Shape(tuple(blocks), copies, True)


def _leaves(types: list[abi.Type]) -> Iterator[abi.Type | None]:
    """The values that flat values consist of, one after the other, None for what an adapter cannot pass on."""
    left = types[::-1]
    while left:
        match type := left.pop():
            case abi.Record() | abi.Tuple():
                left += reversed(fields(type))
            case abi.Primitive() | abi.Enum() | abi.Flags() | abi.Own() | abi.Borrow():
                yield type
            case _:
                yield type if _is_block(type) else None


def _is_block(type: abi.Type | None) -> bool:
    """Whether values are bytes anywhere in memory."""
    if isinstance(type, abi.List):
        return type.length is None and type.element == abi.U8
    return isinstance(type, abi.Primitive) and type.name == "string"


def joined(own: tuple[Any, ...], fuse: Fuse, shape: Shape, count: int) -> tuple[Any, ...]:
    """The raw values and calls of an export, with an adapter's if there can be one."""
    address = ctypes.addressof(ctypes.c_char.from_buffer(own[0]))
    return (*own[:3], *(fuse(shape, address, count) or (None, None)))


def bound(shape: Shape, code: Code, count: int) -> list[str]:
    """The lines of `bind` for a function that may get an adapter."""
    code.namespace.update(
        shape=shape, joined=lambda own, fuse: joined(own, fuse, shape, count), beyond=_beyond, START=START, ROOM=ROOM
    )
    return ["own = (*own, None, None)", "wait = 0 if fuse is None else fuse.patience"]


def joining() -> list[str]:
    """The lines that make the adapter once there were enough calls."""
    return [
        "if wait and not nested:",
        "    wait -= 1",
        "    if not wait: own = joined(own, fuse); raw, go, after, one, F = own",
    ]


def placed(blocks: list[tuple[str, str, str]]) -> list[str]:
    """The lines that copy bytes, given as names of them, their pointer and their number, to where `go` takes them."""
    inside, place = list[str](), str(START)
    for data, pointer, size in blocks:
        inside += [f"{pointer} = {place}", f"F[{pointer}:{pointer} + {size}] = {data}"]
        place = f"{pointer} + {size}"
    outside = [line for block in blocks for line in put(*block)]
    total = " + ".join(size for _, _, size in blocks)
    fits = f"if one is not None and {total} <= {ROOM}:"
    return [fits, *indented([*inside, "go = one"]), "else:", *indented(outside)]


def put(data: str, pointer: str, size: str) -> list[str]:
    """The lines that copy bytes into a new block of the guest's."""
    return [f"{pointer} = realloc(1, {size})", f"mem.view[{pointer}:{pointer} + {size}] = {data}"]


def returned(shape: Shape, result: abi.Type | None, code: Code, lifting: Lifting) -> list[str]:
    """The lines after the call that return what the adapter has brought."""
    failed = "if done < 0: raise beyond()"
    if not shape.cleans:
        unpack = code.struct("i" if result is None else "16xi", "unpack_from")
        lines = [f"done, = {unpack}(raw)", failed]
    elif shape.copies:
        data = f"F[{START}:{START} + done]"
        made = f"str({data}, UTF)" if shape.copies == "text" else f"bytes({data})"
        lines = [
            f"done, = {code.struct('16xi', 'unpack_from')}(raw)",
            "if done >= 0:",
            f"    try: return {made}",
            "    except UnicodeDecodeError as error: raise not_lifted(error) from None",
            f"if done == {BEYOND}: raise beyond()",
        ]
    elif result is None:
        lines = [f"done, = {code.struct('i', 'unpack_from')}(raw)", failed, "return None"]
    else:
        format, names, expression = lifting.lift(result, True)
        lines = [*lifting.unpacked(f"{format}i", [*names, "done"], "raw"), failed, f"return {expression}"]
    return ["if go is one:", *indented(lines)]


def _beyond() -> Violation:
    return Violation("realloc return: beyond end of memory")
