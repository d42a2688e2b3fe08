"""Values that a host gives are judged by the same rules, whether its guest runs natively or as a component."""

from __future__ import annotations

from enum import Enum, Flag
from typing import Any

from tests.guest.test_fuzzed_values import Fuzz

REFUSED = "is refused"


def shown(fuzz: Fuzz, kind: str, value: Any) -> str:
    """What a guest says of a value that it is given for a type of this kind, the same in both ways to run it."""
    number = next(n for n, type in fuzz.interfaces["local"].carried.items() if type.kind == kind)
    wasm, native = (side.outcome(lambda g: getattr(g.local, f"show{number}")(value), str) for side in fuzz.sides)
    assert native == wasm
    return native


def cls(fuzz: Fuzz, kind: str) -> Any:
    """The class of the first type of this kind in the host's package."""
    return fuzz.names[next(t.cls for t in fuzz.interfaces["local"].carried.values() if t.kind == kind)]


def test_a_bool_is_a_bool(fuzz: Fuzz) -> None:
    assert shown(fuzz, "bool", True) == "gives bool True"
    wrong: tuple[Any, ...] = (1, 0, None, "yes", [])
    assert [shown(fuzz, "bool", value) for value in wrong] == [REFUSED] * 5


def test_a_number_is_whatever_has_an_index_and_is_in_range(fuzz: Fuzz) -> None:
    assert shown(fuzz, "u8", True) == "gives int 1"
    assert shown(fuzz, "u8", fuzz.kit.Index(3)) == "gives int 3"
    assert [shown(fuzz, "u8", value) for value in (256, -1, 1.0, "1")] == [REFUSED] * 4


def test_a_float_that_f32_cannot_hold_is_refused(fuzz: Fuzz) -> None:
    assert shown(fuzz, "f32", 0.1) == "gives float 0.10000000149011612"
    assert shown(fuzz, "f64", 1e300) == "gives float 1e+300"
    assert [shown(fuzz, "f32", value) for value in (1e300, -1e39, "1.0")] == [REFUSED] * 3


def test_a_string_arrives_plain(fuzz: Fuzz) -> None:
    assert shown(fuzz, "string", fuzz.kit.Text("ab")) == "gives str 'ab'"
    assert [shown(fuzz, "string", value) for value in ("\ud800", b"ab")] == [REFUSED] * 2
    assert [shown(fuzz, "char", value) for value in ("ab", "", "\udfff")] == [REFUSED] * 3


def test_an_enum_is_of_its_class(fuzz: Fuzz) -> None:
    own = cls(fuzz, "enum")
    assert shown(fuzz, "enum", own.E0) == f"gives {own.__name__}(0)"

    class Other(Enum):
        E0 = 0

    Other.__name__ = own.__name__
    assert [shown(fuzz, "enum", value) for value in (Other.E0, fuzz.kit.Duck(value=0), 0)] == [REFUSED] * 3


def test_flags_are_of_their_class_and_have_no_bits_beyond(fuzz: Fuzz) -> None:
    own = cls(fuzz, "flags")
    assert shown(fuzz, "flags", own(0)) == f"gives {own.__name__}(0)"

    class Other(Flag):
        B0 = 1

    assert [shown(fuzz, "flags", value) for value in (Other.B0, 0, fuzz.kit.Duck(value=0))] == [REFUSED] * 3


def test_a_record_is_whatever_has_its_fields(fuzz: Fuzz) -> None:
    assert shown(fuzz, "record", fuzz.kit.Duck()) == REFUSED
