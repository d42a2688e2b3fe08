"""Guests written in WAT, made into components by `wasm-tools` once a test session."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

REALLOC = """
  (memory (export "memory") 2)
  (global $base (mut i32) (i32.const 4096))
  (global $top (mut i32) (i32.const 4096))
  (func $realloc (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $n i32) (result i32)
    (local $p i32)
    (local.set $p (i32.and (i32.add (global.get $top) (i32.const 15)) (i32.const -16)))
    (global.set $top (i32.add (local.get $p) (local.get $n)))
    (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
      (then (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get $n) (i32.const 16)))))
        (then unreachable))))
    (local.get $p))
"""


@cache
def component(wit: str, wat: str, world: str = "w") -> bytes:
    """The component of a core module's text and its WIT."""
    tool = Path(sys.executable).with_name("wasm-tools")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "guest.wit").write_text(wit)
        (root / "guest.wat").write_text(wat)
        embed = [tool, "component", "embed", root / "guest.wit", root / "guest.wat", "-w", world]
        subprocess.run([*embed, "-o", root / "core.wasm"], check=True, capture_output=True)
        made = [tool, "component", "new", root / "core.wasm", "-o", root / "guest.wasm"]
        subprocess.run(made, check=True, capture_output=True)
        return (root / "guest.wasm").read_bytes()


@cache
def dummy(wit: str, world: str = "w") -> bytes:
    """A component of the world whose functions do nothing but trap."""
    tool = Path(sys.executable).with_name("wasm-tools")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "guest.wit").write_text(wit)
        embed = [tool, "component", "embed", root / "guest.wit", "--dummy", "-w", world]
        subprocess.run([*embed, "-o", root / "core.wasm"], check=True, capture_output=True)
        made = [tool, "component", "new", root / "core.wasm", "-o", root / "guest.wasm"]
        subprocess.run(made, check=True, capture_output=True)
        return (root / "guest.wasm").read_bytes()


ELEMENTS = {
    "a": "u8", "b": "s8", "c": "u16", "d": "s16", "e": "u32", "f": "s32", "g": "u64", "h": "s64", "i": "f32", "j": "f64",
    "k": "bool", "l": "char", "m": "string", "n": "point", "o": "val", "p": "perms", "q": "color", "r": "option<u32>",
    "s": "option<option<string>>", "t": "result<u32, val>", "u": "result", "v": "tuple<u32, string>", "w": "list<u8>",
    "x": "list<string>", "y": "result<_, string>", "z": "list<list<point>>", "aa": "big", "ab": "map<string, u32>",
    "ac": "option<val>", "ad": "tuple<u8, s64, bool, char>",
}  # fmt: skip
"""Key -> element type: a list of any type is a pointer and a length, so one guest function echoes them all."""

_TYPES = """
  record point { x: s32, y: f64, name: string, flag: bool }
  variant val { none, num(u32), text(string), many(list<u8>), deep(point) }
  flags perms { r, w, x }
  enum color { red, green, blue }
  flags wide { a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18 }
  record big { a: option<u8>, b: list<color>, c: perms, d: wide, e: tuple<point, point>, f: result<string, u64>, g: char }
"""


@cache
def lists() -> bytes:
    """`echo-K` gives its list back; `via-K` gives back what the host's `f-K` makes of it."""
    wit = ["package t:b;", "interface h {", _TYPES]
    wit += [f"  f-{k}: func(p: list<{t}>) -> list<{t}>;" for k, t in ELEMENTS.items()]
    wit += ["}", "world w {", "  import h;", "  use h.{point, val, perms, color, big};"]
    wit += [
        f"  export {kind}-{k}: func(p: list<{t}>) -> list<{t}>;"
        for k, t in ELEMENTS.items()
        for kind in ("echo", "via")
    ]
    wat = ["(module"]
    wat += [f'(import "t:b/h" "f-{k}" (func $f_{k} (param i32 i32 i32)))' for k in ELEMENTS]
    wat.append(REALLOC)
    for k in ELEMENTS:
        wat.append(
            f'(func (export "echo-{k}") (param i32 i32) (result i32) (i32.store (i32.const 64) (local.get 0))'
            " (i32.store (i32.const 68) (local.get 1)) (i32.const 64))"
            f'(func (export "via-{k}") (param i32 i32) (result i32)'
            f" (call $f_{k} (local.get 0) (local.get 1) (i32.const 64)) (i32.const 64))"
        )
        wat += [
            f'(func (export "cabi_post_{v}-{k}") (param i32) (global.set $top (global.get $base)))'
            for v in ("echo", "via")
        ]
    return component("\n".join([*wit, "}"]), "\n".join([*wat, ")"]))


