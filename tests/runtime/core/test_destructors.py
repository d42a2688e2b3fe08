"""Destructors of guests, called in whatever runs when a handle is dropped."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.runtime.core.described import Described

ASKS = """(component
  (import "ask" (func $ask (result u32)))
  (core func $set (canon context.set i32 0)) (core func $get (canon context.get i32 0))
  (core module $d (import "" "set" (func $set (param i32))) (import "" "get" (func $get (result i32)))
    (global $found (mut i32) (i32.const 0))
    (func (export "found") (result i32) (global.get $found))
    (func (export "drop") (param i32) (global.set $found (call $get)) (call $set (i32.const 9))))
  (core instance $d (instantiate $d (with "" (instance (export "set" (func $set)) (export "get" (func $get))))))
  (type $r (resource (rep i32) (dtor (core func $d "drop"))))
  (core func $new (canon resource.new $r)) (core func $drop (canon resource.drop $r))
  (core func $ask' (canon lower (func $ask)))
  (core func $return (canon task.return (result u32)))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32))) (import "" "drop" (func $drop (param i32)))
    (import "" "ask" (func $ask (result i32))) (import "" "return" (func $return (param i32)))
    (import "" "set" (func $set (param i32))) (import "" "get" (func $get (result i32)))
    (func (export "make") (result i32) (call $new (i32.const 1)))
    (func (export "asks") (result i32) (call $set (i32.const 5)) (drop (call $ask))
      (call $return (call $get)) (i32.const 0))
    (func (export "drops") (result i32) (call $set (i32.const 5)) (call $drop (call $new (i32.const 2)))
      (call $return (call $get)) (i32.const 0))
    (func (export "back") (param i32 i32 i32) (result i32) unreachable))
  (core instance $i (instantiate $m (with "" (instance
    (export "new" (func $new)) (export "drop" (func $drop)) (export "ask" (func $ask'))
    (export "set" (func $set)) (export "get" (func $get)) (export "return" (func $return))))))
  (export $e "r" (type $r))
  (func (export "make") (result (own $e)) (canon lift (core func $i "make")))
  (func (export "found") (result u32) (canon lift (core func $d "found")))
  (func (export "asks") async (result u32) (canon lift (core func $i "asks") async (callback (core func $i "back"))))
  (func (export "drops") async (result u32)
    (canon lift (core func $i "drops") async (callback (core func $i "back")))))"""


def test_a_destructor_that_the_host_calls_has_a_storage_of_its_own() -> None:
    handles: list[Any] = []

    def ask() -> int:
        handles.pop().close()
        return 0

    with Described(ASKS, ask=ask) as made:
        handles.append(made["make"]())
        assert asyncio.run(made["asks"]()) == 5
        assert made["found"]() == 0


def test_a_destructor_that_a_task_of_its_own_instance_calls_is_part_of_that() -> None:
    with Described(ASKS, ask=lambda: 0) as made:
        assert asyncio.run(made["drops"]()) == 9
        assert made["found"]() == 5
