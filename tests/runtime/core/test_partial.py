"""What cannot be carried yet stops its caller, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime import guests
from tests.runtime.core import both
from witkit.canonical.errors import NotCarried
from witkit.runtime import Engine, Instance, InstanceError, MissingImport

WAITING = Path(guests.__file__).with_name("guests") / "waiting.wat"

BUILT_IN = """(component
  (core func $new (canon waitable-set.new))
  (core module $m (import "" "new" (func $new (result i32)))
    (func (export "wait") (result i32) (call $new)) (func (export "plain") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (func (export "wait") (result u32) (canon lift (core func $i "wait")))
  (func (export "plain") (result u32) (canon lift (core func $i "plain"))))"""


def instance(source: bytes | Path, **options: object) -> Instance:
    with both.core_engine():
        made: Instance = Engine(cache=False).load(source).instantiate(**options)  # type: ignore[arg-type]
        return made


def test_an_async_export_is_refused_and_the_others_can_be_called() -> None:
    with instance(WAITING) as made:
        with pytest.raises(NotCarried, match="`twice` is an `async func`, which witkit cannot call yet"):
            made.function(None, "twice")(1)
        assert made.function(None, "plain")() == 7


def test_a_built_in_of_tasks_stops_who_calls_it() -> None:
    with instance(BUILT_IN.encode()) as made:
        assert made.function(None, "plain")() == 7
        with pytest.raises(NotCarried, match=r"the guest called `waitable-set.new`, which witkit does not carry yet"):
            made.function(None, "wait")()
        with pytest.raises(InstanceError, match="closed after NotCarried"):
            made.function(None, "plain")()


def test_an_import_that_is_not_provided_stops_who_calls_it() -> None:
    with instance(guests.behaviour(), optional=["t:behave/host"]) as made:
        assert made.function(None, "add")(1, 2) == 3
        with pytest.raises(MissingImport, match=r"the guest called `t:behave/host#.*`, an optional import"):
            made.function(None, "call-many")(1)