@cache
def behaviour() -> bytes:
    """A guest that misbehaves in every way on request, and calls the host."""
    wit = """package t:behave;
    interface host {
      hit: func(n: u32) -> u32; tell: func(text: string); ask: func() -> string; maybe: func(n: u32) -> result<u32, string>;
    }
    world w {
      import host;
      export call: func(n: u32) -> u32; export call-many: func(n: u32) -> u32; export say: func(text: string);
      export ask: func() -> string; export maybe: func(n: u32) -> result<u32, string>;
      export panic: func(); export divide: func(n: u32) -> u32; export outside: func() -> u32; export recurse: func() -> u32;
      export spin: func(); export grow: func() -> u32; export add: func(a: u32, b: u32) -> u32; export mirror: func(b: bool, c: char) -> char;
      export bytes: func(n: u32) -> list<u8>; export nop: func();
    }"""
    wat = f"""(module
      (import "t:behave/host" "hit" (func $hit (param i32) (result i32)))
      (import "t:behave/host" "tell" (func $tell (param i32 i32)))
      (import "t:behave/host" "ask" (func $ask (param i32)))
      (import "t:behave/host" "maybe" (func $maybe (param i32 i32)))
      {REALLOC}
      (func (export "nop"))
      (func (export "call") (param i32) (result i32) (call $hit (local.get 0)))
      (func (export "call-many") (param $n i32) (result i32) (local $sum i32)
        (loop $again
          (local.set $sum (i32.add (local.get $sum) (call $hit (local.get $n))))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br_if $again (local.get $n)))
        (local.get $sum))
      (func (export "say") (param i32 i32) (call $tell (local.get 0) (local.get 1)))
      (func (export "ask") (result i32) (call $ask (i32.const 64)) (i32.const 64))
      (func (export "maybe") (param i32) (result i32) (call $maybe (local.get 0) (i32.const 64)) (i32.const 64))
      (func $panic (export "panic") unreachable)
      (func (export "divide") (param i32) (result i32) (i32.div_u (i32.const 100) (local.get 0)))
      (func (export "outside") (result i32) (i32.load (i32.const 0x7fffffff)))
      (func $recurse (export "recurse") (result i32) (i32.add (i32.const 1) (call $recurse)))
      (func (export "spin") (loop $forever (br $forever)))
      (func (export "grow") (result i32)
        (loop $again (br_if $again (i32.ne (i32.const -1) (memory.grow (i32.const 16))))) (memory.size))
      (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func (export "mirror") (param i32 i32) (result i32) (local.get 1))
      (func (export "bytes") (param $n i32) (result i32)
        (i32.store (i32.const 64) (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (local.get $n)))
        (i32.store (i32.const 68) (local.get $n)) (i32.const 64)))"""
    return component(wit, wat)


