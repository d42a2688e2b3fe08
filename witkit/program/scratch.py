"""Keep the data of each test in a folder of its own, apart from the project's data and its servers."""

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
    """In a test, the project's choices without paths of data, and with `memory` for servers and other distributions.

    A test must not change what is on a server of the project, and nobody knows what a backend that is not witkit's own
    would access. The same holds for the choices for single names.
    """
    folder = _folder.get()
    if folder is None:
        return project
    return {name: _for_tests(choice, CAPABILITIES[name], folder) for name, choice in project.items()}


def in_scratch_folder(choice: Choice, capability: Capability) -> Choice:
    """In a test, the choice with a `path` in the test's folder wherever one is needed and not given."""
    folder = _folder.get()
    if folder is None:
        return choice
    own = choice if choice.refuses else _placed(choice, choice, capability, folder)
    effective = own.effective_names(capability)
    names = {name: _placed(each, effective[name], capability, folder) for name, each in own.names.items()}
    return replace(own, names=names)


def _placed(choice: Choice, effective: Choice, capability: Capability, folder: Path) -> Choice:
    """The choice with a path in the folder, if what it comes to needs one and has none."""
    if "path" in effective.settings or effective.refuses:
        return choice
    path = _default_path(capability.backend(effective.backend))
    return choice if path is None else replace(choice, settings={**choice.settings, "path": folder / path})


def _default_path(backend: Any) -> Path | None:
    if not hasattr(backend, "settings"):
        found: Path | None = getattr(backend, "default_path", None)
        return found
    kept = (each for each in declared(backend.settings) if each.name == "path" and each.type is not EXISTING_FILE)
    return next((each.default for each in kept if isinstance(each.default, Path)), None)


def _for_tests(choice: Choice, capability: Capability, folder: Path) -> Choice:
    """The choice for tests, whose names are whole: they take nothing over that has been replaced."""
    names: dict[str, Choice] = {}
    folders: dict[str, Path] = {}
    for name, each in choice.effective_names(capability).items():
        path = str(each.settings.get("path"))
        is_shared = path == str(choice.settings.get("path"))
        place = None if is_shared else folders.setdefault(path, folder / "names" / str(len(folders)))
        names[name] = _apart(each, capability, place)
    return replace(_apart(choice, capability), names=names)


def _apart(choice: Choice, capability: Capability, folder: Path | None = None) -> Choice:
    """One choice apart from the project's data; `folder` takes the place of the folder of its path."""
    if choice.refuses:
        return choice  # it opens nothing
    if _is_elsewhere(choice, capability):
        return Choice("memory", wrap=choice.wrap)
    backend = capability.backend(choice.backend)
    path = _default_path(backend)
    if path is None:
        return replace(choice, backend=choice.backend or capability.default)
    settings = {name: value for name, value in choice.settings.items() if name != "path"}
    if folder is not None:
        settings["path"] = folder / path
    return replace(choice, backend=choice.backend or capability.default, settings=settings)


def _is_elsewhere(choice: Choice, capability: Capability) -> bool:
    """Whether the data is out of the test's reach: a client library is there for a server."""
    if choice.backend is not None and choice.backend not in capability.backends:
        return True
    backend = capability.backend(choice.backend)
    return getattr(backend, "requires", None) is not None
