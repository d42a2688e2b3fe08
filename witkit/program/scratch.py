"""Keep the data of each test in a folder of its own, apart from the project's data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any

from witkit.backends.connect import Choice
from witkit.backends.settings import EXISTING_FILE, declared
from witkit.backends.table import CAPABILITIES, Capability

_folder: ContextVar[Path | None] = ContextVar("scratch", default=None)


@contextmanager
def scratch(folder: Path) -> Iterator[None]:
    """Backends that are opened in this context store data in `folder`, unless the test gives a `path`."""
    before = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(before)


def for_tests(project: Mapping[str, Choice]) -> Mapping[str, Choice]:
    """In a test, the project's choices without paths of data, and with `memory` for backends that are not witkit's own.

    Nobody knows what data these would access.
    """
    if _folder.get() is None:
        return project
    return {name: _for_tests(choice, CAPABILITIES[name]) for name, choice in project.items()}


def in_scratch_folder(choice: Choice, capability: Capability) -> Choice:
    """In a test, the choice with a `path` in the test's folder, if it needs one and does not have one."""
    folder = _folder.get()
    if folder is None or "path" in choice.settings or choice.refuses:
        return choice
    path = _default_path(capability.backend(choice.backend))
    return choice if path is None else replace(choice, settings={**choice.settings, "path": folder / path})


def _default_path(backend: Any) -> Path | None:
    if not hasattr(backend, "settings"):
        found: Path | None = getattr(backend, "default_path", None)
        return found
    kept = (each for each in declared(backend.settings) if each.name == "path" and each.type is not EXISTING_FILE)
    return next((each.default for each in kept if isinstance(each.default, Path)), None)


def _for_tests(choice: Choice, capability: Capability) -> Choice:
    if choice.backend is not None and choice.backend not in capability.backends:
        return Choice("memory")
    read = {each.name for each in declared(capability.backend(choice.backend).settings) if each.type is EXISTING_FILE}
    settings = {name: value for name, value in choice.settings.items() if name != "path" or name in read}
    return replace(choice, settings=settings)