@cache
def resources() -> bytes:
    """Host resources (`store`) and guest resources (`counter`), in every position."""
    wit = """package t:r;
    interface stores {
      resource store {
        constructor(name: string);
        get: func(key: string) -> string;
        open: static func(name: string) -> result<store, string>;
      }
      same: func(a: borrow<store>, b: borrow<store>) -> bool;
      count: func(all: list<borrow<store>>) -> u32;
      give: func(s: store) -> u32;
      all: func() -> list<store>;
    }
    interface counters {
      resource counter {
        constructor(start: u32);
        next: func() -> u32;
        make: static func(n: u32) -> result<counter, string>;
      }
      record holder { one: counter, label: u32 }
      sum: func(a: borrow<counter>, b: borrow<counter>) -> u32;
      eat: func(c: counter) -> u32;
      many: func(n: u32) -> list<counter>;
      hold: func() -> holder;
      unhold: func(h: holder) -> u32;
      dropped: func() -> u32;
    }
    world w {
      import stores;
      use stores.{store};
      export counters;
      export two: func() -> bool;
      export in-list: func() -> u32;
      export make: func() -> store;
      export take: func(s: store);
      export look: func(s: borrow<store>) -> string;
      export pass-on: func() -> u32;
      export drop-all: func() -> u32;
      export leak: func(n: u32);
      export open: func() -> u32;
    }"""
    wat = f"""(module
      (import "t:r/stores" "[constructor]store" (func $new (param i32 i32) (result i32)))
      (import "t:r/stores" "[method]store.get" (func $get (param i32 i32 i32 i32)))
      (import "t:r/stores" "[static]store.open" (func $open (param i32 i32 i32)))
      (import "t:r/stores" "[resource-drop]store" (func $drop (param i32)))
      (import "t:r/stores" "same" (func $same (param i32 i32) (result i32)))
      (import "t:r/stores" "count" (func $count (param i32 i32) (result i32)))
      (import "t:r/stores" "give" (func $give (param i32) (result i32)))
      (import "t:r/stores" "all" (func $all (param i32)))
      (import "[export]t:r/counters" "[resource-new]counter" (func $cnew (param i32) (result i32)))
      (import "[export]t:r/counters" "[resource-rep]counter" (func $crep (param i32) (result i32)))
      (import "[export]t:r/counters" "[resource-drop]counter" (func $cdrop (param i32)))
      {REALLOC}
      (global $next (mut i32) (i32.const 1024))
      (global $dropped (mut i32) (i32.const 0))
      (data (i32.const 16) "ab")
      (func $a (result i32) (call $new (i32.const 16) (i32.const 1)))
      (func $b (result i32) (call $new (i32.const 17) (i32.const 1)))
      (func (export "two") (result i32) (local $a i32) (local $b i32) (local $r i32)
        (local.set $a (call $a)) (local.set $b (call $b))
        (local.set $r (call $same (local.get $a) (local.get $b)))
        (call $drop (local.get $a)) (call $drop (local.get $b)) (local.get $r))
      (func (export "in-list") (result i32) (local $r i32)
        (i32.store (i32.const 128) (call $a)) (i32.store (i32.const 132) (call $b)) (i32.store (i32.const 136) (call $a))
        (local.set $r (call $count (i32.const 128) (i32.const 3)))
        (call $drop (i32.load (i32.const 128))) (call $drop (i32.load (i32.const 132)))
        (call $drop (i32.load (i32.const 136))) (local.get $r))
      (func (export "make") (result i32) (call $b))
      (func (export "take") (param i32) (call $drop (local.get 0)))
      (func (export "look") (param i32) (result i32)
        (call $get (local.get 0) (i32.const 16) (i32.const 2) (i32.const 64)) (call $drop (local.get 0)) (i32.const 64))
      (func (export "pass-on") (result i32) (call $give (call $a)))
      (func (export "drop-all") (result i32) (local $i i32)
        (call $all (i32.const 64))
        (block $end (loop $again
          (br_if $end (i32.eq (local.get $i) (i32.load (i32.const 68))))
          (call $drop (i32.load (i32.add (i32.load (i32.const 64)) (i32.shl (local.get $i) (i32.const 2)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $again)))
        (local.get $i))
      (func (export "leak") (param $n i32)
        (loop $again (drop (call $a))
          (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br_if $again (local.get $n))))
      (func (export "open") (result i32)
        (call $open (i32.const 16) (i32.const 2) (i32.const 64))
        (if (i32.eqz (i32.load8_u (i32.const 64))) (then (call $drop (i32.load (i32.const 68)))))
        (i32.load8_u (i32.const 64)))
      (func $counter (param $start i32) (result i32)
        (global.set $next (i32.add (global.get $next) (i32.const 4)))
        (i32.store (global.get $next) (local.get $start)) (call $cnew (global.get $next)))
      (func (export "t:r/counters#[constructor]counter") (param i32) (result i32) (call $counter (local.get 0)))
      (func (export "t:r/counters#[method]counter.next") (param i32) (result i32)
        (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1))) (i32.load (local.get 0)))
      (func (export "t:r/counters#[static]counter.make") (param i32) (result i32)
        (if (i32.gt_u (local.get 0) (i32.const 100))
          (then (i32.store8 (i32.const 64) (i32.const 1)) (i32.store (i32.const 68) (i32.const 16))
            (i32.store (i32.const 72) (i32.const 2)))
          (else (i32.store8 (i32.const 64) (i32.const 0)) (i32.store (i32.const 68) (call $counter (local.get 0)))))
        (i32.const 64))
      (func (export "t:r/counters#[dtor]counter") (param i32)
        (global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
      (func (export "t:r/counters#sum") (param i32 i32) (result i32)
        (i32.add (i32.load (local.get 0)) (i32.load (local.get 1))))
      (func (export "t:r/counters#eat") (param i32) (result i32) (local $v i32)
        (local.set $v (i32.load (call $crep (local.get 0)))) (call $cdrop (local.get 0)) (local.get $v))
      (func (export "t:r/counters#many") (param $n i32) (result i32) (local $i i32)
        (i32.store (i32.const 64) (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.shl (local.get $n) (i32.const 2))))
        (i32.store (i32.const 68) (local.get $n))
        (block $end (loop $again
          (br_if $end (i32.eq (local.get $i) (local.get $n)))
          (i32.store (i32.add (i32.load (i32.const 64)) (i32.shl (local.get $i) (i32.const 2))) (call $counter (local.get $i)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $again)))
        (i32.const 64))
      (func (export "t:r/counters#hold") (result i32)
        (i32.store (i32.const 64) (call $counter (i32.const 40))) (i32.store (i32.const 68) (i32.const 2)) (i32.const 64))
      (func (export "t:r/counters#unhold") (param i32 i32) (result i32) (local $v i32)
        (local.set $v (i32.add (local.get 1) (i32.load (call $crep (local.get 0))))) (call $cdrop (local.get 0)) (local.get $v))
      (func (export "t:r/counters#dropped") (result i32) (global.get $dropped)))"""
    return component(wit, wat)
