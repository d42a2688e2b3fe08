"""Which files of a project are part of its guest.

The guest's Python compiles what it imports and writes `__pycache__` beside it, and a module of the
bindings folder would take the place of the real one (`componentize_py_types`, for example). A copy
without the bindings keeps the project clean and the build right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
"""Files and folders that no guest needs; names that start with a dot belong to them."""
TESTS: Final = ("tests", "conftest.py", "test_*.py", "*_test.py")
OFFERED: Final = ("componentize_py_types.py", "componentize_py_runtime.pyi", "componentize_py_async_support")
"""What componentize-py brings itself. A folder that has the first of them is a bindings folder."""
TOP: Final = (*OFFERED, "poll_loop.py")
"""Names in a folder of modules that componentize-py has, too; inside of a package they are the package's own."""


def guest_files(config: BuildConfig) -> Iterator[tuple[Path, Path]]:
    """Each file that the guest may use: its place below the staging folder, and where it is now."""
    for number, folder in enumerate(config.paths):
        top = config.root / folder
        for file in walk(top, config):
            yield Path(str(number)) / file.relative_to(top), file


def left_out(config: BuildConfig, file: Path) -> str | None:
    """The pattern for which a file below one of the paths is no part of the guest; None where it is one."""
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


def files_below(folder: Path, *, is_top: bool = False) -> Iterator[Path]:
    """The files of something that is installed, or the file itself.

    A folder that `is_top` is one of modules: what componentize-py brings is left out of it.
    """
    if folder.is_file():
        yield folder
    yield from _walk(folder, NEVER, TOP if is_top else ())


def _walk(folder: Path, skipped: Iterable[str], here: Iterable[str] = ()) -> Iterator[Path]:
    """The files below a folder, without those of the patterns `skipped`, and in the folder itself the names `here`."""
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name in here or any(fnmatch(entry.name, pattern) for pattern in skipped):
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir() and not _is_other(entry):
            yield from _walk(entry, skipped)


def _is_other(folder: Path) -> bool:
    """A virtual environment or a bindings folder."""
    return (folder / "pyvenv.cfg").exists() or (folder / OFFERED[0]).exists()
