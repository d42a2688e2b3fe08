"""What one call may pass to the host is bounded, on the whole engine: results, arguments of imports, other guests."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.runtime.core.test_between import MEMORY, OPTIONS, PASS, relay
from witkit.runtime import Engine, InstanceError, Reason, Trap

LISTS = "(list (list (list string)))"
FILL = """(local $i i32)
  (loop $next (i64.store (local.get $i) (i64.const 0x7f00000000))
    (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 65536))))"""
"""Fill the memory with lists that begin at 0 and have 127 elements, which are such lists, or text, again."""

GIVES = f"""(component
  (core module $m {MEMORY} (func (export "f") (result i32) {FILL} (i32.const 0)))
  (core instance $i (instantiate $m))
  (func (export "f") (result {LISTS}) (canon lift (core func $i "f") {OPTIONS})))"""

TAKES = f"""(component
  (import "t:t/h" (instance $h (export "take" (func (param "x" {LISTS})))))
  (alias export $h "take" (func $take))
  (core module $l {MEMORY}) (core instance $l (instantiate $l))
  (core func $take' (canon lower (func $take) (memory (core memory $l "memory"))))
  (core module $m (import "" "take" (func $take (param i32 i32))) (import "" "memory" (memory 1))
    (func (export "f") {FILL} (call $take (i32.const 0) (i32.const 127))))
  (core instance $m (instantiate $m (with "" (instance (export "take" (func $take'))
    (export "memory" (memory $l "memory"))))))
  (func (export "f") (canon lift (core func $m "f"))))"""

BETWEEN = relay(f"(result {LISTS})", f"{FILL} (i32.const 0)", "", PASS.format(""))


CASES = {"a result": GIVES, "an argument of an import": TAKES, "a call between guests": BETWEEN}


class Host:
    def take(self, value: object) -> None:
        raise AssertionError("the host's function must not be called")


@pytest.mark.parametrize("case", CASES)
def test_a_guest_that_passes_more_than_it_has_is_stopped_before_all_of_it_is_made(case: str) -> None:
    component = Engine(cache=False).load(CASES[case].encode())
    made = component.instantiate({"t:t/h": Host()} if case == "an argument of an import" else {})
    tracemalloc.start()
    with pytest.raises(Trap, match="`f` stopped: the guest passed too much data in one call") as caught:
        made.function(None, "f")()
    assert tracemalloc.get_traced_memory()[1] < 100 << 20, "all of it is 30 GB"
    tracemalloc.stop()
    assert caught.value.reason is Reason.TRANSFER
    with pytest.raises(InstanceError):
        made.function(None, "f")()
