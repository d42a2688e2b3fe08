"""What a pause of the garbage collector leaves behind."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from witkit import _collector as collector


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """A program that has frozen objects and in which no pause has ended yet; what is known after pauses."""
    known: list[bool] = []
    monkeypatch.setattr(collector, "_frozen", known)
    had = gc.get_freeze_count()
    gc.freeze()
    yield known
    if not had:
        gc.unfreeze()


def test_what_a_program_has_frozen_stays_frozen(frozen: list[bool]) -> None:
    before = gc.get_freeze_count()
    for _ in range(2):
        with collector.paused():
            pass
    # Frozen objects that nothing refers to any more are gone.
    assert 0.9 * before < gc.get_freeze_count() <= before


def test_frozen_objects_are_counted_once(frozen: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def count() -> int:
        counted.append(1)
        return 1

    monkeypatch.setattr(gc, "get_freeze_count", count)
    for _ in range(3):
        with collector.paused():
            pass
    assert (frozen, counted) == ([True], [1])


@pytest.mark.parametrize("enabled", [True, False])
def test_after_a_pause_the_collector_is_as_it_was(enabled: bool) -> None:
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with collector.paused():
            assert not gc.isenabled()
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if before else gc.disable)()
