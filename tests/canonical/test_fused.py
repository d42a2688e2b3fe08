"""Which exports get an adapter, and of which shape."""

from __future__ import annotations

from typing import Any

import pytest

from witkit import abi
from witkit.canonical.fused import Shape, shape_of

TEXT, BYTES, NUMBER = abi.STRING, abi.List(abi.U8), abi.U32
HANDLE = abi.Resource("r", "R")

SHAPES: dict[str, tuple[list[abi.Type], abi.Type | None, Shape]] = {
    "text that nothing answers": ([TEXT], None, Shape((0,), copies="", cleans=True)),
    "text for text": ([TEXT], TEXT, Shape((0,), copies="text", cleans=True)),
    "bytes for bytes": ([BYTES], BYTES, Shape((0,), copies="bytes", cleans=True)),
    "text for a number": ([TEXT], abi.F64, Shape((0,), copies="", cleans=True)),
    "a result that may be wrong": ([TEXT], abi.CHAR, Shape((0,), copies="", cleans=False)),
    "a result that is lifted": ([TEXT], abi.List(TEXT), Shape((0,), copies="", cleans=False)),
    "numbers between": ([NUMBER, TEXT, abi.U64, BYTES], None, Shape((1, 4), copies="", cleans=True)),
    "a tuple": ([abi.Tuple((TEXT, abi.Tuple((NUMBER, TEXT)))), BYTES], None, Shape((0, 3, 5), copies="", cleans=True)),
    "a handle that is given": ([abi.Own(HANDLE), TEXT], TEXT, Shape((1,), copies="text", cleans=True)),
    "a handle that is lent": ([abi.Borrow(HANDLE), TEXT], TEXT, Shape((1,), copies="", cleans=False)),
}

NONE: dict[str, list[abi.Type]] = {
    "no parameters": [],
    "only numbers": [NUMBER, abi.CHAR],
    "too many strings": [TEXT] * 4,
    "a list of something else": [TEXT, abi.List(NUMBER)],
    "a list of fixed length": [TEXT, abi.List(abi.U8, length=4)],
    "text that may be missing": [TEXT, abi.Option(TEXT)],
    "a number that may be missing": [TEXT, abi.Option(NUMBER)],
}


@pytest.mark.parametrize("case", SHAPES)
def test_an_export_has_an_adapter_of_its_shape(case: str) -> None:
    types, result, shape = SHAPES[case]
    assert shape_of(types, result, "utf8") == shape


@pytest.mark.parametrize("case", NONE)
def test_other_exports_have_none(case: str) -> None:
    assert shape_of(NONE[case], TEXT, "utf8") is None


@pytest.mark.parametrize("encoding", ["utf16", "latin1+utf16"])
def test_other_encodings_have_none(encoding: str) -> None:
    assert shape_of([TEXT], TEXT, encoding) is None


def test_a_type_may_be_deep() -> None:
    deep: Any = TEXT
    for _ in range(10_000):
        deep = abi.Tuple((deep,))
    assert shape_of([deep], None, "utf8") == Shape((0,), copies="", cleans=True)
