"""Core modules written in WAT, in stores of their own."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import wasmtime

from witkit.runtime.cache import Cache
from witkit.runtime.core import capi, instances
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.state import Core, Function, State
from witkit.runtime.limits import Limits

RESULT = struct.Struct("<i")


class Guest:
    """One core instance in a store, with imports that are Python functions of a tuple of i32."""

    def __init__(self, modules: Modules, wat: str, *imports: Callable[..., int | None], **limits: Any) -> None:
        self.modules = modules
        self.calls: dict[str, Core] = {}
        self.state = State(modules.mode, Limits(**limits))
        self.nested = self.state.enter()
        try:
            self.state.arm(self.state.limits)
            externs = [*map(self.imported, imports)]
            module = modules.module(bytes(wasmtime.wat2wasm(wat)))
            self.instance = instances.instantiate(self.state, module, externs, "instantiate")
        finally:
            self.state.leave(self.nested)

    def imported(self, target: Callable[..., int | None]) -> Any:
        """An import (param i32) (result i32)."""

        def run(at: int) -> None:
            (argument,) = RESULT.unpack_from(capi.ALL, at - 1)
            result = target(argument)
            RESULT.pack_into(capi.ALL, at - 1, 0 if result is None else result)

        type = self.modules.mode.function_type("i:i")
        return self.state.extern(Function(type, lambda: run, f"test:host/api#{target.__name__}"))

    def export(self, name: str) -> Any:
        found = instances.export(self.state, self.instance, name)
        assert found is not None, name
        return found

    def call(self, name: str, *arguments: int, signature: str = "") -> int:
        """Call an export, of i32 unless a signature says something else, as a whole call from outside."""
        size = max(len(arguments), 1)
        raw, at = capi.buffer(size * capi.RAW)
        struct.pack_into("<" + "q8x" * len(arguments), raw, 0, *arguments)
        nested = self.state.enter()
        try:
            if self.state.todo and not nested:
                self.state.prepare()
            if name not in self.calls:
                found = instances.function_at(self.state, self.export(name), signature or "i" * len(arguments) + ":i")
                self.calls[name] = self.state.core(found, name)
            self.calls[name](at.value, size)()
        finally:
            self.state.leave(nested)
        return int(RESULT.unpack_from(raw)[0])


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    """Compiled core modules, kept in a folder of the test session."""
    return Modules(Mode(fuel=False), Cache(tmp_path_factory.mktemp("modules")))


@pytest.fixture
def guest(modules: Modules) -> Iterator[Callable[..., Guest]]:
    """Makes guests, and closes them."""
    made: list[Guest] = []

    def make(wat: str, *imports: Callable[..., int | None], **limits: Any) -> Guest:
        made.append(Guest(modules, wat, *imports, **limits))
        return made[-1]

    yield make
    for each in made:
        each.state.close()
