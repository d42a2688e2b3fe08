"""Work that takes long is announced while it goes on, and other work is not."""

from __future__ import annotations

from threading import Event

import pytest

from witkit.cli.progress import announced_after


def test_work_that_takes_long_is_announced_while_it_goes_on() -> None:
    lines: list[str] = []
    announced = Event()

    def announce(line: str) -> None:
        lines.append(line)
        announced.set()

    with announced_after(0, announce, "compiling"):
        assert announced.wait(60)
    assert lines == ["compiling"]


def test_work_that_is_done_in_time_is_not_announced() -> None:
    lines: list[str] = []
    with announced_after(1000, lines.append, "compiling"):
        pass
    with pytest.raises(ZeroDivisionError), announced_after(1000, lines.append, "compiling"):
        1 / 0  # noqa: B018 - what ends the work ends the waiting
    assert lines == []
