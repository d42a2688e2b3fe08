"""A guest that is served in a thread of the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from witkit.program.application import Application
from witkit.program.pool import PoolSettings
from witkit.program.serving import serve
from witkit.program.settings import RunSettings
from witkit.program.triggers.trigger import Start

SOON: Final = 60.0
"""Seconds that a test waits for what is about to happen."""


@dataclass(frozen=True)
class Noting:
    """Comes before the class of a trigger: lets the test know that it has started, and with which application."""

    started: Event = field(default_factory=Event)
    applications: list[Application] = field(default_factory=list)

    def start(self, start: Start) -> Any:
        running = super().start(start)  # type: ignore[misc]
        self.applications.append(start.application)
        self.started.set()
        return running


@dataclass(frozen=True)
class InThread:
    """`end` ends it as a signal would."""

    application: Application
    end: Event
    thread: Thread


@contextmanager
def in_thread(
    path: Path, trigger: Any, settings: RunSettings, pool: PoolSettings, configured: Mapping[str, Any]
) -> Iterator[InThread]:
    """Serve a guest with one trigger, a `Noting`, until the `with` statement ends. Raises what `serve` raises."""
    end, raised = Event(), list[BaseException]()

    def run() -> None:
        try:
            serve(path, settings, pool, configured, ended=end, known=[trigger])
        except BaseException as problem:
            raised.append(problem)
        finally:
            trigger.started.set()

    thread = Thread(target=run)
    thread.start()
    try:
        assert trigger.started.wait(SOON)
        if raised:
            raise raised[0]
        yield InThread(trigger.applications[0], end, thread)
    finally:
        end.set()
        thread.join(SOON)
    if raised:
        raise raised[0]
