"""Exports called through an adapter: one core call that allocates, copies, calls and cleans up.

An adapter is beside the guest (the engine makes it) and has some memory of its own, which begins with a header. The
bytes of strings and lists follow without gaps, in the order of the parameters; those of strings in a list come after
the elements, in which their pointers are zero. The adapter takes the core function's parameters, with zero for pointers
too, and gives what the core function gives and one number more: how many bytes of the result it has copied to its
memory, or one of the codes below. What it cannot copy is lifted as without an adapter.

Names in generated code: `one` the adapter's call or None, `F` the view of its memory, `wait` how many calls are left
until it is made (few calls are not worth that). The adapter is for a call from outside: calls within calls do without.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from witkit import abi
from witkit.abi.parts import parts
from witkit.canonical.code import Code, indented
from witkit.canonical.errors import Violation
from witkit.canonical.layout import Layouts, fields, flat, has_handles, points
from witkit.canonical.lift import Lifting, own_strings

START: Final = 16
"""The size of the header of an adapter's memory: the stage in the first byte, how many bytes of a result were copied in
the second word."""
ROOM: Final = 32768
"""How many bytes an adapter carries in either direction. More of them cost more to copy twice than two calls."""
MOST: Final = 8
"""How many strings and lists an adapter carries to the guest."""

CALLING, ALLOCATING, CLEANING_UP = range(3)
"""The stage that an adapter is in: the guest may leave its instance only while it is called."""
NOT_COPIED: Final = -1
"""The result is the core function's own: its bytes were not copied, and nothing was cleaned up."""
BEYOND: Final = -2
"""The guest's allocator gave a block that is not in its memory: nothing was called."""
UNALIGNED: Final = -3
"""The guest's allocator gave a block that does not begin where its elements may: nothing was called."""

_PLAIN: Final = {"bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64"}


class Block(NamedTuple):
    """A string or list that an adapter carries to the guest: the core parameter `at` points to it, and the next one is
    how many elements it has, of `size` bytes each. An element has a pointer to a string and its length at each of the
    places `strings`. With `is_optional`, the core parameter before is 0 if there is none."""

    at: int
    size: int = 1
    alignment: int = 1
    strings: tuple[int, ...] = ()
    is_optional: bool = False


class BlockNames(NamedTuple):
    """Names for the bytes of a `Block`, for its strings, if it may have some, and for its pointer; the lines that copy
    it without an adapter, and when they are needed, if they are not always."""

    data: str
    strings: str
    pointer: str
    outside: list[str]
    condition: str = ""


class Shape(NamedTuple):
    """What an adapter does: `blocks` are copied to the guest. If it `copies` anything, the result points to pointer and
    number of bytes, which are copied; with `cleans`, it is followed by the call of `post-return`."""

    blocks: tuple[Block, ...]
    copies: Literal["", "text", "bytes"]
    cleans: bool


Joined: TypeAlias = tuple[Callable[[], None], memoryview]
"""The call of an adapter, and its memory."""


class Fuse(Protocol):
    """Makes the adapter for an export after `patience` calls: for a shape, and for `count` raw values at `address`.

    Returns None if the export cannot have an adapter.
    """

    patience: int

    def __call__(self, shape: Shape, address: int, count: int) -> Joined | None: ...


def shape_of(
    types: list[abi.Type], result: abi.Type | None, encoding: str, layouts: Layouts
) -> Shape | None:  # fmt: skip
    """The shape of the adapter for a function whose parameters are passed flat; None for a function without one."""
    leaves = list(_leaves(types))
    blocks, at = list[Block](), 0
    for leaf in leaves:
        if points(leaf):
            block = _block(leaf, at, layouts)
            if block is None:
                return None
            blocks.append(block)
        at += len(flat([leaf]))
    if encoding != "utf8" or not 1 <= len(blocks) <= MOST:
        return None
    copies: Literal["", "text", "bytes"] = "" if not is_bytes(result) else "text" if result == abi.STRING else "bytes"
    plain = result is None or (isinstance(result, abi.Primitive) and result.name in _PLAIN)
    # A borrowed handle must have been dropped before the guest cleans up.
    borrows = any(isinstance(part, abi.Borrow) for type in types for part in parts(type))
    if borrows or not (copies or plain):
        return Shape(tuple(blocks), "", False)
    return Shape(tuple(blocks), copies, True)


