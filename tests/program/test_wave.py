"""WAVE: what is written for each type, by the description of `wasm-wave` of wasm-tools."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from enum import Enum, Flag
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witkit import Err, Ok, Some, abi
from witkit.abi.wave import Wave


@dataclass
class Line:
    item: str
    note: str | None


@dataclass
class Number:
    value: int


@dataclass
class Nothing:
    pass


class Status(Enum):
    OK = 0
    NOT_FOUND = 1


class Access(Flag):
    READ = 1
    WRITE_ALL = 2


LINE = abi.Record(
    "line", Line, (abi.Field("item", "item", abi.STRING), abi.Field("note", "note", abi.Option(abi.STRING)))
)
NOTE = abi.Record("note", Line, (abi.Field("a-note", "note", abi.Option(abi.STRING)),))
SHAPE = abi.Variant("shape", (abi.Case("err", Number, abi.U8), abi.Case("nothing-at-all", Nothing)))
STATUS = abi.Enum("status", Status, ("ok", "not-found"))
ACCESS = abi.Flags("access", Access, ("read", "write-all"))
NESTED = abi.Option(abi.Option(abi.U8))
RESULT = abi.Result(abi.U8, abi.STRING)

WRITTEN: list[tuple[abi.Type, Any, str]] = [
    (abi.BOOL, True, "true"),
    (abi.S8, -128, "-128"),
    (abi.U64, 2**64 - 1, "18446744073709551615"),
    (abi.F64, 0.1, "0.1"),
    (abi.F32, struct.unpack("f", struct.pack("f", 0.1))[0], "0.1"),
    (abi.F64, math.nan, "nan"),
    (abi.F32, math.inf, "inf"),
    (abi.F64, -math.inf, "-inf"),
    (abi.F64, 1e100, "1e+100"),
    (abi.CHAR, "x", "'x'"),
    (abi.CHAR, "'", r"'\''"),
    (abi.CHAR, "\0", r"'\u{0}'"),
    (abi.STRING, 'a "b"\\\n\t\r', r'"a \"b\"\\\n\t\r"'),
    (abi.STRING, "☃\x1b\u202e", r'"☃\u{1b}\u{202e}"'),
    (abi.List(abi.U8), b"\x01\xff", "[1, 255]"),
    (abi.List(abi.STRING), [], "[]"),
    (abi.Tuple((abi.U8, abi.STRING)), (123, "abc"), '(123, "abc")'),
    (LINE, Line("tea", "hot"), '{item: "tea", note: some("hot")}'),
    (LINE, Line("tea", None), '{item: "tea"}'),
    (NOTE, Line("", None), "{:}"),
    (SHAPE, Number(1), "%err(1)"),
    (SHAPE, Nothing(), "nothing-at-all"),
    (STATUS, Status.OK, "%ok"),
    (STATUS, Status.NOT_FOUND, "not-found"),
    (ACCESS, Access.READ | Access.WRITE_ALL, "{read, write-all}"),
    (ACCESS, Access(0), "{}"),
    (NESTED, None, "none"),
    (NESTED, Some(None), "some(none)"),
    (NESTED, Some(1), "some(some(1))"),
    (RESULT, Ok(1), "ok(1)"),
    (RESULT, Err("no"), 'err("no")'),
    (abi.Result(None, None), Ok(None), "ok"),
    (abi.Map(abi.STRING, abi.U8), {"a": 1}, '[("a", 1)]'),
    (abi.Own(abi.Resource("store", "Store")), object(), "<store>"),
]


@pytest.mark.parametrize(("type", "value", "written"), WRITTEN, ids=lambda each: each if isinstance(each, str) else "")
def test_a_value_is_written_as_wave(type: abi.Type, value: Any, written: str) -> None:
    assert Wave().write(type, value) == written


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_an_f32_is_read_as_the_same_number(value: float) -> None:
    written = Wave().write(abi.F32, value)
    assert struct.pack("f", float(written)) == struct.pack("f", value)
    assert len(written) <= len(repr(value)) + 2


@given(st.text())
def test_a_string_takes_one_line_and_has_no_bare_quotation_mark(value: str) -> None:
    written = Wave().write(abi.STRING, value)
    assert written.isprintable()
    assert len(written[1:-1].replace("\\\\", "").replace('\\"', "").split('"')) == 1
