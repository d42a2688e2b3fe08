"""Which exports get an adapter, and of which shape."""

from __future__ import annotations

from typing import Any

import pytest

from witkit import abi
from witkit.canonical.fused import MOST, Block, Shape, shape_of
from witkit.canonical.layout import Layouts

TEXT, BYTES, NUMBER = abi.STRING, abi.List(abi.U8), abi.U32
PAIR = abi.Tuple((TEXT, TEXT))
HANDLE = abi.Resource("r", "R")


def blocks(*places: int) -> tuple[Block, ...]:
    """Strings to which the core parameters at these places point."""
    return tuple(map(Block, places))


SHAPES: dict[str, tuple[list[abi.Type], abi.Type | None, Shape]] = {
    "text that nothing answers": ([TEXT], None, Shape(blocks(0), copies="", cleans=True)),
    "text for text": ([TEXT], TEXT, Shape(blocks(0), copies="text", cleans=True)),
    "bytes for bytes": ([BYTES], BYTES, Shape(blocks(0), copies="bytes", cleans=True)),
    "text for a number": ([TEXT], abi.F64, Shape(blocks(0), copies="", cleans=True)),
    "a result that may be wrong": ([TEXT], abi.CHAR, Shape(blocks(0), copies="", cleans=False)),
    "a result that is lifted": ([TEXT], abi.List(TEXT), Shape(blocks(0), copies="", cleans=False)),
    "numbers between": ([NUMBER, TEXT, abi.U64, BYTES], None, Shape(blocks(1, 4), copies="", cleans=True)),
    "a tuple": (
        [abi.Tuple((TEXT, abi.Tuple((NUMBER, TEXT)))), BYTES],
        None,
        Shape(blocks(0, 3, 5), copies="", cleans=True),
    ),
    "text that may be missing": ([NUMBER, abi.Option(TEXT)], TEXT, Shape((Block(2, is_optional=True),), "text", True)),
    "a number that may be missing": ([abi.Option(NUMBER), TEXT], TEXT, Shape(blocks(2), "text", True)),
    "numbers": ([abi.List(abi.U64)], None, Shape((Block(0, 8, 8),), "", True)),
    "texts": ([abi.List(TEXT)], None, Shape((Block(0, 8, 4, (0,)),), "", True)),
    "pairs of texts": ([abi.List(PAIR)], None, Shape((Block(0, 16, 4, (0, 8)),), "", True)),
    "numbers beside a text": (
        [abi.List(abi.Tuple((abi.U64, TEXT, abi.U8)))],
        None,
        Shape((Block(0, 24, 8, (8,)),), "", True),
    ),
    "pairs of texts that may be missing": (
        [TEXT, abi.Option(abi.List(PAIR))],
        None,
        Shape((Block(0), Block(3, 16, 4, (0, 8), True)), "", True),
    ),
    "a handle that is given": ([abi.Own(HANDLE), TEXT], TEXT, Shape(blocks(1), copies="text", cleans=True)),
    "a handle that is lent": ([abi.Borrow(HANDLE), TEXT], TEXT, Shape(blocks(1), copies="", cleans=False)),
}

NONE: dict[str, list[abi.Type]] = {
    "no parameters": [],
    "only numbers": [NUMBER, abi.CHAR],
    "too many strings": [TEXT] * (MOST + 1),
    "lists in a list": [TEXT, abi.List(BYTES)],
    "texts in a list that may be missing": [abi.List(abi.Option(TEXT))],
    "handles in a list": [TEXT, abi.List(abi.Own(HANDLE))],
    "a list of fixed length": [TEXT, abi.List(TEXT, length=2)],
    "an option of an option": [abi.Option(abi.Option(TEXT))],
    "a pair that may be missing": [abi.Option(PAIR)],
    "a text or another": [abi.Result(TEXT, TEXT)],
    "a dictionary": [abi.Map(TEXT, NUMBER)],
}


@pytest.mark.parametrize("case", SHAPES)
def test_an_export_has_an_adapter_of_its_shape(case: str) -> None:
    types, result, shape = SHAPES[case]
    assert shape_of(types, result, "utf8", Layouts()) == shape


@pytest.mark.parametrize("case", NONE)
def test_other_exports_have_none(case: str) -> None:
    assert shape_of(NONE[case], TEXT, "utf8", Layouts()) is None


@pytest.mark.parametrize("encoding", ["utf16", "latin1+utf16"])
def test_other_encodings_have_none(encoding: str) -> None:
    assert shape_of([TEXT], TEXT, encoding, Layouts()) is None


def test_a_type_may_be_deep() -> None:
    deep: Any = TEXT
    for _ in range(10_000):
        deep = abi.Tuple((deep,))
    assert shape_of([deep], None, "utf8", Layouts()) == Shape(blocks(0), copies="", cleans=True)
