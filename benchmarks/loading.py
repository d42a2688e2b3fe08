"""Measure how a component becomes an instance: linked, compiled, loaded from the cache, instantiated, called once.

    python benchmarks/loading.py [--runs N]

The components are `examples/orders`, a guest in Python of about 20 MB, and a small one written in WAT. Prints CPU time,
the minimum of several runs, beside that of plain wasmtime-py in the same run: its compiled component comes from a file
of known name, which is neither looked for nor checked, and its linker is made before.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time, thread_time
from typing import Any

import wasmtime
from cli import ORDERS, built_orders
from tools import BIN
from wasmtime import component as wc

sys.path.insert(0, str(ORDERS))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.runtime import guests
from witkit.runtime import Engine
from witkit.wasm.linking import link

NAME = "bench:loading/host"
TEXT = b"A small order-taking application"
"""A text in the example, which is in the guest's memory."""


def small() -> bytes:
    """A guest with an import that gives a string back, and an export that calls it."""
    return guests.component(
        "package bench:loading; interface host { echo: func(s: string) -> string; }"
        "world w { import host; export run: func(s: string) -> string; }",
        f"""(module (import "{NAME}" "echo" (func $echo (param i32 i32 i32))) {guests.REALLOC}
          (func (export "run") (param i32 i32) (result i32)
            (call $echo (local.get 0) (local.get 1) (i32.const 16)) (i32.const 16)))""",
    )


class Host:
    """The small guest's import."""

    def echo(self, s: str) -> str:
        return s


def least(run: Callable[[], object], runs: int, clock: Callable[[], float] = process_time) -> float:
    """The least time of several runs, CPU time without another `clock`."""
    run()
    times = []
    for _ in range(runs):
        start = clock()
        run()
        times.append(clock() - start)
    return min(times)


def row(label: str, ours: float, theirs: float | None, unit: float, goal: str = "") -> None:
    beside = f"{theirs * unit:14.1f}{ours / theirs:8.1f}x" if theirs else " " * 23
    print(f"{label:52}{ours * unit:9.1f}{beside}  {goal}".rstrip(), flush=True)


def loading(content: bytes, folder: Path, engine: wasmtime.Engine, runs: int) -> None:
    """What happens before there is an instance, in milliseconds."""
    compiling: list[str] = []

    @contextmanager
    def noted(name: str) -> Any:
        compiling.append(name)
        yield

    kept = Engine(cache=folder, on_compile=noted)
    start = process_time()
    kept.load(content)
    first = process_time() - start
    start = process_time()
    compiled = wc.Component(engine, content)
    theirs = process_time() - start
    row("orders: load for the first time", first, theirs, 1e3)
    row("orders: link", least(lambda: link(content), runs), None, 1e3)
    file = folder / "theirs.cwasm"
    file.write_bytes(compiled.serialize())
    again = least(lambda: wc.Component.deserialize_file(engine, str(file)), runs)
    row("orders: load from the cache", least(lambda: kept.load(content), runs), again, 1e3)
    elapsed = least(lambda: kept.load(content), runs, perf_counter)
    row("orders: load from the cache, elapsed", elapsed, None, 1e3, "goal: 15")
    changed = content.replace(TEXT, TEXT.upper())
    assert changed != content, "the example has another text now"
    start = process_time()
    kept.load(changed)
    row("orders: load after a rebuild with another text", process_time() - start, theirs, 1e3, "goal: 1000")
    assert len(compiling) == 2


def starting(engine: wasmtime.Engine, runs: int) -> None:
    """Instances of the small guest, in microseconds."""
    content = small()
    prepared = Engine(cache=False).load(content).prepare({NAME: Host()})
    compiled, linker = wc.Component(engine, content), wc.Linker(engine)
    with linker.root() as root, root.add_instance(NAME) as instance:
        instance.add_func("echo", lambda store, s: s)

    def ours() -> None:
        with prepared.instantiate() as instance:
            assert instance.function(None, "run")("hello") == "hello"

    def theirs() -> None:
        store = wasmtime.Store(engine)
        store.set_epoch_deadline(1 << 62)
        function = linker.instantiate(store, compiled).get_func(store, "run")
        assert function is not None
        assert function(store, "hello") == "hello"
        function.post_return(store)
        store.close()

    beside = least(theirs, runs * 100, thread_time)
    row("small: instance with a call", least(ours, runs * 100, thread_time), beside, 1e6, "goal: 100")
    alone = least(lambda: prepared.instantiate().close(), runs * 100, thread_time)
    row("small: instance", alone, None, 1e6)


def starting_orders(content: bytes, folder: Path, engine: wasmtime.Engine, runs: int) -> None:
    """Instances of the guest in Python, in microseconds."""
    from orders import Err, OrdersComponent, keyvalue

    entries: dict[str, bytes] = {}

    class Memory:
        class Keyvalue:
            @classmethod
            def open(cls, name: str) -> Memory.Keyvalue:
                return cls()

            def get(self, key: str) -> bytes:
                if key not in entries:
                    raise Err(keyvalue.KeyvalueError_KeyNotFound(key))
                return entries[key]

            def set(self, key: str, value: bytes) -> None:
                entries[key] = value

            def keys(self) -> list[str]:
                return sorted(entries)

            def delete(self, key: str) -> None:
                entries.pop(key, None)

    prepared = OrdersComponent.load(content, engine=Engine(cache=folder)).prepare(keyvalue=Memory())
    compiled, linker = wc.Component(engine, content), wc.Linker(engine)
    linker.add_wasip2()
    linker.define_unknown_imports_as_traps(compiled)

    def theirs() -> None:
        store = wasmtime.Store(engine)
        store.set_epoch_deadline(1 << 62)
        store.set_wasi(wasmtime.WasiConfig())
        linker.instantiate(store, compiled)
        store.close()

    def called() -> None:
        entries.clear()
        with prepared.instantiate() as orders:
            assert orders.place("tea", 2).number == 1

    beside = least(theirs, runs * 10, thread_time)
    row("orders: instance", least(lambda: prepared.instantiate().close(), runs * 10, thread_time), beside, 1e6)
    row("orders: instance with a call of `place`", least(called, runs * 10, thread_time), None, 1e6, "goal: 3000")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    config = wasmtime.Config()
    config.epoch_interruption = True
    engine, content = wasmtime.Engine(config), built_orders(str(BIN / "witkit")).read_bytes()
    print(f"{'':52}{'witkit':>9}{'wasmtime-py':>14}{'ratio':>9}")
    with tempfile.TemporaryDirectory() as folder:
        loading(content, Path(folder), engine, runs)
        starting(engine, runs)
        starting_orders(content, Path(folder), engine, runs)


if __name__ == "__main__":
    main()
