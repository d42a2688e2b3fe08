"""Whatever the bytes are: a plan, or one reason with a place in them; never more work than there is file."""

from __future__ import annotations

import pickle
import random
from pathlib import Path
from time import thread_time

import pytest

from tests.runtime.guests import behaviour, resources
from tests.sampled import examples
from tests.wasm.encoding import wat
from tests.wasm.hostile import COMPONENT, section
from tests.wasm.hostile import REFUSED as REFUSED_TYPES
from tests.wasm.linking.hostile import LINKED, REFUSED
from tests.wasm.linking.test_plan import RESOURCE_OF_A_CHILD
from tests.wasm.test_damaged import damaged
from witkit.wasm.cursor import BadWasm
from witkit.wasm.linking import link
from witkit.wasm.plan import Plan

ROUNDS = examples(3000)
_SECONDS = 20
_CORE_TYPE = 3


def outcome(data: bytes) -> Plan | BadWasm:
    try:
        return link(data)
    except BadWasm as e:
        return e


@pytest.mark.parametrize("name", REFUSED)
def test_a_component_that_asks_for_too_much_is_refused(name: str, tmp_path: Path) -> None:
    source, message = REFUSED[name]
    data = wat(source(), tmp_path / "c.wasm").read_bytes()
    start = thread_time()
    with pytest.raises(BadWasm, match=message):
        link(data)
    assert thread_time() - start < _SECONDS


@pytest.mark.parametrize("name", LINKED)
def test_a_deep_component_is_linked_and_pickled(name: str, tmp_path: Path) -> None:
    made = link(wat(LINKED[name](), tmp_path / "c.wasm").read_bytes())
    loaded: Plan = pickle.loads(pickle.dumps(made))
    assert len(loaded.parts) == len(made.parts)
    assert loaded.instances == made.instances


@pytest.mark.parametrize("name", sorted(REFUSED_TYPES.keys() - {"deep-documentation"}))
def test_types_that_are_refused_are_refused_when_linking(name: str) -> None:
    data = REFUSED_TYPES[name]()
    found = outcome(data)
    assert isinstance(found, BadWasm)
    assert 0 <= found.offset <= len(data)


def test_types_of_core_modules_do_not_nest() -> None:
    nested = b"\x50\1\1" * 5000 + b"\x50\0"
    assert isinstance(outcome(COMPONENT + section(_CORE_TYPE, b"\1" + nested)), BadWasm)


def test_damaged_components_are_refused_with_a_place_or_linked(tmp_path: Path) -> None:
    whole = [resources(), behaviour(), wat(RESOURCE_OF_A_CHILD, tmp_path / "c.wasm").read_bytes()]
    chance = random.Random(7)
    linked = 0
    for _ in range(ROUNDS):
        data = damaged(chance.choice(whole), chance)
        found = outcome(data)
        if isinstance(found, Plan):
            linked += 1
        else:
            assert 0 <= found.offset <= len(data)
    assert ROUNDS / 100 < linked < ROUNDS
