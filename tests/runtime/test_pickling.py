"""Components are pickled by their bytes, so that other processes can have them."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.by_hand.world import WorldComponent
from witkit.runtime import Engine, UntypedComponent
from witkit.text import WitkitError

ADD = """(component
  (core module $m (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (core instance $i (instantiate $m))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add"))))"""


@pytest.fixture(scope="module")
def adding() -> UntypedComponent:
    return UntypedComponent.load(ADD.encode())


def added(component: UntypedComponent, one: int, two: int) -> int:
    with component.instantiate() as instance:
        result: int = instance.function(None, "add")(one, two)
        return result


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_component_that_was_pickled_does_the_same(adding: UntypedComponent, protocol: int) -> None:
    again = pickle.loads(pickle.dumps(adding, protocol))
    assert (again.name, again.exports) == (adding.name, ("add",))
    assert added(again, 1, 2) == 3


def test_a_component_of_a_generated_class_keeps_its_class(engine: Engine) -> None:
    again = pickle.loads(pickle.dumps(WorldComponent.load(guests.resources(), engine=engine)))
    assert type(again) is WorldComponent


def test_a_pickle_needs_no_file(tmp_path: Path) -> None:
    file = tmp_path / "add.wasm"
    file.write_text(ADD)
    pickled = pickle.dumps(UntypedComponent.load(file))
    file.unlink()
    again = pickle.loads(pickled)
    assert added(again, 2, 3) == 5
    assert again.name == str(file)


def test_a_process_that_gets_a_component_twice_has_it_once(adding: UntypedComponent) -> None:
    pickled = pickle.dumps(adding)
    first = pickle.loads(pickled)
    assert pickle.loads(pickled) is first
    other = pickle.loads(pickle.dumps(UntypedComponent.load(ADD.replace("i32.add", "i32.sub").encode())))
    gc.collect()
    assert (added(first, 5, 3), added(other, 5, 3)) == (8, 2)


def test_a_component_without_a_cache_arrives_with_the_default_engine() -> None:
    component = Engine(cache=False).load(ADD.encode())
    assert added(pickle.loads(pickle.dumps(component)), 1, 1) == 2


def test_copies_of_a_component_work(adding: UntypedComponent) -> None:
    both: list[Any] = [copy.copy(adding), copy.deepcopy(adding)]
    assert [added(each, 1, 2) for each in both] == [3, 3]


def test_a_damaged_pickle_is_an_error_of_the_component(adding: UntypedComponent) -> None:
    damaged = pickle.dumps(adding).replace(b"\0asm", b"\0osm")
    with pytest.raises(WitkitError):
        pickle.loads(damaged)


def test_processes_share_the_work(adding: UntypedComponent) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        assert list(pool.map(added, [adding] * 6, range(6), range(6))) == [0, 2, 4, 6, 8, 10]
