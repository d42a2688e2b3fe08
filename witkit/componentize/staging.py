"""The guest's files, copied to where componentize-py may leave its traces, and the hash of all that goes in.

The guest's Python compiles what it imports and writes `__pycache__` beside it, and a module of the
bindings folder would take the place of the real one (`componentize_py_types`, for example). A copy
without the bindings keeps the project clean and the build right.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from witkit._version import __version__
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


def guest_files(config: BuildConfig) -> Iterator[tuple[Path, Path]]:
    """Each file that the guest may use: its place below the staging folder, and where it is now."""
    skipped = _skipped(config)
    for number, folder in enumerate(config.paths):
        top = config.root / folder
        for file in _walk(top, skipped):
            yield Path(str(number)) / file.relative_to(top), file


def left_out(config: BuildConfig, file: Path) -> str | None:
    """The pattern for which a file below one of the paths is no part of the guest; None where it is one."""
    for folder in config.paths:
        top = config.root / folder
        if file.is_relative_to(top):
            parts = file.relative_to(top).parts
            return next((p for p in _skipped(config) if any(fnmatch(part, p) for part in parts)), None)
    return None


def _skipped(config: BuildConfig) -> tuple[str, ...]:
    return (*NEVER, *TESTS, *OFFERED, "poll_loop.py", config.world_module, *config.exclude)


def stage(config: BuildConfig, to: Path) -> list[Path]:
    """Copy the guest's files below `to`; the folders to search for modules, in order."""
    for target, file in guest_files(config):
        (to / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, to / target)
    folders = [to / str(number) for number in range(len(config.paths))]
    for folder in folders:
        folder.mkdir(exist_ok=True)
    return folders


def content_hash(config: BuildConfig, tool: str, wit: Mapping[str, str]) -> str:
    """SHA-256 over all that decides about the component: settings, tools, WIT (texts by place), the guest's files."""
    settings = (config.world, config.app, config.world_module, config.stub_wasi, config.features, config.site_packages)
    installed = _installed() if config.site_packages else []
    digest = hashlib.sha256(repr((__version__, tool, settings, installed)).encode())
    for name, text in sorted(wit.items()):
        _add(digest, name, text.encode())
    for target, file in sorted(guest_files(config)):
        _add(digest, str(target), file.read_bytes())
    return digest.hexdigest()


def _add(digest: hashlib._Hash, name: str, content: bytes) -> None:
    digest.update(f"{name}\0{len(content)}\0".encode())
    digest.update(content)


def _installed() -> list[tuple[str, str]]:
    """What a guest with `site-packages` may import, with its version."""
    from importlib.metadata import distributions

    # A damaged installation may lack either.
    return sorted((str(found.name), str(found.version)) for found in distributions())


def _walk(folder: Path, skipped: Iterable[str]) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or any(fnmatch(entry.name, pattern) for pattern in skipped):
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir() and not _is_other(entry):
            yield from _walk(entry, skipped)


def _is_other(folder: Path) -> bool:
    """A virtual environment or a bindings folder."""
    return (folder / "pyvenv.cfg").exists() or (folder / OFFERED[0]).exists()
