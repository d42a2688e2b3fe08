"""Calls that nest deeply end with an error that says so: neither the process nor the instance hangs or breaks."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from witkit.runtime import Engine, Instance, InstanceError, Trap

RELAY = """(component
  (import "t:t/h" (instance $h (export "ask" (func (param "x" u32) (result u32)))))
  (alias export $h "ask" (func $ask))
  (core func $ask' (canon lower (func $ask)))
  (core module $m (import "" "ask" (func $ask (param i32) (result i32)))
    (func (export "f") (param i32) (result i32) (call $ask (local.get 0))))
  (core instance $m (instantiate $m (with "" (instance (export "ask" (func $ask'))))))
  (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))"""


def chain(length: int, type: str) -> str:
    """Component instances, each of which calls the one before it with what it was given."""
    flat, given = ("i32 i32", "(local.get 0) (local.get 1)") if type == "string" else ("i32", "(local.get 0)")
    options = '(memory (core memory $l "memory")) (realloc (core func $l "realloc"))'
    memory = """(core module $k (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
      (core instance $l (instantiate $k))"""
    func = f'(param "x" {type}) (result u32)'
    instances = [f'(instance $i{n} (instantiate $next (with "g" (func $i{n - 1} "f"))))' for n in range(1, length)]
    return f"""(component
      (component $first {memory}
        (core module $m (func (export "f") (param {flat}) (result i32) (i32.const 1)))
        (core instance $m (instantiate $m))
        (func (export "f") {func} (canon lift (core func $m "f") {options})))
      (component $next {memory}
        (import "g" (func $g {func}))
        (core func $g' (canon lower (func $g) {options}))
        (core module $m (import "" "g" (func $g (param {flat}) (result i32)))
          (func (export "f") (param {flat}) (result i32) (i32.add (i32.const 1) (call $g {given}))))
        (core instance $m (instantiate $m (with "" (instance (export "g" (func $g'))))))
        (func (export "f") {func} (canon lift (core func $m "f") {options})))
      (instance $i0 (instantiate $first)) {" ".join(instances)}
      (func (export "f") (alias export $i{length - 1} "f")))"""


class Host:
    """Answers with a number, or with what the guest answers that it asks again."""

    def __init__(self) -> None:
        self.again: Any = None

    def ask(self, x: int) -> int:
        return x + 1 if self.again is None else int(self.again(x))


def deeper(levels: int, call: Any, value: Any) -> Any:
    return deeper(levels - 1, call, value) if levels else call(value)


def outcome(call: Any, *arguments: Any) -> str:
    try:
        return repr(call(*arguments))
    except (RecursionError, InstanceError) as error:
        return type(error).__name__
    except Trap as trap:
        return f"Trap, {trap.reason}"


def chained() -> None:
    """Chains of all lengths, which end at different places of a level."""
    for type, value in (("u32", 3), ("string", "abc")):
        with Engine(cache=False).load(chain(50, type).encode()).instantiate() as made:
            print(made.function(None, "f")(value))
        for levels in range(8):
            made = Engine(cache=False).load(chain(250, type).encode()).instantiate()
            call = made.function(None, "f")
            print(outcome(deeper, levels, call, value))
            print(outcome(call, value))


def asked_again() -> None:
    """A guest that asks the host, which asks the guest."""
    host = Host()
    made = Engine(cache=False).load(RELAY.encode()).instantiate({"t:t/h": host})
    host.again = made.function(None, "f")
    print(outcome(host.again, 1))
    print(made.closed, outcome(host.again, 1))


def near_the_limit() -> None:
    """Calls that begin so deep that they only just fit, or do not."""
    component = Engine(cache=False).load(RELAY.encode())
    seen = set()
    for is_first in (True, False):
        for levels in range(sys.getrecursionlimit() - 50, sys.getrecursionlimit()):
            made: Instance = component.instantiate({"t:t/h": Host()})
            call = made.function(None, "f")
            if not is_first:
                call(1)
            found, after = outcome(deeper, levels, call, 5), outcome(call, 7)
            assert after == "8" if not made.closed else after == "InstanceError", (levels, found, after)
            seen.add(found)
    print(sorted(seen))


def run(program: str, limit: int) -> str:
    code = (
        f"import sys; sys.setrecursionlimit({limit}); from tests.runtime.core import test_recursion as t; t.{program}()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.thorough
@pytest.mark.parametrize("limit", [1000, 1_000_000])
def test_a_long_chain_of_guests_stops_with_its_reason(limit: int) -> None:
    found = run("chained", limit).splitlines()
    assert found == ["50", *["Trap, stack", "InstanceError"] * 8] * 2


@pytest.mark.parametrize("limit", [1000, 1_000_000])
def test_a_guest_that_calls_itself_by_way_of_the_host_stops(limit: int) -> None:
    first, second = run("asked_again", limit).splitlines()
    assert first in ("RecursionError", "Trap, stack")
    assert second == "True InstanceError"


def test_calls_at_the_recursion_limit_fail_without_harm() -> None:
    assert run("near_the_limit", 1000) == "['6', 'RecursionError']\n"
