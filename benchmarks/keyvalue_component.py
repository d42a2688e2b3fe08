"""Measure key-value stores from a component in Python, and where the time goes.

    python benchmarks/keyvalue_component.py [--rounds N] [--redis URL] [--nats URL] [--postgresql URL]

The component is built and compiled first, which takes a minute. Servers are those of `keyvalue.py`. Microseconds are
the least of N rounds, each the mean of 10 operations; the rounds of all columns alternate.

`bare` is the client library alone, in a loop of this process. The other columns are what the component waits for:
`plain` if its import is a class that does nothing but call the client library, `wasmtime-py` if functions that do the
same are given to wasmtime-py's own API, `witkit` with a backend of witkit. So `plain` less `bare` is what calling
anything from a component costs, and `witkit` less `plain` what the front and the backend add.

The second table shows why a component costs more if the host function waits: no function of it does anything with the
call, and the last two let the processor do something else meanwhile.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import wasmtime
from keyvalue import BARE, EACH, NAME, SERVERS, VALUE, Calls, clean, settings_of
from wasmtime import component as wc

import witkit.host
from witkit._resources import data_folder
from witkit.componentize import build, load_config
from witkit.runtime import UntypedComponent, Wasi

INTERFACE = "spiderlightning:keyvalue/keyvalue@0.5.1"

WORLD = """
package example:benchmark;

world benchmark {
  import spiderlightning:keyvalue/keyvalue@0.5.1;
  export measure: func(operation: string, each: u32) -> u64;
}
"""

APP = '''
import time

import wit_world
from wit_world.imports.keyvalue import Keyvalue

VALUE = bytes(range(100))
KEY = "order/000001"
opened = []


class WitWorld(wit_world.WitWorld):
    def measure(self, operation: str, each: int) -> int:
        """The mean nanoseconds of an operation."""
        store = opened[0] if opened else Keyvalue.open("orders")
        opened[:] = [store]
        call = (lambda: store.set(KEY, VALUE)) if operation == "set" else (lambda: store.get(KEY))
        call()
        began = time.perf_counter_ns()
        for _ in range(each):
            call()
        return (time.perf_counter_ns() - began) // each
'''

Measure = Callable[[str], float]
"""The microseconds of an operation in one round."""


def built(folder: Path) -> UntypedComponent:
    """The component."""
    shutil.copytree(data_folder("wit") / "keyvalue", folder / "wit" / "deps" / "keyvalue")
    (folder / "wit" / "world.wit").write_text(WORLD)
    (folder / "app.py").write_text(APP)
    component = folder / "benchmark.wasm"
    build(load_config(folder, out=str(component)))
    return UntypedComponent.load(component)


class Plain:
    """The interface with nothing but the calls. The runtime passes what `open` gave, since there are no types."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def open(self, name: str) -> object:
        return self

    def set(self, store: object, key: str, value: bytes) -> None:
        self._calls.set()

    def get(self, store: object, key: str) -> bytes:
        self._calls.get()
        return VALUE

    def keys(self, store: object) -> list[str]:
        return []

    def delete(self, store: object, key: str) -> None:
        """Not called."""


@contextmanager
def with_witkit(component: UntypedComponent, keyvalue: Any) -> Iterator[Measure]:
    """The component with a backend, or any object, for its import."""
    with (
        witkit.host.bind(component, keyvalue=keyvalue) as imports,
        component.instantiate(imports, wasi=Wasi()) as instance,
    ):
        measure = instance.function(None, "measure")
        yield lambda operation: measure(operation, EACH) / 1000


@cache
def _compiled(content: bytes) -> tuple[wasmtime.Engine, wc.Component]:
    """The component as wasmtime has it, which takes half a minute."""
    engine = wasmtime.Engine()
    return engine, wc.Component(engine, content)


