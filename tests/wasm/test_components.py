"""What components say in ways of their own, beyond those in which wasm-tools encodes packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ir.conftest import reference
from tests.resolved import json_of
from tests.wasm.encoding import answer, module, text, wat
from witkit.ir import load
from witkit.ir.model import Interface
from witkit.ir.show.wit import to_wit

WORLD = """package t:NAME;
interface i { f: func(); }
world w {
  import i;
  import inline-NAME: interface { g: func(); }
  record r-NAME { a: u8 }
  export run-NAME: func(r: r-NAME);
}
"""
BY_HAND = {
    "nothing": "(component)",
    "two-imports-of-one-type": """(component
      (type $i (instance (export "t" (type (sub resource))) (export "u" (type (sub resource)))))
      (import "a:b/c" (instance (type $i))) (import "a:b/d" (instance (type $i))))""",
    "core-module": """(component (import "m" (core module (export "f" (func))))
      (import "a:b/c" (instance (export "f" (func)))))""",
    "a-component-that-is-imported": """(component (import "c" (component (import "f" (func))))
      (import "a:b/c" (instance (export "f" (func)))))""",
    "an-instance-of-exports": """(component (import "f" (func $f (param "x" (list u8))))
      (instance $i (export "g" (func $f)) (export "h" (func $f))) (export "a:b/c" (instance $i)))""",
    "a-package-as-old-tools-encoded-it": """(component
      (type (component
        (type (instance (export "t" (type (sub resource)))))
        (import "x:y/z" (instance $z (type 0)))
        (alias export $z "t" (type $t))
        (type (instance (alias outer 1 $t (type)) (export "t" (type (eq 0))) (type (list u8))
          (export "l" (type (eq 2)))))
        (export "a:b/one" (instance $one (type 2)))
        (type (component
          (type (instance (export "t" (type (sub resource)))))
          (import "x:y/z" (instance $z (type 0)))
          (type (func))
          (export "run" (func (type 1)))))
        (export "a:b/w" (component (type 3)))))
      (export "a:b/wit" (type 0)))""",
    "two-instances-of-one-component": """(component
      (component $c (type $r (resource (rep i32))) (export "r" (type $r)))
      (instance $one (instantiate $c)) (instance $two (instantiate $c))
      (export "a:b/one" (instance $one)) (export "a:b/two" (instance $two)))""",
    "a-component-given-an-instance": """(component
      (import "a:b/c" (instance $i (export "r" (type (sub resource)))))
      (component $c
        (import "given" (instance $g (export "r" (type (sub resource)))))
        (alias export $g "r" (type $r)) (export $s "s" (type $r))
        (import "f" (func $f (param "x" (own $r))))
        (export "f" (func $f) (func (param "x" (own $s)))))
      (alias export $i "r" (type $r))
      (import "f" (func $f (param "x" (own $r))))
      (instance $made (instantiate $c (with "given" (instance $i)) (with "f" (func $f))))
      (export "a:b/made" (instance $made)))""",
    "built-ins": """(component
      (core type $start (func (param i32)))
      (core module $m (memory (export "m") 1) (table (export "t") 1 funcref)
        (func (export "f") (param i32)) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
      (core instance $i (instantiate $m))
      (type $s (stream u8)) (type $t (future string)) (type $res (resource (rep i32)))
      (core func (canon resource.new $res)) (core func (canon resource.drop $res)) (core func (canon resource.rep $res))
      (core func (canon stream.new $s)) (core func (canon future.new $t))
      (core func (canon stream.read $s (memory (core memory $i "m"))))
      (core func (canon stream.write $s (memory (core memory $i "m")) async))
      (core func (canon stream.cancel-read $s async)) (core func (canon stream.cancel-write $s))
      (core func (canon stream.drop-readable $s)) (core func (canon stream.drop-writable $s))
      (core func (canon future.read $t (memory (core memory $i "m")) (realloc (core func $i "r"))))
      (core func (canon future.write $t (memory (core memory $i "m")))) (core func (canon future.cancel-read $t))
      (core func (canon future.cancel-write $t async)) (core func (canon future.drop-readable $t))
      (core func (canon future.drop-writable $t))
      (core func (canon task.return (result u32))) (core func (canon task.return)) (core func (canon task.cancel))
      (core func (canon subtask.drop)) (core func (canon subtask.cancel async)) (core func (canon thread.yield))
      (core func (canon backpressure.inc)) (core func (canon backpressure.dec))
      (core func (canon context.get i32 0)) (core func (canon context.set i32 0))
      (core func (canon waitable-set.new)) (core func (canon waitable-set.wait (memory (core memory $i "m"))))
      (core func (canon waitable-set.poll (memory (core memory $i "m")))) (core func (canon waitable-set.drop))
      (core func (canon waitable.join)) (core func (canon error-context.drop))
      (core func (canon error-context.new (memory (core memory $i "m"))))
      (core func (canon error-context.debug-message (memory (core memory $i "m")) (realloc (core func $i "r"))))
      (core func (canon thread.index)) (core func (canon thread.suspend)) (core func (canon thread.resume-later))
      (core func (canon thread.suspend-then-resume)) (core func (canon thread.suspend-then-promote))
      (core func (canon thread.yield-then-resume)) (core func (canon thread.yield-then-promote))
      (core func (canon thread.new-indirect $start (core table $i "t")))
      (type $last (func (param "x" u32)))
      (func $f (type $last) (canon lift (core func $i "f")))
      (export "last" (func $f)))""",
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_component_written_by_hand(name: str, tmp_path: Path) -> None:
    binary = wat(BY_HAND[name], tmp_path / "c.wasm")
    assert json_of(load(binary)) == answer(binary)


def test_a_module_made_for_two_worlds(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text(tmp_path, WORLD.replace("NAME", name), f"{name}.wit")
    one = module(tmp_path / "one.wit", "w", tmp_path / "one.wasm")
    both = tmp_path / "both.wasm"
    embedded = reference("component", "embed", "-w", "w", tmp_path / "two.wit", one, "-o", both)
    assert embedded.returncode == 0, embedded.stderr
    loaded = load(both)
    assert json_of(loaded) == answer(both)
    assert loaded.resolve is not None
    assert [item.name for item in loaded.resolve.worlds[0].imports if isinstance(item, Interface)] == ["i", "i"]


def test_an_instance_that_is_exported_again_has_the_types_that_it_had(tmp_path: Path) -> None:
    source = """(component
      (import "a:b/c" (instance $i (export "r" (type (sub resource))) (export "f" (func))))
      (export "a:b/d" (instance $i)))"""
    resolve = load(wat(source, tmp_path / "c.wasm")).resolve
    assert resolve is not None
    assert "interface d {\n    use c.{r};\n\n    f: func();\n  }" in to_wit(resolve)
