"""Plain values for the classes of a description, and back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.component_types import defined
from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.program.plain import Plain
from witkit.program.values import Unfit
from witkit.wasm import types

KIND = defined(types.Enum(("tea", "tea-pot")))
HOW = defined(types.Flags(("fast", "gift-wrapped", "cold")))
PROBLEM = defined(types.Variant((("closed", None), ("too-many", "u32"))))
ORDER = defined(types.Record((("item-kind", KIND), ("note", defined(types.Option("string"))))))
BUILT = Descriptions(lambda resource: abi.Resource("basket", "Basket"))
PLAIN = Plain(frozenset(), lambda value: value, lambda resource, value: value)


@pytest.mark.parametrize(
    ("shape", "plain"),
    [
        ("u32", 7),
        (KIND, "tea-pot"),
        (HOW, {"fast", "cold"}),
        (HOW, set()),
        (PROBLEM, "closed"),
        (PROBLEM, {"too-many": 3}),
        (defined(types.Option(KIND)), None),
        (defined(types.Option(KIND)), "tea"),
        (defined(types.Option(defined(types.Option("u8")))), abi.Some(None)),
        (defined(types.List(PROBLEM)), ["closed", {"too-many": 1}]),
        (defined(types.List("u8")), b"bytes"),
        (defined(types.Tuple((KIND, "string"))), ("tea", "x")),
        (defined(types.Result(KIND, PROBLEM)), abi.Ok("tea")),
        (defined(types.Map("string", KIND)), {"a": "tea"}),
    ],
)
def test_a_plain_value_comes_back_as_it_was_given(shape: Any, plain: Any) -> None:
    type = BUILT.type(shape)
    assert PLAIN.take(type, PLAIN.give(type, plain)) == plain


@pytest.mark.parametrize("given", [{"item-kind": "tea", "note": None}, {"item_kind": "tea", "note": None}])
def test_a_record_is_given_as_a_dictionary_and_taken_as_an_object(given: dict[str, Any]) -> None:
    type = BUILT.type(ORDER)
    taken = PLAIN.take(type, PLAIN.give(type, given))
    assert (taken.item_kind, taken.note) == ("tea", None)
    assert PLAIN.take(type, PLAIN.give(type, taken)) == taken


@pytest.mark.parametrize(
    ("shape", "plain", "said"),
    [
        (KIND, "coffee", "the value is not one of tea, tea-pot"),
        (HOW, {"slow"}, "the value is not one of fast, gift-wrapped, cold"),
        (HOW, "fast", "the value is not a set of names"),
        (PROBLEM, {"open": 1}, "the value is not one of closed, too-many"),
        (PROBLEM, {"closed": 1, "too-many": 2}, "the value is not one of closed, too-many"),
        (ORDER, {"note": "x"}, "the value is not a record with item-kind"),
        (ORDER, {"item-kind": 1, "note": None}, ".item-kind is not one of tea, tea-pot"),
        (defined(types.List(KIND)), ["tea", "x"], "[1] is not one of tea, tea-pot"),
        (defined(types.List(KIND)), 3, "the value is not a list"),
        (defined(types.Tuple((KIND, KIND))), ("tea",), "the value is not a tuple of 2"),
        (defined(types.Result(None, None)), None, "the value is not `Ok(value)` or `Err(value)`"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_path(shape: Any, plain: Any, said: str) -> None:
    with pytest.raises(Unfit) as unfit:
        PLAIN.give(BUILT.type(shape), plain)
    assert str(unfit.value) == said
