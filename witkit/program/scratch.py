"""Data of a test: in a folder of its own, so that it never meets the project's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path

from witkit.backends.connect import Choice
from witkit.backends.table import CAPABILITIES, Capability

_folder: ContextVar[Path | None] = ContextVar("scratch", default=None)


@contextmanager
def scratch(folder: Path) -> Iterator[None]:
    """Whatever is connected in this context keeps its data below `folder`, unless a test names a place itself."""
    before = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(before)


def harmless(project: Mapping[str, Choice]) -> Mapping[str, Choice]:
    """The project's choices as a test has them: without places, and `memory` for a backend that is not witkit's own,
    because nobody knows what that would reach."""
    if _folder.get() is None:
        return project
    return {name: _harmless(choice, CAPABILITIES[name]) for name, choice in project.items()}


def placed(choice: Choice, capability: Capability) -> Choice:
    """The choice with a place for its data in the test's folder, if it has none and needs one."""
    folder = _folder.get()
    if folder is None or "path" in choice.settings:
        return choice
    place: Path | None = getattr(capability.backend(choice.backend), "place", None)
    return choice if place is None else replace(choice, settings={**choice.settings, "path": folder / place})


def _harmless(choice: Choice, capability: Capability) -> Choice:
    if choice.backend is not None and choice.backend not in capability.backends:
        return Choice("memory")
    settings = {name: value for name, value in choice.settings.items() if name != "path"}
    return replace(choice, settings=settings)
