"""Damaged components on the core engine, as a program of its own: each is refused, or runs, or stops.

    python -m tests.runtime.core.hostile SEED COUNT

Half of them have damaged bytes, half are text in which words were changed. Prints how many had which end. What ends the
process is a mistake of the engine's, and so is what is written to stderr: an exception that no caller expects, or a
component that took too long.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import random
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import wasmtime

from tests.runtime import guests
from tests.runtime.core import hostile_texts
from tests.runtime.core.hostile_host import Host, Lacking
from witkit import abi
from witkit.canonical.errors import NotCarried
from witkit.runtime.cache import Cache
from witkit.runtime.core import fused
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked
from witkit.runtime.errors import Trap
from witkit.runtime.limits import Limits
from witkit.wasm.cursor import BadWasm
from witkit.wasm.plan import HostFunc, Lift

LIMITS = Limits(timeout=0.2, memory=64 << 20, table=100_000)
INTERESTING = [0, 1, 2, 0x40, 0x41, 0x60, 0x70, 0x7C, 0x7D, 0x7E, 0x7F, 0x80, 0xFF]


EXPECTED: Final = (Trap, NotCarried, abi.Err)
"""What calls and instantiation raise for what a guest does."""
SECONDS: Final = 5.0
"""The time of the processor that one component may take, for a few calls that stop after 0.2 seconds each."""


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


def end_of(content: bytes, modules: Modules, host: Host) -> str:
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
    try:
        instance = CoreInstance(blueprint, host, LIMITS)
    except EXPECTED as error:
        return f"did not start: {type(error).__name__}"
    ends = set()
    for lift in [*functions(linked.plan.exports)] * 2:
        ends.add(_end_of_call(instance, lift, host))
        if instance.state.closed:
            break
    instance.close()
    return ", ".join(sorted(ends)) or "exports nothing"


def _end_of_call(instance: CoreInstance, lift: Lift | HostFunc, host: Host) -> str:
    func = host.types.func(lift.type, lift.name)
    try:
        call, values = instance.export(lift, func), [host.some(parameter.type) for parameter in func.params]
        result = asyncio.run(asyncio.wait_for(call(*values), 20)) if lift.type.is_async else call(*values)
    except (*EXPECTED, Lacking) as error:
        return type(error).__name__
    if func.result is not None:
        host.keep(func.result, abi.Ok(result) if func.raises else result)
    return "ran"


def reported(content: bytes, modules: Modules, chance: random.Random) -> str:
    """As `end_of`, with a report of what should not have happened."""
    start = time.process_time()
    try:
        found = end_of(content, modules, Host(chance))
    except Exception as error:
        print(f"{content.hex()}\n{traceback.format_exc()}", file=sys.stderr)
        return f"odd: {type(error).__name__}"
    if time.process_time() - start > SECONDS:
        print(f"{content.hex()}\ntook {time.process_time() - start:.1f} s", file=sys.stderr)
    return found


def main(seed: int, count: int) -> None:
    faulthandler.enable()
    warnings.simplefilter("ignore", ResourceWarning)
    # A guest that goes on after its result was returned, and stops then, is reported to the event loop.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    chance, ends = random.Random(seed), Counter[str]()
    modules = Modules(Mode(fuel=False), Cache(None))
    sources = [guests.lists(), guests.resources(), guests.behaviour()]
    sources += [bytes(wasmtime.wat2wasm(text)) for text in dict.fromkeys(hostile_texts.sources())]
    for number in range(count):
        fused.PATIENCE = chance.choice([1, 2])  # with adapters from the first call, or from the second
        content = hostile_texts.changed(chance) if number % 2 else damaged(chance, chance.choice(sources))
        ends[reported(content, modules, chance)] += 1
    for end, times in ends.most_common():
        print(times, end)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