def _leaves(types: list[abi.Type]) -> Iterator[abi.Type]:
    """The values that flat values consist of, one after the other."""
    left = types[::-1]
    while left:
        match type := left.pop():
            case abi.Record() | abi.Tuple():
                left += reversed(fields(type))
            case _:
                yield type


def _block(type: abi.Type, at: int, layouts: Layouts) -> Block | None:
    """The block of a parameter; None if an adapter cannot carry it."""
    match type:
        case abi.Option(element=abi.Option()):
            return None
        case abi.Option(element=element):
            found = _block(element, at + 1, layouts)
            return found and found._replace(is_optional=True)
        case abi.List(element=element, length=None) if not is_bytes(type):
            places = own_strings(layouts, element)
            if has_handles(element) or (points(element) and not places):
                return None
            layout = layouts.of(element)
            return Block(at, layout.size, layout.alignment, tuple(places)) if layout.size else None
    return Block(at) if is_bytes(type) else None


def is_bytes(type: abi.Type | None) -> bool:
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
        shape=shape, joined=lambda own, fuse: joined(own, fuse, shape, count), refused=_refused, START=START, ROOM=ROOM
    )
    return ["own = (*own, None, None)", "wait = 0 if fuse is None else fuse.patience"]


def joining() -> list[str]:
    """The lines that make the adapter once there were enough calls."""
    return [
        "if wait and not nested:",
        "    wait -= 1",
        "    if not wait: own = joined(own, fuse); raw, go, after, one, F = own",
    ]


def placed(blocks: list[BlockNames]) -> list[str]:
    """The lines that copy bytes to where `go` takes them."""
    parts = [part for block in blocks for part in (block.data, block.strings and f"*{block.strings}") if part]
    size = " + ".join(f"len({block.data})" for block in blocks)
    more = "".join(f" + sum(map(len, {block.strings}))" for block in blocks if block.strings)
    # All is counted before it is joined, which takes long for large strings. Those of a long list are not counted.
    fits = f"{size} <= {ROOM}" + (f" and {size}{more} <= {ROOM}" if more else "")
    inside = [
        f"q = {parts[0]}" if len(parts) == 1 else f"q = b''.join(({', '.join(parts)}))",
        f"F[{START}:{START} + len(q)] = q",
        f"{' = '.join(block.pointer for block in blocks)} = 0",
        "go = one",
    ]
    return [f"if one is not None and {fits}:", *indented(inside), "else:", *indented(_outside(blocks))]


def _outside(blocks: Iterable[BlockNames]) -> Iterator[str]:
    """The lines that copy bytes without an adapter."""
    for block in blocks:
        if block.condition:
            yield f"{block.pointer} = 0"
            yield f"if {block.condition}:"
            yield from indented(block.outside)
        else:
            yield from block.outside


def put(data: str, pointer: str, size: str, alignment: int = 1) -> list[str]:
    """The lines that copy bytes into a new block of the guest's."""
    return [f"{pointer} = realloc({alignment}, {size})", f"mem.view[{pointer}:{pointer} + {size}] = {data}"]


def returned(shape: Shape, result: abi.Type | None, code: Code, lifting: Lifting) -> list[str]:
    """The lines after the call that return what the adapter has brought."""
    failed = "if done < 0: raise refused(done)"
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
            f"if done < {NOT_COPIED}: raise refused(done)",
        ]
    elif result is None:
        lines = [f"done, = {code.struct('i', 'unpack_from')}(raw)", failed, "return None"]
    else:
        format, names, expression = lifting.lift(result, True)
        lines = [*lifting.unpacked(f"{format}i", [*names, "done"], "raw"), failed, f"return {expression}"]
    return ["if go is one:", *indented(lines)]


def _refused(code: int) -> Violation:
    """The violation of a guest whose block an adapter has refused."""
    return Violation(f"realloc return: {'beyond end of memory' if code == BEYOND else 'result not aligned'}")