@contextmanager
def with_wasmtime(component: UntypedComponent, calls: Calls) -> Iterator[Measure]:
    """The component by wasmtime-py's own API, with the calls for its import."""
    engine, compiled = _compiled(component._content)
    linker = wc.Linker(engine)
    linker.add_wasip2()

    def get(store: Any, this: wc.ResourceAny, key: str) -> Any:
        this.to_host(store)  # which gives the handle back
        calls.get()
        return VALUE

    def set(store: Any, this: wc.ResourceAny, key: str, value: bytes) -> None:
        this.to_host(store)
        calls.set()

    with linker.root() as root, root.add_instance(INTERFACE) as interface:
        interface.add_resource("keyvalue", wc.ResourceType.host(1), lambda store, rep: None)
        opened = "[static]keyvalue.open"
        interface.add_func(opened, lambda store, name: wc.ResourceHost.own(1, 1).to_any(store))
        interface.add_func("[method]keyvalue.get", get)
        interface.add_func("[method]keyvalue.set", set)
        for other in ("keys", "delete"):
            interface.add_func(f"[method]keyvalue.{other}", lambda store, *values: None)
    store = wasmtime.Store(engine)
    store.set_wasi(wasmtime.WasiConfig())
    store.set_epoch_deadline(1 << 62)
    measure = linker.instantiate(store, compiled).get_func(store, "measure")
    assert measure is not None

    def call(operation: str) -> float:
        found = float(measure(store, operation, EACH)) / 1000
        measure.post_return(store)
        return found

    yield call


def alone(calls: Calls) -> Measure:
    """The calls in this process."""

    def measure(operation: str) -> float:
        call = getattr(calls, operation)
        call()
        began = time.perf_counter()
        for _ in range(EACH):
            call()
        return (time.perf_counter() - began) / EACH * 1e6

    return measure


def least(ways: list[Measure], operation: str, rounds: int) -> list[float]:
    """The least microseconds of each way; rounds alternate, so that all have the same machine."""
    found = [float("inf")] * len(ways)
    for _ in range(rounds):
        for at, way in enumerate(ways):
            found[at] = min(found[at], way(operation))
    return found


def stores(places: dict[str, str], rounds: int, component: UntypedComponent) -> None:
    """Print a line for each operation of each backend."""
    names = ("bare", "plain", "wasmtime-py", "witkit", "on plain")
    print(f"{'backend':<12}{'':<5}{''.join(f'{name:>13}' for name in names)}   µs")
    for name, place in places.items():
        with ExitStack() as stack:
            calls = stack.enter_context(BARE[name](place))
            chosen = witkit.host.Choice(name, settings_of(name, place))
            ways = [
                alone(calls),
                stack.enter_context(with_witkit(component, Plain(calls))),
                stack.enter_context(with_wasmtime(component, calls)),
                stack.enter_context(with_witkit(component, chosen)),
            ]
            for operation in ("set", "get"):
                found = least(ways, operation, rounds)
                figures = "".join(f"{figure:>13.1f}" for figure in [*found, found[3] - found[1]])
                print(f"{name:<12}{operation:<5}{figures}", flush=True)
        clean(name, place)


def waits(rounds: int, component: UntypedComponent) -> None:
    """Print what calls of host functions cost that spend their time in different ways."""
    here, there = socket.socketpair()
    if not os.fork():
        here.close()  # so that it ends with the other process
        while data := there.recv(len(VALUE)):
            there.send(data)
        os._exit(0)
    there.close()

    def compute() -> None:
        end = time.perf_counter() + 50e-6
        while time.perf_counter() < end:
            pass

    def ask() -> None:
        here.send(VALUE)
        here.recv(len(VALUE))

    functions: dict[str, Callable[[], object]] = {
        "returns at once": lambda: None,
        "computes for 50 µs": compute,
        "sleeps for 50 µs": lambda: time.sleep(50e-6),
        "asks another process": ask,
    }
    print(f"\n{'the host function':<24}{'alone':>9}{'called':>9}{'added':>9}   µs")
    for name, function in functions.items():
        calls = Calls(function, function)
        with with_witkit(component, Plain(calls)) as called:
            mine, from_component = least([alone(calls), called], "get", rounds)
        print(f"{name:<24}{mine:>9.1f}{from_component:>9.1f}{from_component - mine:>9.1f}")
    here.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    for server in SERVERS:
        parser.add_argument(f"--{server}", metavar="URL")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix=NAME) as folder:
        chosen = {"memory": "", "sqlite": str(Path(folder) / "stores.db")}
        servers = {name: url for name in SERVERS if (url := getattr(given, name))}
        made = built(Path(folder))
        stores({**chosen, **servers}, given.rounds, made)
        waits(given.rounds, made)
