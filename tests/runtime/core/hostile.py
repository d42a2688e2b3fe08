"""Damaged components on the core engine, as a program of its own: each is refused, or runs, or stops.

    python -m tests.runtime.core.hostile SEED COUNT

Prints how many had which end; what ends the process is a mistake of the engine's.
"""

from __future__ import annotations

import asyncio
import faulthandler
import random
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import wasmtime

from tests.runtime import guests
from tests.runtime.core.test_between import HANDLES
from tests.runtime.core.test_passing import PASSING
from tests.runtime.core.test_recursion import chain
from tests.runtime.core.test_streams import FILLED, STREAM, alone, passed
from tests.runtime.core.test_subtasks import BACK, BEGIN, CANCELLED, SLOW, SLOWLY, STOPS, both, caller
from tests.runtime.core.test_transfer import CASES
from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.runtime.cache import Cache
from witkit.runtime.core import fused
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked
from witkit.runtime.limits import Limits
from witkit.wasm.cursor import BadWasm
from witkit.wasm.plan import HostFunc, Lift, PlannedResource

LIMITS = Limits(timeout=0.2, memory=64 << 20, table=100_000)
INTERESTING = [0, 1, 2, 0x40, 0x41, 0x60, 0x70, 0x7C, 0x7D, 0x7E, 0x7F, 0x80, 0xFF]


class Host:
    """Gives some value of the type that a function has."""

    def __init__(self) -> None:
        resources: dict[Any, abi.Resource] = {}
        self.types = Descriptions(lambda planned: resources.setdefault(planned, abi.Resource("r", "R")))

    def function(self, func: HostFunc) -> tuple[abi.Func, Any]:
        described = self.types.func(func.type, func.name)
        result = described.result
        side = result.ok if isinstance(result, abi.Result) else result
        return described, lambda *values: None if side is None else some(side)

    def is_observed(self, func: HostFunc) -> bool:
        return False

    def fits(self, resource: PlannedResource) -> None:
        return None


def some(type: abi.Type) -> Any:
    """A value of a type; for a resource, an object."""
    match type:
        case abi.Primitive(name=name):
            return {"bool": True, "string": "text", "char": "c", "f32": 1.5, "f64": 1.5}.get(name, 5)
        case abi.List(element=element, length=length):
            values = [some(element) for _ in range(2 if length is None else length)]
            return bytes(values) if element == abi.U8 else values
        case abi.Tuple(elements=elements):
            return tuple(map(some, elements))
        case abi.Record(fields=fields):
            return type.cls(*(some(field.type) for field in fields))
        case abi.Enum() | abi.Flags():
            return next(iter(type.cls))
        case abi.Variant(cases=cases):
            return cases[0].cls(*(some(each) for each in [cases[0].payload] if each is not None))
        case abi.Result(ok=ok):
            return abi.Ok(None if ok is None else some(ok))
        case abi.Map():
            return {}
        case abi.Option():
            return None
    return object()


def damaged(chance: random.Random, content: bytes) -> bytes:
    """The bytes with a few of them changed, removed or added."""
    data = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 3, 8])):
        at = chance.randrange(8, len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.choice(INTERESTING)
            case 1:
                data[at] ^= 1 << chance.randrange(8)
            case 2:
                del data[at : at + chance.choice([1, 2, 5])]
            case _:
                data[at:at] = chance.randbytes(chance.choice([1, 2]))
    return bytes(data)


def functions(exports: dict[str, Any]) -> Iterator[Lift | HostFunc]:
    for item in exports.values():
        if isinstance(item, dict):
            yield from functions(item)
        elif isinstance(item, Lift | HostFunc):
            yield item


def end_of(content: bytes, modules: Modules) -> str:
    """What became of a component."""
    try:
        linked = Linked.of(content)
    except BadWasm:
        return "refused"
    except wasmtime.WasmtimeError:
        return "not valid"
    try:
        blueprint = Blueprint(linked, modules)
    except wasmtime.WasmtimeError:
        return "not compiled"
    host = Host()
    try:
        instance = CoreInstance(blueprint, host, LIMITS)
    except Exception as error:
        return f"did not start: {type(error).__name__}"
    ends = []
    for lift in functions(linked.plan.exports):
        func = host.types.func(lift.type, lift.name)
        try:
            call, values = instance.export(lift, func), [some(parameter.type) for parameter in func.params]
            if lift.type.is_async:
                asyncio.run(asyncio.wait_for(call(*values), 2))
            else:
                call(*values)
            ends.append("ran")
        except Exception as error:
            ends.append(type(error).__name__)
        if instance.state.closed:
            break
    instance.close()
    return ", ".join(sorted(set(ends))) or "exports nothing"


def main(seed: int, count: int) -> None:
    faulthandler.enable()
    chance, ends = random.Random(seed), Counter[str]()
    modules = Modules(Mode(fuel=False), Cache(None))
    texts = [HANDLES, caller(), both(BEGIN, BACK, SLOW, SLOWLY), both(CANCELLED, "unreachable", "(i32.const 1)", STOPS)]
    texts += [
        alone(f"{STREAM} {FILLED}"),
        passed(" u32", "", "(i32.load (i32.const 64))"),
        passed(" string", "", "(i32.const 0)"),
        *CASES.values(),
        PASSING,
        chain(20, "string"),
    ]
    sources = [guests.lists(), guests.resources(), guests.behaviour(), *(bytes(wasmtime.wat2wasm(t)) for t in texts)]
    for _ in range(count):
        fused.PATIENCE = chance.choice([1, 2])  # exports are called once: with their adapters, or without
        ends[end_of(damaged(chance, chance.choice(sources)), modules)] += 1
    for end, times in ends.most_common():
        print(times, end)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
