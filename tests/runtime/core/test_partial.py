"""What cannot be carried yet stops its caller, and nothing else."""

from __future__ import annotations

import pytest

from tests.runtime import guests
from witkit.canonical.errors import NotCarried
from witkit.runtime import Engine, Instance, InstanceError, MissingImport

BUILT_IN = """(component
  (core func $index (canon thread.index))
  (core module $m (import "" "index" (func $index (result i32)))
    (func (export "flow") (result i32) (call $index)) (func (export "plain") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m (with "" (instance (export "index" (func $index))))))
  (func (export "flow") (result u32) (canon lift (core func $i "flow")))
  (func (export "plain") (result u32) (canon lift (core func $i "plain"))))"""


def instance(source: bytes, **options: object) -> Instance:
    made: Instance = Engine(cache=False).load(source).instantiate(**options)  # type: ignore[arg-type]
    return made


def test_a_built_in_of_threads_stops_who_calls_it() -> None:
    with instance(BUILT_IN.encode()) as made:
        assert made.function(None, "plain")() == 7
        with pytest.raises(NotCarried, match=r"the guest called `thread.index`, which witkit does not carry yet"):
            made.function(None, "flow")()
        with pytest.raises(InstanceError, match="closed after NotCarried"):
            made.function(None, "plain")()


def test_an_import_that_is_not_provided_stops_who_calls_it() -> None:
    with instance(guests.behaviour(), optional=["t:behave/host"]) as made:
        assert made.function(None, "add")(1, 2) == 3
        with pytest.raises(MissingImport, match=r"the guest called `t:behave/host#.*`, an optional import"):
            made.function(None, "call-many")(1)
