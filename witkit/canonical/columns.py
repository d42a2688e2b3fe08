"""Long lists of elements with strings: the strings are made together, and the rest is read column by column.

A column is the list of one field of all elements. A view of the memory that steps from element to element gives it as
fast as `struct` unpacks the field in rows, where it would come with pointers and lengths that no value needs any more.
One `map` calls a record's class for all elements.
"""

from __future__ import annotations

import re
from array import array
from contextlib import suppress
from typing import Final

from witkit import abi
from witkit.canonical.contract import Gather
from witkit.canonical.layout import SIZE, words

MANY: Final = 8
"""Longer lists are read in this way."""

_SPREAD: Final = 4
_NEAR: Final = 1 << 14
"""Strings are near each other if they lie within `_SPREAD` times their length and `_NEAR` bytes more."""
_NAME: Final = re.compile(r"\w+")


def columns(format: str, names: list[str], step: int, data: str) -> dict[str, str] | None:
    """The expression for each column, by the name that the word has in an element; the elements are `step` bytes apart
    in the view `data`. None if a word is not a number, such as the bytes of a variant."""
    found = dict[str, str]()
    for name, (at, letter) in zip(names, words(format), strict=True):
        if letter not in SIZE:
            return None
        size = SIZE[letter]
        found[name] = f"{data}.cast({letter!r})[{at // size}::{step // size}].tolist()"
    return found


def from_columns(type: abi.List | abi.Map, expression: str, columns: dict[str, str]) -> str:
    """The expression for a list or map whose elements are each what `expression` makes of one word of each column."""
    parts = list(dict.fromkeys(name for name in _NAME.findall(expression) if name in columns))
    head = expression.partition("(")[0]
    joined, lists = ", ".join(parts), ", ".join(columns[name] for name in parts)
    match type:
        case abi.Map() if expression == ": ".join(parts):
            return f"dict(zip({lists}))"
        case abi.Map():
            return f"{{{expression} for {joined} in {_zipped(columns, parts)}}}"
        case _ if [expression] == parts:
            return lists
        case _ if expression == f"({joined},)":
            return f"list(zip({lists}))"
        case abi.List(element=abi.Record()) if expression == f"{head}({joined})":
            return f"list(map({head}, {lists}))"
    return f"[{expression} for {joined} in {_zipped(columns, parts)}]"


def _zipped(columns: dict[str, str], parts: list[str]) -> str:
    lists = [columns[name] for name in parts]
    return lists[0] if len(lists) == 1 else f"zip({', '.join(lists)})"


def texts(
    gather: Gather | None, view: memoryview, size: int, at: int, count: int, places: tuple[int, ...], step: int,
    left: int,
) -> tuple[list[str] | None, int]:  # fmt: skip
    """The strings of a list and how many bytes they have, made from one copy of all of them. None if that would not be
    faster than a view of each, or if a string is out of bounds, or if they have more bytes than are `left`.

    Elements and `places` are those of `contract.Gather`; the strings come one place after the other. `view` and `size`
    are those of the memory. Raises UnicodeDecodeError.
    """
    if gather is not None and (found := gather(at, count, step, places)) is not None:
        number = count * len(places)
        if (total := len(found) - number + 1) > left:
            return None, 0
        with suppress(UnicodeDecodeError):
            made = str(found, "utf-8").split("\0")
            if len(made) == number:  # otherwise, there are zeros in the strings, too
                return made, total
    return _near(view, size, at, count, places, step, left)


def _near(
    view: memoryview, size: int, at: int, count: int, places: tuple[int, ...], step: int, left: int
) -> tuple[list[str] | None, int]:
    """The same for strings that lie near each other."""
    words = array("I", view[at : at + count * step].tobytes())
    pointers, lengths = list[int](), list[int]()
    for place in places:
        pointers += words[place // 4 :: step // 4]
        lengths += words[place // 4 + 1 :: step // 4]
    start, end, total = min(pointers), max(pointers) + max(lengths), sum(lengths)
    if end > size or end - start > _SPREAD * total + _NEAR or total > left:
        return None, 0
    block = view[start:end].tobytes()
    if block.isascii():
        text = str(block, "ascii")
        return [text[at - start : at - start + n] for at, n in zip(pointers, lengths, strict=True)], total
    decode = bytes.decode
    return [decode(block[at - start : at - start + n]) for at, n in zip(pointers, lengths, strict=True)], total
