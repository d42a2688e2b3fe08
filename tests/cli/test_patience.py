"""What takes long is told while it goes on, and what does not is not."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from witkit.cli import patience
from witkit.runtime import Engine


def test_what_takes_long_is_told_while_it_goes_on() -> None:
    lines: list[str] = []
    told = Event()

    def announce(line: str) -> None:
        lines.append(line)
        told.set()

    with patience.told_after(0, announce, "compiling"):
        assert told.wait(60)
    assert lines == ["compiling"]


def test_what_is_done_in_time_is_not_told() -> None:
    lines: list[str] = []
    with patience.told_after(1000, lines.append, "compiling"):
        pass
    with pytest.raises(ZeroDivisionError), patience.told_after(1000, lines.append, "compiling"):
        1 / 0  # noqa: B018 - what ends the work ends the waiting
    assert lines == []


def test_a_host_tells_which_component_it_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Event()
    lines: list[str] = []

    def slow(self: Engine, content: bytes, name: str, variant: Any) -> str:
        assert told.wait(60)
        return name

    def announce(line: str) -> None:
        lines.append(line)
        told.set()

    monkeypatch.setattr(Engine, "compile", slow)
    monkeypatch.setattr(patience, "PATIENCE", 0)
    engine = patience.telling_host(announce)
    assert engine.compile(b"", "app.wasm", engine.variant(fuel=False)) == "app.wasm"
    assert "compiling app.wasm" in lines[0]
