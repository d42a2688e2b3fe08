"""Typed messages: every type, its values as JSON, and what is said about messages that do not fit."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.program.typed_values import packages, resolved, values
from witkit.program.payloads import Payload, UnknownType, payload

NAME = "shop:orders/types@0.1.0#it"

ORDERS = """package shop:orders@0.1.0;
interface types {
    enum size { small, large }
    flags extras { gift, express }
    variant payment { card(string), cash }
    record line { item: string, count: u32, size: option<size> }
    record order-placed { id: u64, lines: list<line>, payment: payment, extras: extras, note: list<u8>, balance: s64 }
    resource basket;
    record held { basket: borrow<basket> }
    record live { prices: stream<u8> }
    type alias = order-placed;
}
"""
ORDER: dict[str, Any] = {
    "id": 2**64 - 1,
    "lines": [{"item": "tea", "count": 2, "size": None}, {"item": "é", "count": 0, "size": "small"}],
    "payment": {"card": "4000"},
    "extras": ["gift"],
    "note": [0, 255],
    "balance": -(2**63),
}

PROPERTY = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Payload:
    return payload("shop:orders/types@0.1.0#order-placed", resolved(ORDERS, tmp_path_factory.mktemp("wit")))


@PROPERTY
@given(data=some.data(), text=packages())
def test_a_value_of_any_type_survives(data: some.DataObject, text: str, tmp_path: Path) -> None:
    made = payload(NAME, resolved(text, tmp_path))
    value = data.draw(values(made.type))
    message = made.encode(value)
    assert made.decode(message) == value
    assert made.mismatch(message) is None
    assert made.encode(made.decode(message)) == message


WRONG: list[Any] = [
    None,
    True,
    -1,
    2**64,
    1.5,
    "no such case",
    "\ud800",
    [],
    [[]],
    {},
    {"none": 1},
    {"ok": 1, "err": 1},
]


@PROPERTY
@given(data=some.data(), text=packages())
def test_a_damaged_value_is_refused_with_its_path_or_is_another_value(
    data: some.DataObject, text: str, tmp_path: Path
) -> None:
    made = payload(NAME, resolved(text, tmp_path))
    whole = {"value": json.loads(made.encode(data.draw(values(made.type))))}
    holder, key = data.draw(some.sampled_from(_places(whole)))
    holder[key] = data.draw(some.sampled_from(WRONG))
    message = json.dumps(whole["value"]).encode()
    said = made.mismatch(message)
    if said is None:
        assert made.mismatch(made.encode(made.decode(message))) is None
    else:
        assert re.match(r"(the value|[.\[].*) is not ", said, re.S)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """All values within a value in JSON: each as what holds it, and its key there."""
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += [(value, key), *_places(inner)]
    return found


@PROPERTY
@given(position=some.integers(0, 200), byte=some.binary(max_size=3))
def test_damaged_bytes_are_refused_or_fit(order: Payload, position: int, byte: bytes) -> None:
    message = json.dumps(ORDER).encode()
    damaged = message[:position] + byte + message[position + 1 :]
    said = order.mismatch(damaged)
    assert said is None or "is not" in said


@pytest.mark.parametrize(
    ("path", "wrong", "said"),
    [
        (["id"], -1, ".id is not in the range of u64"),
        (["id"], 1.0, ".id is not a u64"),
        (["lines", 1, "count"], "2", ".lines[1].count is not a u32"),
        (["lines", 0, "size"], "huge", ".lines[0].size is not one of small, large"),
        (["payment"], {"cash": 1}, ".payment is not `cash` without a payload"),
        (["payment"], "card", '.payment is not an object {"card": …}'),
        (["extras"], ["gift", "free"], ".extras is not one of gift, express"),
        (["note", 1], 256, ".note[1] is not in the range of u8"),
        (["lines", 0], {"item": "tea"}, ".lines[0] is not an object with item, count, size"),
    ],
)
def test_the_first_mismatch_is_named_by_its_path(order: Payload, path: list[Any], wrong: Any, said: str) -> None:
    damaged = json.loads(json.dumps(ORDER))
    holder = damaged
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = wrong
    assert order.mismatch(json.dumps(damaged).encode()) == said


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"", "the value is not JSON: Expecting value at character 0"),
        (b"\xff", "the value is not UTF-8: byte 0"),
        (b"{}", "the value is not an object with id, lines, payment, extras, note, balance"),
        (b'{"id": 1, "id": 2}', "the value is not JSON: an object has a name twice"),
        (b"NaN", "the value is not JSON: `NaN` is a string in JSON"),
        (b"[" * 100_000, "the value is not JSON of a sensible depth"),
        (b"1" * 5000, "the value is not JSON: "),
        (b"{} {}", "the value is not JSON: Extra data at character 3"),
    ],
)
def test_what_is_not_json_is_refused(order: Payload, message: bytes, said: str) -> None:
    assert (order.mismatch(message) or "").startswith(said)


@pytest.mark.parametrize(
    ("name", "said", "help"),
    [
        ("order-placed", "is not the name of a type", 'a type is "namespace:package/interface@version#type"'),
        ("shop:orders/types@0.1.0", "is not the name of a type", ""),
        ("shop:orders/type@0.1.0#it", "there is no interface `shop:orders/type@0.1.0`", "did you mean"),
        ("shop:orders/types@0.2.0#it", "there is no interface `shop:orders/types@0.2.0`", "did you mean"),
        ("shop:orders/types@0.1.0#order-place", "has no type `order-place`", "did you mean `order-placed`?"),
        ("shop:orders/types@0.1.0#held", "it contains a resource handle", ""),
        ("shop:orders/types@0.1.0#live", "it contains a stream", ""),
    ],
)
def test_a_type_that_cannot_be_used_is_explained(name: str, said: str, help: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownType, match=said) as caught:
        payload(name, resolved(ORDERS, tmp_path))
    assert help in caught.value.help


def test_an_alias_is_its_type(order: Payload, tmp_path: Path) -> None:
    alias = payload("shop:orders/types@0.1.0#alias", resolved(ORDERS, tmp_path))
    assert alias.mismatch(json.dumps(ORDER).encode()) is None
