"""Calls through `witkit.runtime` against plain wasmtime-py, exports and imports, in one run.

    python benchmarks/runtime.py [--quick] [--only LABEL]

Prints microseconds of CPU a call (the minimum of several rounds) and the ratio. The goal column is the ratio
that the design asks for. Both sides use the same guest, engine settings and values.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from pathlib import Path
from time import thread_time
from typing import Any, Protocol

import wasmtime
from runtime_guest import LAYOUT, build
from wasmtime import component as wc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from witkit import abi, runtime

random.seed(1)


def text(length: int) -> str:
    return "".join(random.choice("abcdefghijklmnopqrstuvwxyz ") for _ in range(length))


def _bytes(length: int) -> bytes:
    return bytes(i & 255 for i in range(length))


Neutral = Any
POINT = ("record", {"x": -5, "y": 2.5, "name": "point-name", "flag": True})

# key, label, goal, value; records, variants, results and flags in a neutral form
CASES: list[tuple[str, str, float | None, Neutral]] = [
    ("nop", "nop", 4, None),
    ("u", "u32", 6, 12345),
    ("f", "f64", None, 3.25),
    ("s", "string 10 B", 5, text(10)),
    ("s", "string 10 kB", None, text(10_000)),
    ("s", "string 1 MB", None, text(1_000_000)),
    ("b", "list<u8> 10 B", None, _bytes(10)),
    ("b", "list<u8> 10 kB", 18, _bytes(10_000)),
    ("b", "list<u8> 1 MB", None, _bytes(1_000_000)),
    ("lu", "list<u32> 1k", None, list(range(1000))),
    ("lf", "list<f64> 100k", 10, [i * 0.5 for i in range(100_000)]),
    ("ls", "list<string> 1k", None, [text(10) for _ in range(1000)]),
    ("m", "record {u32, u32}", 12, ("record", {"a": 1, "b": 2})),
    ("r", "record of 4 fields", 12, POINT),
    ("lm", "list of 1k small records", 20, [("record", {"a": i, "b": i + 1}) for i in range(1000)]),
    ("lr", "list of 1k records of 4", 20, [("record", {**POINT[1], "x": i}) for i in range(1000)]),
    ("v", "variant", 15, ("case", "text", "hello")),
    ("re", "result ok", 15, ("ok", 7)),
    ("re", "result err", 15, ("err", ("case", "text", "hello"))),
    ("fl", "flags", None, ("flags", {"r", "w", "e"})),
    ("en", "enum", None, ("enum", "green")),
    ("op", "option some", None, 9),
    ("tu", "tuple<u32, string>", None, (5, "hello")),
]


def for_plain(value: Neutral) -> Any:
    """A neutral value as wasmtime-py takes it."""
    match value:
        case ("record", dict() as fields):
            made = wc.Record()
            for name, item in fields.items():
                setattr(made, name, for_plain(item))
            return made
        case ("case", _, payload):
            return payload
        case ("ok" | "err" as tag, payload):
            return wc.Variant(tag, for_plain(payload))
        case ("flags", names):
            return names
        case ("enum", name):
            return name
        case list():
            return [for_plain(v) for v in value]
        case _:
            return value


def for_witkit(type: Any, value: Neutral) -> Any:
    """A neutral value as the ABI type's classes."""
    match type, value:
        case abi.Record(), ("record", fields):
            return type.cls(*(for_witkit(f.type, fields[f.name]) for f in type.fields))
        case abi.Variant(), ("case", name, payload):
            case = next(c for c in type.cases if c.name == name)
            return case.cls(payload)
        case abi.Result(), ("ok", payload):
            return abi.Ok(for_witkit(type.ok, payload))
        case abi.Result(), ("err", payload):
            return abi.Err(for_witkit(type.err, payload))
        case abi.Flags(), ("flags", names):
            return type.cls(sum(1 << i for i, n in enumerate(type.flags) if n in names))
        case abi.Enum(), ("enum", name):
            return list(type.cls)[type.cases.index(name)]
        case abi.List(), list() if value and isinstance(value[0], tuple):
            return [for_witkit(type.element, v) for v in value]
        case _:
            return value


ROUNDS = 20


class Measured:
    """Something to call and the best time so far; rounds of both sides take turns, so that load hits both."""

    def __init__(self, call: Callable[[], object], calls: int, budget: float) -> None:
        self._call, self._calls = call, calls
        call()
        start = thread_time()
        call()
        once = max(thread_time() - start, 1e-7)
        self._count = max(1, min(20_000, int(budget / ROUNDS / once)))
        self.best = float("inf")

    def round(self) -> None:
        """Measure once more; `best` is in seconds a call."""
        call = self._call
        start = thread_time()
        for _ in range(self._count):
            call()
        self.best = min(self.best, (thread_time() - start) / self._count / self._calls)


