"""What random values have shown about the border, one sentence each: natively as in the component."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.guest.fuzzed.sides import Side
from tests.guest.test_same_as_wasm import Sides
from witkit.native import WouldTrap

TRAPS = "traps"


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    return Sides(tmp_path_factory.mktemp("values"))


def both(sides: Sides, call: Callable[[Any], Any]) -> str:
    """What a call gives, which is the same in both ways to run the guest."""
    outcomes = []
    for run in (sides.wasm, sides.native):
        side = Side(run)
        outcomes.append(side.outcome(call, lambda value: f"{type(value).__name__} {value!r}"))
        side.close()
    assert outcomes[0] == outcomes[1]
    return outcomes[1]


def returned(sides: Sides, function: str, expression: str) -> str:
    return both(sides, lambda guest: getattr(guest.answers, function)(expression))


def evaluated(sides: Sides, expression: str) -> str:
    return both(sides, lambda guest: guest.evaluate(expression))


@pytest.mark.parametrize(
    ("function", "made", "plain"),
    [
        ("unsigned", "type('N', (int,), {'__index__': lambda self: 7})(3)", "int 3"),
        ("number", "type('F', (float,), {'__float__': lambda self: 7.0})(2.5)", "float 2.5"),
        ("text", "type('S', (str,), {'__str__': lambda self: 'other'})('ab')", "str 'ab'"),
        ("octets", "type('B', (bytes,), {'__bytes__': lambda self: b'other'})(b'ab')", "bytes b'ab'"),
        ("numbers", "type('L', (list,), {'__iter__': lambda self: iter(())})([1, 2])", "list [1, 2]"),
        ("pair", "type('T', (tuple,), {'__iter__': lambda self: iter(())})((1, 'a'))", "tuple (1, 'a')"),
    ],
)
def test_a_subclass_arrives_as_what_it_is_whatever_it_overrides(
    sides: Sides, function: str, made: str, plain: str
) -> None:
    assert returned(sides, function, made) == f"gives {plain}"


def test_what_has_an_index_is_an_integer_and_what_converts_is_a_float(sides: Sides) -> None:
    assert returned(sides, "unsigned", "type('I', (), {'__index__': lambda self: 3})()") == "gives int 3"
    assert returned(sides, "number", "type('F', (), {'__float__': lambda self: 2.5})()") == "gives float 2.5"
    assert returned(sides, "number", "10**400") == TRAPS


def test_a_tuple_that_is_too_long_loses_its_end(sides: Sides) -> None:
    assert returned(sides, "pair", "(1, 'a', 3)") == "gives tuple (1, 'a')"


def test_bytes_that_lie_about_their_length_trap(sides: Sides) -> None:
    assert returned(sides, "octets", "type('B', (bytes,), {'__len__': lambda self: 1})(b'ab')") == TRAPS


def test_whatever_has_a_value_is_a_some(sides: Sides) -> None:
    assert returned(sides, "nested", "Ok(3)") == "gives Some Some(value=3)"
    assert returned(sides, "nested", "Duck(value=None)") == "gives Some Some(value=None)"


def test_flags_are_never_negative_and_lose_bits_that_no_flag_has(sides: Sides) -> None:
    assert returned(sides, "flags_of", "Duck(value=-1)") == TRAPS
    assert returned(sides, "flags_of", "Duck(value=9)").startswith("gives Perms <Perms.READ")


def test_an_enum_is_known_by_its_index(sides: Sides) -> None:
    assert returned(sides, "enum_of", "Duck(value=True)").startswith("gives Color <Color.GREEN_ISH")
    assert returned(sides, "enum_of", "Duck(value=2)") == TRAPS


def test_some_and_ok_may_have_attributes_of_their_own(sides: Sides) -> None:
    assert (
        evaluated(sides, "[s := Some(3), setattr(s, 'more', 4), vars(s)][2]") == "gives str \"{'value': 3, 'more': 4}\""
    )


def test_an_error_has_the_hash_of_its_value_if_that_has_one(sides: Sides) -> None:
    assert evaluated(sides, "swallow('hash(Err([1]))')") == "gives str \"'TypeError'\""
    assert evaluated(sides, "hash(Err(1)) == hash((1,))") == "gives str 'True'"


def test_an_attribute_that_raises_is_a_trap_for_whoever_asks_for_it(sides: Sides) -> None:
    sharp = "type('Sharp', (), {'x': 1, 'y': property(lambda self: 1 // 0)})()"
    assert returned(sides, "record_of", sharp) == TRAPS
    assert evaluated(sides, f"things.move(things.Shape_Dot(), {sharp})") == TRAPS
    assert evaluated(sides, f"swallow({f'things.move(things.Shape_Dot(), {sharp})'!r})") == TRAPS


def test_a_variant_without_its_value_is_a_trap(sides: Sides) -> None:
    bare = "[c := things.Shape_Circle(1.0), delattr(c, 'value'), c][2]"
    assert returned(sides, "variant_of", bare) == TRAPS
    assert evaluated(sides, f"things.fail({bare})") == TRAPS


@pytest.mark.parametrize("ending", ["GeneratorExit()", "BaseException('x')", "StopIteration()"])
def test_whatever_is_raised_is_the_end(sides: Sides, ending: str) -> None:
    assert returned(sides, "outcome", f"throw({ending})") == TRAPS


def test_a_guest_that_ends_the_program_cannot_be_called_again(sides: Sides) -> None:
    with sides.native() as guest:
        with pytest.raises(SystemExit):
            guest.answers.outcome("throw(SystemExit(3))")
        with pytest.raises(WouldTrap, match="cannot be called any more"):
            guest.answers.unsigned("1")
