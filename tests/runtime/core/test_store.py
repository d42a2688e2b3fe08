"""A store is freed once, whoever frees it."""

from __future__ import annotations

import pytest
from wasmtime import WasmtimeError

from witkit.runtime.core import capi
from witkit.runtime.core.compiling import Mode
from witkit.runtime.core.store import Store


@pytest.fixture
def freed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The addresses of the stores that were freed."""
    addresses: list[int] = []
    delete = capi.store_delete

    def deleting(pointer: capi.Pointer) -> None:
        assert pointer.value is not None
        addresses.append(pointer.value)
        delete(pointer)

    monkeypatch.setattr(capi, "store_delete", deleting)
    return addresses


def test_a_store_is_freed_when_it_is_closed(freed: list[int]) -> None:
    store = Store(Mode(fuel=False))
    assert freed == []
    store.close()
    store.close()
    assert len(freed) == 1
    del store
    assert len(freed) == 1


def test_a_store_that_nobody_closes_is_freed_with_its_last_reference(freed: list[int]) -> None:
    store = Store(Mode(fuel=False))
    del store
    assert len(freed) == 1


def test_a_store_of_which_a_signal_struck_the_making_frees_what_there_is(freed: list[int]) -> None:
    Store.__new__(Store).close()
    assert freed == []


def test_fuel_is_counted_by_stores_of_engines_that_count_it() -> None:
    counting, other = Mode(fuel=True), Mode(fuel=False)
    store = Store(counting)
    store.set_fuel(1 << 40)
    assert store.get_fuel() == 1 << 40
    store.close()
    store = Store(other)
    with pytest.raises(WasmtimeError, match="fuel is not configured"):
        store.set_fuel(1)
    with pytest.raises(WasmtimeError, match="fuel is not configured"):
        store.get_fuel()
    store.close()
