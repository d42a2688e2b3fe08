"""Core modules written in WAT, in stores of their own."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import wasmtime

from tests.runtime.core import fusing
from witkit.runtime.cache import Cache
from witkit.runtime.core import capi, fused, instances
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.state import Core, HostFunction, State
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
        return self.state.extern(HostFunction(type, lambda: run, f"test:host/api#{target.__name__}"))

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


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets after how many calls an export gets its adapter."""
    return lambda calls: monkeypatch.setattr(fused, "PATIENCE", calls)


@pytest.fixture
def soon(patience: Callable[[int], None]) -> None:
    """Let each export have its adapter from the first call on."""
    patience(1)


@pytest.fixture
def same(patience: Callable[[int], None]) -> Callable[..., list[Any]]:
    """Runs calls with adapters and without: whatever each gives or raises, and how often the guest's functions ran,
    must be the same."""

    def outcomes(calls: fusing.Calls, limits: Limits | None, ask: Callable[[int], int]) -> tuple[bool, list[Any]]:
        found: list[Any] = []
        with fusing.guest(limits, ask) as made:
            try:
                found += calls(made)
                found.append(made["called"]())
            except Exception as error:
                found.append((type(error), error.args, getattr(error, "reason", ""), getattr(error, "backtrace", ())))
            found.append(made.raw.state.broken)
            return fusing.has_adapters(made), found

    def run(calls: fusing.Calls, limits: Limits | None = None, ask: Callable[[int], int] = lambda n: n) -> list[Any]:
        found = []
        for number in (1, 1_000_000):
            patience(number)
            found.append(outcomes(calls, limits, ask))
        assert [adapters for adapters, _ in found] == [True, False]
        assert found[0][1] == found[1][1]
        return found[0][1]

    return run
