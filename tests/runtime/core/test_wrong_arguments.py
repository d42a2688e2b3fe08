"""Programs that catch the error for a wrong argument and go on: the guest keeps its memory."""

from __future__ import annotations

import pytest

from tests.runtime.core.test_between import OPTIONS
from witkit.runtime import Engine

GUEST = f"""(component
  (core module $m (memory (export "memory") 1) (global $top (mut i32) (i32.const 1024))
    (global $asked (mut i32) (i32.const 0))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
      (global.set $asked (i32.add (global.get $asked) (i32.const 1)))
      (local.set $p (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $p) (local.get 3)))
      (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
        (then (drop (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get 3) (i32.const 16)))))))
      (local.get $p))
    (func (export "take") (param i32 i32))
    (func (export "asked") (result i32) (global.get $asked)))
  (core instance $i (instantiate $m))
  (func (export "take") (param "items" (list (tuple string u8 (list string))))
    (canon lift (core func $i "take") {OPTIONS}))
  (func (export "asked") (result u32) (canon lift (core func $i "asked"))))"""


def test_a_guest_is_not_asked_for_memory_again_and_again_for_values_that_are_wrong() -> None:
    right = [("name", 1, ["a", "b"])] * 50
    wrong = [*right, ("name", 256, ["a", "b"])]
    made = Engine(cache=False).load(GUEST.encode()).instantiate()
    take, asked = made.function(None, "take"), made.function(None, "asked")
    take(right)
    once = asked()
    for _ in range(200):
        with pytest.raises(ValueError, match=r"take\(items\)\[50\]\[1\]: expected u8, got 256"):
            take(wrong)
    assert asked() < 3 * once, "by the first wrong value only"
    take(right)
    assert asked() < 4 * once
