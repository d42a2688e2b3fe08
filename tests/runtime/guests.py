"""Guests written in WAT, made into components by `wasm-tools` once a test session."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from tests.tools import wasm_tools

REALLOC = """
  (memory (export "memory") 2)
  (global $base (mut i32) (i32.const 4096))
  (global $top (mut i32) (i32.const 4096))
  (func $realloc (export "cabi_realloc")
    (param $old i32) (param $had i32) (param $align i32) (param $n i32) (result i32) (local $p i32)
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
    return _made(wit, world, wat)


@cache
def dummy(wit: str, world: str = "w") -> bytes:
    """A component of the world whose functions only trap."""
    return _made(wit, world, None)


def _made(wit: str, world: str, wat: str | None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "guest.wit").write_text(wit)
        (root / "guest.wat").write_text(wat or "")
        core = root / "guest.wat" if wat else "--dummy"
        wasm_tools.component("embed", root / "guest.wit", core, "-w", world, "-o", root / "core.wasm")
        wasm_tools.component("new", root / "core.wasm", "-o", root / "guest.wasm")
        return (root / "guest.wasm").read_bytes()


ELEMENTS = {
    "a": "u8", "b": "s8", "c": "u16", "d": "s16", "e": "u32", "f": "s32", "g": "u64", "h": "s64", "i": "f32",
    "j": "f64",
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
  record big {
    a: option<u8>, b: list<color>, c: perms, d: wide, e: tuple<point, point>, f: result<string, u64>, g: char,
  }
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
    return _from_files("behaviour")


@cache
def resources() -> bytes:
    """Host resources (`store`) and guest resources (`counter`), in every position."""
    return _from_files("resources")


def _from_files(name: str) -> bytes:
    folder = Path(__file__).with_name("guests")
    return component((folder / f"{name}.wit").read_text(), (folder / f"{name}.wat").read_text())


@cache
def command() -> bytes:
    """A program for WASI 0.2.3 with one import of its own."""
    return _from_files("command")


@cache
def failing() -> bytes:
    """A guest that writes to standard error and traps, as a runtime of another language does."""
    return _from_files("failing")
