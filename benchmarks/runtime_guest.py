"""The guest that `runtime.py` measures: for each type an echo, and a loop that calls the host's echo.

The canonical ABI of each type is written down in `LAYOUT`: the flat core parameters, and where each goes
when the same value is returned through memory.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

TYPES = """
  record point { x: s32, y: f64, name: string, flag: bool }
  record small { a: u32, b: u32 }
  variant val { none, num(u32), text(string) }
  flags perms { r, w, x, a, b, c, d, e }
  enum color { red, green, blue, alpha }
"""

_PAIR = ("i32 i32", "0:i32.store 4:i32.store")
LAYOUT: dict[str, tuple[str, str, str]] = {
    "u": ("u32", "i32", ""),
    "f": ("f64", "f64", ""),
    "s": ("string", *_PAIR),
    "b": ("list<u8>", *_PAIR),
    "lu": ("list<u32>", *_PAIR),
    "lf": ("list<f64>", *_PAIR),
    "ls": ("list<string>", *_PAIR),
    "lr": ("list<point>", *_PAIR),
    "lm": ("list<small>", *_PAIR),
    "r": ("point", "i32 f64 i32 i32 i32", "0:i32.store 8:f64.store 16:i32.store 20:i32.store 24:i32.store8"),
    "m": ("small", *_PAIR),
    "v": ("val", "i32 i32 i32", "0:i32.store8 4:i32.store 8:i32.store"),
    "re": ("result<u32, val>", "i32 i32 i32 i32", "0:i32.store8 4:i32.store 8:i32.store 12:i32.store"),
    "fl": ("perms", "i32", ""),
    "en": ("color", "i32", ""),
    "op": ("option<u32>", "i32 i32", "0:i32.store8 4:i32.store"),
    "tu": ("tuple<u32, string>", "i32 i32 i32", "0:i32.store 4:i32.store 8:i32.store"),
}
"""Key -> WIT type, flat parameters, stores (offset:instruction) of a returned value; none if it fits a register."""

_MEMORY = """
  (memory (export "memory") 2)
  (global $base (mut i32) (i32.const 4096))
  (global $top (mut i32) (i32.const 4096))
  (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $n i32) (result i32)
    (local $p i32)
    (local.set $p (i32.and (i32.add (global.get $top) (i32.const 15)) (i32.const -16)))
    (global.set $top (i32.add (local.get $p) (local.get $n)))
    (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
      (then (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get $n) (i32.const 16)))))
        (then unreachable))))
    (local.get $p))
  (func (export "nop"))
  (func (export "call-nop") (param $n i32)
    (loop $again (call $h_nop) (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br_if $again (local.get $n))))
"""


def wit() -> str:
    """The guest's WIT."""
    lines = ["package bench:runtime;", "interface host {", TYPES, "  nop: func();"]
    lines += [f"  echo-{k}: func(p: {t[0]}) -> {t[0]};" for k, t in LAYOUT.items()]
    lines += ["}", "world bench {", "  import host;", "  use host.{point, small, val, perms, color};"]
    lines += ["  export nop: func();", "  export call-nop: func(n: u32);"]
    for k, (t, _, _) in LAYOUT.items():
        lines.append(f"  export echo-{k}: func(p: {t}) -> {t};")
        lines.append(f"  export prime-{k}: func(p: {t}); export call-{k}: func(n: u32);")
    return "\n".join([*lines, "}"])


def wat() -> str:
    """The guest's core module."""
    lines = ["(module", '  (import "bench:runtime/host" "nop" (func $h_nop))']
    for k, (_, flat, stores) in LAYOUT.items():
        out = "i32)" if stores else f") (result {flat})"
        lines.append(f'  (import "bench:runtime/host" "echo-{k}" (func $h_{k} (param {flat} {out}))')
    lines.append(_MEMORY)
    for k, (_, flat, stores) in LAYOUT.items():
        lines += _functions(k, flat.split(), stores.split())
    return "\n".join([*lines, ")"])


def _functions(k: str, flat: list[str], stores: list[str]) -> list[str]:
    params = " ".join(flat)
    result = "i32" if stores else flat[0]
    lines = [f"  (global $g_{k}_{i} (mut {t}) ({t}.const 0))" for i, t in enumerate(flat)]
    lines.append(f'  (func (export "echo-{k}") (param {params}) (result {result})')
    for i, store in enumerate(stores):
        offset, instruction = store.split(":")
        lines.append(f"    ({instruction} (i32.const {64 + int(offset)}) (local.get {i}))")
    lines.append("    (i32.const 64))" if stores else "    (local.get 0))")
    lines.append(f'  (func (export "cabi_post_echo-{k}") (param {result}) (global.set $top (global.get $base)))')
    lines.append(f'  (func (export "prime-{k}") (param {params})')
    lines += [f"    (global.set $g_{k}_{i} (local.get {i}))" for i in range(len(flat))]
    lines.append("    (global.set $base (global.get $top)))")
    given = " ".join(f"(global.get $g_{k}_{i})" for i in range(len(flat)))
    call = f"(call $h_{k} {given} (i32.const 64))" if stores else f"(drop (call $h_{k} {given}))"
    lines.append(
        f'  (func (export "call-{k}") (param $n i32) (loop $again {call} (global.set $top (global.get $base))'
        " (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br_if $again (local.get $n))))"
    )
    return lines


def build() -> bytes:
    """The guest as a component, made with `wasm-tools`."""
    tool = Path(sys.executable).with_name("wasm-tools")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "bench.wit").write_text(wit())
        (root / "bench.wat").write_text(wat())
        core, guest = root / "core.wasm", root / "guest.wasm"
        embed = ("embed", root / "bench.wit", root / "bench.wat", "-w", "bench", "-o", core)
        for command in (embed, ("new", core, "-o", guest)):
            subprocess.run([tool, "component", *command], check=True)
        return guest.read_bytes()
