"""Choose the files of a project that belong to its guest.

They are copied without the bindings. Otherwise the guest's Python would write `__pycache__` beside the modules that it
imports, and a module in the bindings folder (such as `componentize_py_types`) would hide the real one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from witkit.componentize.config import BuildConfig

NEVER: Final = (
    "__pycache__",
    "sitecustomize.py",
    "usercustomize.py",
    "node_modules",
    "*.wasm",
    "*.cwasm",
    "*.pyc",
    "pyproject.toml",
)
"""Files and folders that no guest needs. So are all names that start with a dot."""
TESTS: Final = ("tests", "conftest.py", "test_*.py", "*_test.py")
OFFERED: Final = ("componentize_py_types.py", "componentize_py_runtime.pyi", "componentize_py_async_support")
"""Modules that componentize-py provides. A folder with the first of them is a bindings folder."""
TOP: Final = (*OFFERED, "poll_loop.py")
"""Names that componentize-py provides in folders of modules. Inside a package, they belong to the package."""


def guest_files(config: BuildConfig) -> Iterator[tuple[Path, Path]]:
    """The files that the guest may use: the path below the staging folder, and the current path."""
    for number, folder in enumerate(config.paths):
        top = config.root / folder
        for file in walk(top, config):
            yield Path(str(number)) / file.relative_to(top), file


def left_out(config: BuildConfig, file: Path) -> str | None:
    """The pattern that excludes a file below one of the paths from the guest, or None."""
    for folder in config.paths:
        top = config.root / folder
        if file.is_relative_to(top):
            parts = file.relative_to(top).parts
            if parts[0] in TOP:
                return parts[0]
            return next((p for p in _skipped(config) if any(fnmatch(part, p) for part in parts)), None)
    return None


def _skipped(config: BuildConfig) -> tuple[str, ...]:
    return (*NEVER, *TESTS, config.world_module, *config.exclude)


def walk(folder: Path, config: BuildConfig) -> Iterator[Path]:
    """The files below a folder that the guest may use."""
    return _walk(folder, _skipped(config), TOP)


def walk_packages(folder: Path, config: BuildConfig, wanted: Callable[[Path], bool]) -> Iterator[Path]:
    """The files directly in a folder that the guest may use, and those of its packages that are `wanted`.

    Other folders are not opened: beside its packages, a project may have folders with very many files.
    """
    skipped = _skipped(config)
    for entry in _entries(folder, skipped, TOP):
        if entry.is_file():
            yield entry
        elif wanted(entry) and not _is_other(entry):
            yield from _walk(entry, skipped)


def files_below(folder: Path, *, is_top: bool = False) -> Iterator[Path]:
    """The files of an installed package, or the file of a module.

    `is_top` means a folder of modules, without those that componentize-py provides.
    """
    if folder.is_file():
        yield folder
    yield from _walk(folder, NEVER, TOP if is_top else ())


def _walk(folder: Path, skipped: Iterable[str], here: Iterable[str] = ()) -> Iterator[Path]:
    """The files below a folder, without the patterns `skipped`, and without the names `here` in the folder itself."""
    for entry in _entries(folder, skipped, here):
        if entry.is_file():
            yield entry
        elif not _is_other(entry):
            yield from _walk(entry, skipped)


def _entries(folder: Path, skipped: Iterable[str], here: Iterable[str]) -> Iterator[Path]:
    """The files and folders in a folder, without the patterns `skipped` and the names `here`, in order."""
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        hidden = entry.name.startswith(".") or entry.name in here
        if not hidden and not any(fnmatch(entry.name, pattern) for pattern in skipped) and entry.exists():
            yield entry


def _is_other(folder: Path) -> bool:
    """Whether a folder is a virtual environment or a bindings folder."""
    return (folder / "pyvenv.cfg").exists() or (folder / OFFERED[0]).exists()
