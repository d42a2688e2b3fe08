"""The module `payloads`: it makes the same messages as witkit, and says the same about those that do not fit."""

from __future__ import annotations

import importlib
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import witkit
from tests.cli.command_line import witkit as command
from tests.guest.building import built
from tests.program.test_payloads import NAME, ORDER, ORDERS, WRONG, _places
from tests.program.typed_values import packages, resolved, values
from witkit.backends.cloudevents import CloudEvent
from witkit.program.payloads import payload

WORLD = "\nworld worker { import types; }\n"
_NUMBERS = itertools.count()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where modules are imported from; `componentize_py_types` is that of the last bindings."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def generated(text: str, type: str, folder: Path) -> ModuleType:
    """The module for one type, in a guest's bindings of its own."""
    file = folder / "worker.wit"
    file.write_text(text + WORLD, encoding="utf-8")
    world = witkit.load(file).world()
    package = f"bindings{next(_NUMBERS)}"
    wanted: dict[str, dict[str, Any]] = {"guest": {}, "payloads": {"types": type}}
    for target, options in wanted.items():
        for made in witkit.generate(world, target, package=package, **options):
            path = folder / made.path
            if path.name == "payloads.py":
                path = folder / f"payloads_of_{package}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made.text, encoding="utf-8")
    importlib.invalidate_caches()
    return importlib.import_module(f"payloads_of_{package}")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=some.data(), text=packages(depth=2))
def test_guests_make_and_read_the_same_messages(data: some.DataObject, text: str, folder: Path) -> None:
    library, module = payload(NAME, resolved(text, folder)), generated(text, NAME, folder)
    message = library.encode(data.draw(values(library.type)))
    assert module.encode_it(module.decode_it(message)) == message
    whole = {"value": json.loads(message)}
    holder, key = data.draw(some.sampled_from(_places(whole)))
    holder[key] = data.draw(some.sampled_from(WRONG))
    damaged = json.dumps(whole["value"]).encode()
    assert said(module.decode_it, damaged) == library.mismatch(damaged)


def said(decode: Any, message: bytes) -> str | None:
    """What is said about a message that does not fit."""
    try:
        decode(message)
    except ValueError as unfit:
        return str(unfit)
    return None


@pytest.fixture
def orders(folder: Path) -> ModuleType:
    return generated(ORDERS, "shop:orders/types@0.1.0#order-placed", folder)


def test_values_are_those_of_the_bindings(orders: ModuleType) -> None:
    types = orders.types
    value = orders.decode_order_placed(json.dumps(ORDER).encode())
    assert value.lines[1] == types.Line("é", 0, types.Size.SMALL)
    assert value.payment == types.Payment_Card("4000")
    assert value.extras == types.Extras.GIFT
    assert (value.id, value.note, value.balance) == (2**64 - 1, b"\x00\xff", -(2**63))
    assert json.loads(orders.encode_order_placed(value)) == ORDER


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"id": -1}, ".id is not in the range of u64"),
        ({"id": "1"}, ".id is not a u64"),
        ({"payment": 3}, "the value does not have the type of the message"),
        ({"lines": 3}, "the value does not have the type of the message"),
    ],
)
def test_a_value_that_does_not_fit_is_not_sent(orders: ModuleType, change: dict[str, Any], text: str) -> None:
    value = orders.decode_order_placed(json.dumps(ORDER).encode())
    for name, wrong in change.items():
        setattr(value, name, wrong)
    with pytest.raises(orders.Unfit, match=text):
        orders.encode_order_placed(value)


@pytest.mark.parametrize("message", [b"", b"\xff", b"[" * 100_000, b'{"id":1,"id":2}', b"NaN", b"1" * 5000])
def test_what_is_not_json_is_refused_in_the_same_words(orders: ModuleType, message: bytes, folder: Path) -> None:
    library = payload("shop:orders/types@0.1.0#order-placed", resolved(ORDERS, folder))
    assert said(orders.decode_order_placed, message) == library.mismatch(message)


@pytest.mark.parametrize(
    ("types", "text"),
    [
        ("", "no type of messages is named"),
        ("shop:orders/types@0.1.0#order-place", "did you mean `order-placed`?"),
        ("shop:orders/type@0.1.0#order-placed", "did you mean `shop:orders/types@0.1.0`?"),
        ("shop:orders/types@0.1.0#held", "it contains borrow"),
        ("shop:orders/types@0.1.0#live", "it contains stream"),
    ],
)
def test_a_type_that_cannot_be_used_is_explained(types: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "worker.wit"
    file.write_text(ORDERS + WORLD)
    done = command("gen", "payloads", file, "--types", types, "--out", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 1
    assert text in done.stderr
    assert "error[WIT0610]" in done.stderr


def test_the_name_of_a_type_is_the_schema_of_an_event(orders: ModuleType) -> None:
    assert orders.ORDER_PLACED == "shop:orders/types@0.1.0#order-placed"
    event = CloudEvent(id="1", source="/shop", type="order", dataschema=orders.ORDER_PLACED)
    assert event.dataschema == orders.ORDER_PLACED


PROJECT = """[project]
name = "echo"
version = "0.1.0"
[tool.witkit]
wit = "wit"
world = "worker"
[tool.witkit.build]
app = "app"
"""
APP = """
import payloads
import wit_world

class WitWorld(wit_world.WitWorld):
    def echo(self, message: bytes) -> bytes:
        try:
            order = payloads.decode_order_placed(message)
        except payloads.Unfit as unfit:
            return str(unfit).encode()
        order.balance += 1
        return payloads.encode_order_placed(order)
"""


@pytest.mark.xdist_group("component with typed messages")
def test_a_component_reads_and_makes_messages_without_witkit(tmp_path: Path) -> None:
    home = tmp_path / "echo"
    (home / "wit").mkdir(parents=True)
    world = "\nworld worker { import types; export echo: func(message: list<u8>) -> list<u8>; }\n"
    # componentize-py cannot build resources that nobody has functions for.
    text = ORDERS.replace("    resource basket;\n    record held { basket: borrow<basket> }\n", "")
    (home / "wit" / "worker.wit").write_text(text.replace("    record live { prices: stream<u8> }\n", "") + world)
    (home / "pyproject.toml").write_text(PROJECT)
    (home / "app.py").write_text(APP)
    types = "shop:orders/types@0.1.0#order-placed"
    done = command("gen", "payloads", "wit", "--types", types, "--out", ".", cwd=home)
    assert done.returncode == 0, done.stderr
    component = witkit.Engine().load(built(home, "typed-messages", tmp_path))
    with component.instantiate() as instance:
        echo = instance.function(None, "echo")
        assert json.loads(echo(json.dumps(ORDER).encode())) == {**ORDER, "balance": ORDER["balance"] + 1}
        assert echo(b"{}") == b"the value is not an object with id, lines, payment, extras, note, balance"