def in_turns(*measured: Measured) -> list[float]:
    """The best times of things that are measured in turns."""
    for _ in range(ROUNDS):
        for each in measured:
            each.round()
    return [each.best for each in measured]


class Plain:
    """The guest through wasmtime-py's own API."""

    def __init__(self, content: bytes) -> None:
        config = wasmtime.Config()
        config.epoch_interruption = True
        engine = wasmtime.Engine(config)
        linker = wc.Linker(engine)
        with linker.root() as root, root.add_instance("bench:runtime/host") as host:
            host.add_func("nop", lambda store: None)
            for key in LAYOUT:
                host.add_func(f"echo-{key}", lambda store, value: value)
        self.store = wasmtime.Store(engine)
        self.store.set_epoch_deadline(1 << 62)
        self.instance = linker.instantiate(self.store, wc.Component(engine, content))

    def function(self, name: str) -> Callable[..., Any]:
        found = self.instance.get_func(self.store, name)
        assert found is not None
        return lambda *values: found(self.store, *values)

    def value(self, key: str, value: Neutral) -> Any:
        return for_plain(value)


class Witkit:
    """The guest through `witkit.runtime`, with types made from the component."""

    def __init__(self, content: bytes) -> None:
        component = runtime.Engine(cache=False).load(content)
        host = component.interface("bench:runtime/host", imported=True)

        class Echo:
            nop = staticmethod(lambda: None)

        for func in host.functions:
            if func.params:
                setattr(Echo, func.attr, staticmethod(_echo(func)))
        self.types = {f.name: f for f in component.interface("").functions}
        self.instance = component.instantiate([runtime.Provided(host, Echo())])

    def function(self, name: str) -> Callable[..., Any]:
        return self.instance.function(None, name)

    def value(self, key: str, value: Neutral) -> Any:
        return for_witkit(self.types[f"echo-{key}"].params[0].type, value)


def _echo(func: abi.Func) -> Callable[[Any], Any]:
    if not func.raises:
        return lambda value: value

    def echo(value: Any) -> Any:
        if isinstance(value, abi.Err):
            raise value
        return value.value

    return echo


class Side(Protocol):
    """The guest through one engine."""

    def function(self, name: str) -> Callable[..., Any]: ...
    def value(self, key: str, value: Neutral) -> Any: ...


def calls(side: Side, key: str, value: Neutral, budget: float) -> tuple[Measured, Measured]:
    """A call of the export, and of the import, to be measured."""
    if key == "nop":
        call, loop = side.function("nop"), side.function("call-nop")
        return Measured(call, 1, budget), Measured(lambda: loop(1000), 1000, budget)
    echo, loop, given = side.function(f"echo-{key}"), side.function(f"call-{key}"), side.value(key, value)
    if isinstance(given, abi.Err):

        def call() -> object:
            try:
                return echo(given)
            except abi.Err as error:
                return error
    else:

        def call() -> object:
            return echo(given)

    export = Measured(call, 1, budget)
    export.round()
    side.function(f"prime-{key}")(given)
    repeat = max(1, min(1000, int(budget / 20 / export.best)))
    return export, Measured(lambda: loop(repeat), repeat, budget)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the time, less exact")
    parser.add_argument("--only", help="only the cases whose label holds this")
    options = parser.parse_args()
    budget = 0.1 if options.quick else 0.5
    content = build()
    print(
        f"{'us a call':26}{'export: plain':>15}{'witkit':>10}{'ratio':>8}"
        f"{'import: plain':>16}{'witkit':>10}{'ratio':>8}{'goal':>7}"
    )
    for key, label, goal, value in CASES:
        if options.only and options.only not in label:
            continue
        plain, ours = Plain(content), Witkit(content)
        (pe, pi), (we, wi) = calls(plain, key, value, budget), calls(ours, key, value, budget)
        times = in_turns(pe, we, pi, wi)
        ours.instance.close()
        wanted = f"{goal:g}x" if goal else ""
        export, fast, imported, quick = (seconds * 1e6 for seconds in times)
        figures = f"{export:15.2f}{fast:10.2f}{export / fast:7.1f}x"
        figures += f"{imported:16.2f}{quick:10.2f}{imported / quick:7.1f}x"
        print(f"{label:26}{figures}{wanted:>7}", flush=True)


if __name__ == "__main__":
    main()
