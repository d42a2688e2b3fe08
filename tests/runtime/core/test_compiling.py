"""Compiled core modules are kept one by one, and only what is whole is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime

from tests.runtime.guests import resources
from witkit.runtime.cache import Cache
from witkit.runtime.core import compiling
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.plans import Linked


@pytest.fixture(scope="module")
def mode() -> Mode:
    return Mode(fuel=False)


def module(number: int) -> bytes:
    return bytes(wasmtime.wat2wasm(f'(module (func (export "f") (result i32) (i32.const {number})))'))


def run(mode: Mode, found: wasmtime.Module) -> int:
    store = wasmtime.Store(mode.raw)
    store.set_epoch_deadline(10)
    f = wasmtime.Instance(store, found, []).exports(store)["f"]
    assert isinstance(f, wasmtime.Func)
    return int(f(store))


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.cwasm"))


def test_modules_are_kept_by_their_content(mode: Mode, tmp_path: Path) -> None:
    one, again = (Modules(mode, Cache(tmp_path)) for _ in range(2))
    assert [run(mode, one.module(module(n))) for n in (1, 2, 1)] == [1, 2, 1]
    files = {path: path.stat().st_ino for path in kept(tmp_path)}
    assert len(files) == 2
    assert run(mode, again.module(module(1))) == 1
    assert {path: path.stat().st_ino for path in kept(tmp_path)} == files


def test_what_was_changed_on_disk_is_compiled_again(mode: Mode, tmp_path: Path) -> None:
    modules = Modules(mode, Cache(tmp_path))
    modules.module(module(1))
    modules.module(module(2))
    first, second = kept(tmp_path)
    first.write_bytes(second.read_bytes())
    second.write_bytes(second.read_bytes()[:-1])
    assert [run(mode, modules.module(module(n))) for n in (1, 2)] == [1, 2]
    assert first.read_bytes() != second.read_bytes()
    assert [run(mode, modules.module(module(n))) for n in (1, 2)] == [1, 2]


def test_code_of_one_mode_is_not_taken_for_another(mode: Mode, tmp_path: Path) -> None:
    fuel = Mode(fuel=True)
    Modules(mode, Cache(tmp_path)).module(module(1))
    Modules(fuel, Cache(tmp_path)).module(module(1))
    assert len(kept(tmp_path)) == 2


def test_without_a_cache_modules_are_compiled_each_time(mode: Mode) -> None:
    modules = Modules(mode, Cache(None))
    assert [run(mode, modules.module(module(3))) for _ in range(2)] == [3, 3]
    linked = Linked.of(resources())
    assert len(modules.all(linked)) == len(linked.modules)
    assert not modules.has(linked)


def test_what_is_not_a_module_is_refused(mode: Mode, tmp_path: Path) -> None:
    with pytest.raises(wasmtime.WasmtimeError):
        Modules(mode, Cache(tmp_path)).module(b"\0asm\1\0\0\0\1\1\1")
    assert kept(tmp_path) == []


def test_modules_beside_guests_are_the_same_each_time_and_only_the_last_are_remembered(
    mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "SHARED", 3)
    modules = Modules(mode, Cache(None))
    one, two, three = (modules.shared(module(n)) for n in (1, 2, 3))
    assert modules.shared(module(1)) is one
    modules.shared(module(4))
    assert modules.shared(module(1)) is one
    assert modules.shared(module(3)) is three
    assert modules.shared(module(2)) is not two
    assert len(modules._shared) == 3
