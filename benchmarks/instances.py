"""Measure instances with 13 imports of 3 functions each, compared with plain wasmtime-py, in one run.

    python benchmarks/instances.py

Prints microseconds of CPU per instance that is made and closed (the minimum of several rounds, in turns). wasmtime-py
checks nothing and gets its linker made before; `prepare` is the same for witkit.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import wasmtime
from wasmtime import component as wc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from runtime import Measured, in_turns

from tests.runtime import guests
from witkit.runtime import Engine

IMPORTS = 13
NAMES = [f"bench:instances/i{number}" for number in range(IMPORTS)]


def build() -> bytes:
    """The guest: it imports 13 interfaces, and calls one function of each."""
    interfaces = "\n".join(
        f"interface i{n} {{ f: func(a: u32) -> u32; g: func(s: string); h: func() -> string; }}" for n in range(IMPORTS)
    )
    imports = " ".join(f"import i{n};" for n in range(IMPORTS))
    core = "\n".join(
        f'(import "{name}" "f" (func $f{n} (param i32) (result i32)))'
        f'(import "{name}" "g" (func $g{n} (param i32 i32))) (import "{name}" "h" (func $h{n} (param i32)))'
        for n, name in enumerate(NAMES)
    )
    calls = " ".join(f"(call $f{n})" for n in range(IMPORTS))
    return guests.component(
        f"package bench:instances; {interfaces} world w {{ {imports} export run: func() -> u32; }}",
        f'(module {core} {guests.REALLOC} (func (export "run") (result i32) (i32.const 0) {calls}))',
    )


class Given:
    """The host's implementation of each import."""

    def f(self, a: int) -> int:
        return a + 1

    def g(self, s: str) -> None: ...
    def h(self) -> str:
        return ""


def plain_linker(engine: wasmtime.Engine) -> wc.Linker:
    linker = wc.Linker(engine)
    with linker.root() as root:
        for name in NAMES:
            with root.add_instance(name) as instance:
                instance.add_func("f", lambda store, a: a + 1)
                instance.add_func("g", lambda store, s: None)
                instance.add_func("h", lambda store: "")
    return linker


def main() -> None:
    """Print the table."""
    component = Engine(cache=False).load(build())
    given = {name: Given() for name in NAMES}
    prepared = component.prepare(given)
    config = wasmtime.Config()
    config.epoch_interruption = True
    engine = wasmtime.Engine(config)
    compiled, shared = wc.Component(engine, component._content), plain_linker(engine)

    def plain(linker: Any) -> None:
        store = wasmtime.Store(engine)
        store.set_epoch_deadline(1 << 62)
        linker.instantiate(store, compiled)
        store.close()

    ways = {
        "wasmtime-py, linker made before": lambda: plain(shared),
        "witkit, prepared": lambda: prepared.instantiate().close(),
        "wasmtime-py, linker made each time": lambda: plain(plain_linker(engine)),
        "witkit, checked and linked each time": lambda: component.instantiate(given).close(),
    }
    times = in_turns(*(Measured(way, 1, 0.5) for way in ways.values()))
    print(f"{'us per instance, 13 imports':40}{'CPU':>8}{'ratio':>8}")
    for label, seconds in zip(ways, times, strict=True):
        print(f"{label:40}{seconds * 1e6:8.1f}{seconds / times[0]:7.1f}x")


if __name__ == "__main__":
    main()
