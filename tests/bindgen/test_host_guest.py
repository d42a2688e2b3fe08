"""A guest called through generated classes: its resources, the host's resources, results and errors."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.generated import write
from tests.runtime import guests
from witkit import Err
from witkit.bindgen import generate
from witkit.ir import load

WIT = """
package a:b;

interface meters {
  resource meter {
    read: func() -> u32;
    find: static func(id: u32) -> result<meter, string>;
  }
}

interface counters {
  variant problem { too-much(u32), broken }
  resource counter {
    constructor(start: u32);
    add: func(n: u32) -> u32;
    zero: static func() -> counter;
    merge: func(other: counter) -> result<u32, problem>;
  }
}

world w {
  import meters;
  export counters;
  export read-twice: func(id: u32) -> u32;
}
"""

WAT = f"""
(module
  (import "[export]a:b/counters" "[resource-new]counter" (func $new (param i32) (result i32)))
  (import "[export]a:b/counters" "[resource-rep]counter" (func $rep (param i32) (result i32)))
  (import "[export]a:b/counters" "[resource-drop]counter" (func $drop (param i32)))
  (import "a:b/meters" "[static]meter.find" (func $find (param i32 i32)))
  (import "a:b/meters" "[method]meter.read" (func $read (param i32) (result i32)))
  (import "a:b/meters" "[resource-drop]meter" (func $drop-meter (param i32)))
  {guests.REALLOC}
  (func $make (param $start i32) (result i32)
    (local $cell i32)
    (local.set $cell (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 4)))
    (i32.store (local.get $cell) (local.get $start))
    (call $new (local.get $cell)))
  (func (export "a:b/counters#[constructor]counter") (param i32) (result i32) (call $make (local.get 0)))
  (func (export "a:b/counters#[static]counter.zero") (result i32) (call $make (i32.const 0)))
  (func (export "a:b/counters#[method]counter.add") (param $cell i32) (param $n i32) (result i32)
    (i32.store (local.get $cell) (i32.add (i32.load (local.get $cell)) (local.get $n)))
    (i32.load (local.get $cell)))
  (func (export "a:b/counters#[method]counter.merge") (param $cell i32) (param $other i32) (result i32)
    (local $sum i32)
    (local.set $sum (i32.add (i32.load (local.get $cell)) (i32.load (call $rep (local.get $other)))))
    (call $drop (local.get $other))
    (if (i32.gt_u (local.get $sum) (i32.const 100))
      (then (i32.store (i32.const 64) (i32.const 1)) (i32.store (i32.const 68) (i32.const 0)))
      (else (i32.store (i32.const 64) (i32.const 0)) (i32.store (i32.const 68) (local.get $sum))))
    (i32.store (i32.const 72) (local.get $sum))
    (i32.const 64))
  (func (export "a:b/counters#[dtor]counter") (param i32))
  (func (export "read-twice") (param $id i32) (result i32)
    (local $meter i32) (local $sum i32)
    (call $find (local.get $id) (i32.const 128))
    (if (i32.load (i32.const 128)) (then (return (i32.const 999))))
    (local.set $meter (i32.load (i32.const 132)))
    (local.set $sum (i32.add (call $read (local.get $meter)) (call $read (local.get $meter))))
    (call $drop-meter (local.get $meter))
    (local.get $sum)))
"""


class Meters:
    """The imported interface, as a user writes it."""

    class Meter:
        def __init__(self, value: int) -> None:
            self.value = value

        @classmethod
        def find(cls, id: int) -> Meters.Meter:
            if id == 0:
                raise Err("no such meter")
            return cls(id)

        def read(self) -> int:
            self.value += 1
            return self.value


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("guest")
    (folder / "w.wit").write_text(WIT, encoding="utf-8")
    write(generate(load(folder / "w.wit").world("w"), "host", package="counting"), folder)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("counting")
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def component(package: Any) -> Any:
    return package.WComponent.load(guests.component(WIT, WAT))


@pytest.fixture
def instance(component: Any) -> Iterator[Any]:
    with component.instantiate(meters=Meters()) as made:
        yield made


def test_a_resource_of_the_guest_is_a_class_with_state(instance: Any) -> None:
    with instance.counters.Counter(5) as counter:
        assert [counter.add(2), counter.add(3)] == [7, 10]


def test_a_static_function_returns_an_object_of_the_instance_s_class(instance: Any) -> None:
    with instance.counters.Counter.zero() as zero:
        assert isinstance(zero, instance.counters.Counter)
        assert zero.add(1) == 1


def test_an_owned_argument_is_given_away(instance: Any) -> None:
    with instance.counters.Counter(40) as one:
        other = instance.counters.Counter(2)
        assert one.merge(other) == 42
        with pytest.raises(ValueError, match="Counter"):
            other.add(1)


def test_an_error_is_raised_with_its_case(instance: Any, package: Any) -> None:
    with instance.counters.Counter(100) as one, pytest.raises(Err) as raised:
        one.merge(instance.counters.Counter(1))
    assert raised.value.value == package.counters.Problem_TooMuch(101)


def test_two_instances_do_not_share_their_classes(component: Any) -> None:
    with component.instantiate(meters=Meters()) as one, component.instantiate(meters=Meters()) as two:
        assert one.counters.Counter is not two.counters.Counter
        with one.counters.Counter(1) as mine, pytest.raises(ValueError, match="instance"):
            two.counters.Counter(2).merge(mine)


def test_the_guest_uses_the_host_s_resource_and_sees_its_error(instance: Any) -> None:
    assert instance.read_twice(10) == 11 + 12
    assert instance.read_twice(0) == 999
