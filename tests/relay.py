"""Components that hand every call on: for each function that an interface has, the world exports one of the same type.

What goes in by an export reaches the host's implementation of the import, and its result comes back the same way,
through the generated host package of the world. The core module is made from the functions' types: a result lies in
memory as the import has written it, so the export has only to say where.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import witkit
from tests.runtime.guests import REALLOC
from tests.tools import wasm_tools
from witkit import abi
from witkit.canonical.blame import parameters
from witkit.canonical.check import wit

_AREA = 64
"""Where results are written: no type of the tests needs more than the memory below the allocator's."""


@dataclass(frozen=True, slots=True)
class Relay:
    """The generated host package of the world, and the component."""

    package: ModuleType
    file: Path

    def load(self, engine: witkit.Engine) -> Any:
        return self.package.RelayComponent.load(self.file, engine=engine)


def relay(
    interface: abi.Interface, source: Path, folder: Path, package: str, homes: Mapping[str, str] | None = None
) -> Relay:
    """The component for an interface whose WIT package is the folder `source`, made in `folder`.

    Its generated package is called `package`; `folder` must be where Python looks for modules.
    """
    return relay_of([interface], [source], folder, package, homes)


def relay_of(
    interfaces: Sequence[abi.Interface],
    sources: Sequence[Path],
    folder: Path,
    package: str,
    homes: Mapping[str, str] | None = None,
) -> Relay:
    """The component for several interfaces: one that uses types of another one comes after it.

    `homes` has the interfaces of types that are only used by those.
    """
    text = folder / f"{package}-wit"
    for number, source in enumerate(sources):
        dependency = text / "deps" / f"relayed-{number}"
        dependency.mkdir(parents=True)
        for file in source.glob("*.wit"):
            (dependency / file.name).write_text(file.read_text())
    (text / "relay.wit").write_text(_wit(interfaces, homes or {}))
    (text / "relay.wat").write_text(_wat(interfaces))
    for made in witkit.generate(witkit.load(text).world("relay"), "host", package=package):
        (folder / made.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / made.path).write_text(made.text)
    core, component = text / "core.wasm", text / "relay.wasm"
    wasm_tools.component("embed", text, text / "relay.wat", "-w", "relay", "-o", core)
    wasm_tools.component("new", core, "-o", component)
    importlib.invalidate_caches()
    return Relay(importlib.import_module(package), component)


def _wit(interfaces: Sequence[abi.Interface], homes: Mapping[str, str]) -> str:
    body, known = [], set[str]()
    for interface in interfaces:
        used = sorted(set(_named(interface)) - known)
        known |= set(used)
        body.append(f"  import {interface.name};")
        body += (f"  use {homes.get(name, interface.name)}.{{{name}}};" for name in used)
    exports = [
        f"  export {_exported(f)}: func({', '.join(f'%{p.name}: {wit(p.type)}' for p in parameters(f))})"
        f"{'' if f.result is None else f' -> {wit(f.result)}'};"
        for interface in interfaces
        for f in interface.functions
    ]
    return "\n".join(["package t:relay;", "world relay {", *body, *exports, "}"])


def _exported(func: abi.Func) -> str:
    """`[method]store.get` as `call-store-get`."""
    return "call-" + func.name.rpartition("]")[2].replace(".", "-")


def _named(interface: abi.Interface) -> Iterator[str]:
    for func in interface.functions:
        for type in (*(p.type for p in parameters(func)), func.result):
            yield from _names(type)


def _names(type: abi.Type | None) -> Iterator[str]:
    match type:
        case abi.Record(name) | abi.Variant(name) | abi.Enum(name) | abi.Flags(name):
            yield name
        case abi.Own(resource) | abi.Borrow(resource):
            yield resource.name
        case abi.List(element) | abi.Option(element):
            yield from _names(element)
        case abi.Result(ok, err):
            yield from (*_names(ok), *_names(err))
        case abi.Tuple(elements):
            for element in elements:
                yield from _names(element)


def _wat(interfaces: Sequence[abi.Interface]) -> str:
    imports, functions = [], []
    for interface in interfaces:
        for resource in interface.resources:
            name = f'"{interface.name}" "[resource-drop]{resource.name}"'
            imports.append(f"(func $drop-{resource.name} (import {name}) (param i32))")
    every = [(interface, func) for interface in interfaces for func in interface.functions]
    for number, (interface, func) in enumerate(every):
        types = [p.type for p in parameters(func)]
        flat = [core for type in types for core in _flat(type)]
        result = _flat(func.result)
        area = ["i32"] if len(result) > 1 else []
        back = f"(result {result[0]})" if len(result) == 1 else ""
        assert len(flat) <= 16, f"{func.name} has its parameters in memory"
        imports.append(
            f'(func $f{number} (import "{interface.name}" "{func.name}") (param {" ".join(flat + area)}) {back})'
        )
        given = " ".join(f"(local.get {n})" for n in range(len(flat)))
        call = f"(call $f{number} {given} {f'(i32.const {_AREA})' if area else ''})"
        back = f"(result {result[0] if not area else 'i32'})" if result else ""
        drops = " ".join(_drops(types))
        functions.append(
            f'(func (export "{_exported(func)}") (param {" ".join(flat)}) {back}'
            f" {call} {drops} {f'(i32.const {_AREA})' if area else ''})"
        )
    return "\n".join(["(module", *imports, REALLOC, *functions, ")"])


def _drops(types: list[abi.Type]) -> Iterator[str]:
    """A handle that was lent has to be dropped before the export returns."""
    at = 0
    for type in types:
        if isinstance(type, abi.Borrow):
            yield f"(call $drop-{type.resource.name} (local.get {at}))"
        at += len(_flat(type))


def _flat(type: abi.Type | None) -> list[str]:
    """The core types of a value (canonical ABI, `flatten_type`)."""
    match type:
        case None:
            return []
        case abi.Primitive("u64" | "s64"):
            return ["i64"]
        case abi.Primitive("f32" | "f64" as name):
            return [name]
        case abi.Primitive("string") | abi.List():
            return ["i32", "i32"]
        case abi.Record(_, _, fields):
            return [core for field in fields for core in _flat(field.type)]
        case abi.Tuple(elements):
            return [core for element in elements for core in _flat(element)]
        case abi.Variant(_, cases):
            return ["i32", *_joined(case.payload for case in cases)]
        case abi.Option(element):
            return ["i32", *_flat(element)]
        case abi.Result(ok, err):
            return ["i32", *_joined([ok, err])]
        case _:
            return ["i32"]


def _joined(payloads: Any) -> list[str]:
    found: list[str] = []
    for payload in payloads:
        for at, core in enumerate(_flat(payload)):
            if at == len(found):
                found.append(core)
            elif found[at] != core:
                found[at] = "i32" if {found[at], core} == {"i32", "f32"} else "i64"
    return found
