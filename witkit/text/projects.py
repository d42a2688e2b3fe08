"""Which project a folder is part of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from witkit.text.settings import Table, read_settings


def home(folder: Path) -> Path | None:
    """The project's folder: the nearest, from `folder` upwards, with a `pyproject.toml` that has a `[tool.witkit]`, or
    with a folder `wit`; None where there is none. Raises WitkitError for a `pyproject.toml` that is not TOML."""
    return next((each for each in upward(folder) if (each / "wit").is_dir() or settings_in(each) is not None), None)


def settled(folder: Path) -> Path | None:
    """The nearest folder, from `folder` upwards, with a `pyproject.toml` that has a `[tool.witkit]`, as `home`."""
    return next((each for each in upward(folder) if settings_in(each) is not None), None)


def settings_in(folder: Path) -> Table | None:
    """The table `[tool.witkit]` of a folder's `pyproject.toml`; None where there is no such file or table."""
    file = folder / "pyproject.toml"
    return read_settings(file) if file.is_file() else None


def upward(folder: Path) -> Iterator[Path]:
    """The folder and all above it, nearest first, named from the current folder if it is: `.`, `..`, `../..`."""
    here = Path(os.path.normpath(folder.absolute()))
    for each in (here, *here.parents):
        yield each if folder.is_absolute() else Path(os.path.relpath(each))
