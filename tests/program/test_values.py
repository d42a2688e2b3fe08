"""Values on the command line: JSON in, JSON out, and what is said about JSON that does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, Flag
from math import inf, isnan, nan
from typing import Any

import pytest

from witkit import abi
from witkit.program.values import Unfit, from_json, to_json, unsupported


@dataclass
class Size:
    width: int
    name_: str


@dataclass
class Circle:
    value: float


@dataclass
class Nothing:
    pass


class Colour(Enum):
    RED = 0
    DARK_BLUE = 1


class Access(Flag):
    READ = 1
    WRITE = 2
    RUN = 4


SIZE = abi.Record("size", Size, (abi.Field("width", "width", abi.U32), abi.Field("name", "name_", abi.STRING)))
SHAPE = abi.Variant("shape", (abi.Case("circle", Circle, abi.F64), abi.Case("nothing", Nothing)))
COLOUR = abi.Enum("colour", Colour, ("red", "dark-blue"))
ACCESS = abi.Flags("access", Access, ("read", "write", "run"))

FITTING: list[tuple[abi.Type, Any, Any]] = [
    (abi.BOOL, True, True),
    (abi.U32, 7, 7),
    (abi.S64, -7, -7),
    (abi.F64, 1.5, 1.5),
    (abi.F64, "Infinity", inf),
    (abi.F32, "-Infinity", -inf),
    (abi.CHAR, "é", "é"),
    (abi.STRING, "", ""),
    (abi.List(abi.STRING), ["a", "b"], ["a", "b"]),
    (abi.List(abi.U8), [0, 255], b"\0\xff"),
    (abi.Tuple((abi.U8, abi.BOOL)), [1, False], (1, False)),
    (abi.Option(abi.U8), None, None),
    (abi.Option(abi.U8), 3, 3),
    (abi.Option(abi.Option(abi.U8)), {"some": None}, abi.Some(None)),
    (abi.Option(abi.Option(abi.U8)), {"some": 3}, abi.Some(3)),
    (abi.Option(abi.Option(abi.U8)), None, None),
    (abi.Result(abi.U8, None), {"ok": 3}, abi.Ok(3)),
    (abi.Result(abi.U8, None), {"err": None}, abi.Err(None)),
    (SIZE, {"width": 3, "name": "x"}, Size(3, "x")),
    (SHAPE, {"circle": 2.5}, Circle(2.5)),
    (SHAPE, "nothing", Nothing()),
    (COLOUR, "dark-blue", Colour.DARK_BLUE),
    (ACCESS, [], Access(0)),
    (ACCESS, ["read", "run"], Access.READ | Access.RUN),
    (abi.Map(abi.STRING, abi.U8), [["a", 1], ["b", 2]], {"a": 1, "b": 2}),
    (abi.List(SIZE), [{"width": 3, "name": "x"}], [Size(3, "x")]),
]


@pytest.mark.parametrize(("type", "written", "value"), FITTING)
def test_json_becomes_the_value_and_json_again(type: abi.Type, written: Any, value: Any) -> None:
    assert from_json(type, written) == value
    assert to_json(type, value) == written


def test_not_a_number_is_a_string_too() -> None:
    assert to_json(abi.List(abi.F64), [nan, 1.0]) == ["NaN", 1.0]
    assert isnan(from_json(abi.F64, "NaN"))


@pytest.mark.parametrize(
    ("type", "written", "complaint"),
    [
        (abi.U32, "7", "of is not a u32"),
        (abi.U32, True, "of is not a u32"),
        (abi.U32, 1.5, "of is not a u32"),
        (abi.BOOL, 1, "of is not a bool"),
        (abi.CHAR, "ab", "of is not one character"),
        (abi.List(abi.STRING), "ab", "of is not an array"),
        (abi.List(abi.STRING), ["a", 3], "of[1] is not a string"),
        (abi.List(abi.U8), [0, 256], "of[1] is not in the range of u8"),
        (abi.S8, -129, "of is not in the range of s8"),
        (abi.U64, -1, "of is not in the range of u64"),
        (abi.F64, "nan", "of is not an f64"),
        (abi.F64, 10**400, "of is not in the range of f64"),
        (abi.F64, inf, "of is not in the range of f64"),
        (abi.F32, 1e39, "of is not in the range of f32"),
        (abi.STRING, "\ud800", "of is not a string"),
        (abi.Tuple((abi.U8, abi.BOOL)), [1], "of is not an array of 2"),
        (abi.Option(abi.Option(abi.U8)), 3, "of is not an object with some"),
        (abi.Result(abi.U8, None), {"ok": 3, "err": None}, 'of is not an object {"ok": …} or {"err": …}'),
        (abi.Result(abi.U8, None), {"err": 3}, "of.err is not null"),
        (abi.List(SIZE), [{"width": 3}], "of[0] is not an object with width, name"),
        (SIZE, {"width": 3, "name": None}, "of.name is not a string"),
        (SHAPE, "circle", 'of is not an object {"circle": …}'),
        (SHAPE, {"nothing": 3}, "of is not `nothing` without a payload"),
        (SHAPE, "square", "of is not one of circle, nothing"),
        (COLOUR, 1, "of is not one of red, dark-blue"),
        (ACCESS, ["read", "delete"], "of is not one of read, write, run"),
    ],
)
def test_json_that_does_not_fit_is_refused_with_its_place(type: abi.Type, written: Any, complaint: str) -> None:
    with pytest.raises(Unfit) as caught:
        from_json(type, written, "of")
    assert str(caught.value) == complaint


def test_what_json_cannot_hold_is_found_wherever_it_is() -> None:
    handle = abi.Own(abi.Resource("item", "Item"))
    nested = abi.List(abi.Record("r", Size, (abi.Field("a", "a", abi.Tuple((abi.U8, abi.Option(handle)))),)))
    assert unsupported(nested) == "a resource handle"
    assert unsupported(abi.Result(None, abi.Unsupported("stream<u8>"))) == "stream<u8>"
    assert unsupported(abi.Variant("v", (abi.Case("c", Circle, handle),))) == "a resource handle"
    assert unsupported(abi.Map(abi.STRING, SIZE)) is None
