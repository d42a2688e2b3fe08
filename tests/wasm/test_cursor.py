"""Integers in LEB128 are read up to their bounds, and not a bit further."""

from __future__ import annotations

import pytest

from witkit.wasm.cursor import BadWasm, Cursor


@pytest.mark.parametrize(
    ("data", "value"),
    [("00", 0), ("7f", 127), ("8001", 128), ("8000", 0), ("ffffffff0f", 2**32 - 1)],
)
def test_an_unsigned_integer_is_read(data: str, value: int) -> None:
    cursor = Cursor(bytes.fromhex(data + "aa"))
    assert (cursor.u32(), cursor.at) == (value, len(data) // 2)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("00", 0),
        ("3f", 63),
        ("40", -64),
        ("7f", -1),
        ("ff00", 127),
        ("ffffffff0f", 2**32 - 1),
        ("8080808070", -(2**32)),
    ],
)
def test_a_signed_integer_is_read(data: str, value: int) -> None:
    cursor = Cursor(bytes.fromhex(data + "aa"))
    assert (cursor.s33(), cursor.at) == (value, len(data) // 2)


@pytest.mark.parametrize("data", ["ffffffff1f", "ffffffff7f", "808080808000"])
def test_an_unsigned_integer_that_is_too_long_is_refused_where_it_begins(data: str) -> None:
    with pytest.raises(BadWasm) as refused:
        Cursor(bytes.fromhex(data), base=7).u32()
    assert refused.value.offset == 7


@pytest.mark.parametrize("data", ["8080808010", "ffffffff6f", "ffffffffff7f"])
def test_a_signed_integer_that_is_too_long_is_refused_where_it_begins(data: str) -> None:
    with pytest.raises(BadWasm) as refused:
        Cursor(bytes.fromhex(data), base=7).s33()
    assert refused.value.offset == 7


@pytest.mark.parametrize("data", ["", "80", "ffff"])
def test_an_integer_that_the_file_cuts_off_is_refused(data: str) -> None:
    for read in (Cursor(bytes.fromhex(data)).u32, Cursor(bytes.fromhex(data)).s33):
        with pytest.raises(BadWasm, match="the file ends"):
            read()
