"""Find the project that a folder belongs to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from witkit.text.settings import SettingsTable, read_settings, read_toml

PROJECT_KEYS: Final = ("wit", "world", "gen", "build", "check", "fmt")
"""What may be in `[tool.witkit]`; each key is read by the command that it is for."""


def find_project(folder: Path) -> Path | None:
    """The nearest folder, from `folder` upwards, with a `wit` folder or a `pyproject.toml` that has a `[tool.witkit]`.

    None if there is none. Raises WitkitError for a `pyproject.toml` that is not valid TOML.
    """
    return next((each for each in upward(folder) if (each / "wit").is_dir() or settings_in(each) is not None), None)


def find_configured_project(folder: Path) -> Path | None:
    """The nearest folder, from `folder` upwards, with a `pyproject.toml` that has a `[tool.witkit]`, or None.

    Raises WitkitError for a `pyproject.toml` that is not valid TOML.
    """
    return next((each for each in upward(folder) if settings_in(each) is not None), None)


def settings_in(folder: Path) -> SettingsTable | None:
    """The table `[tool.witkit]` of a folder's `pyproject.toml`, or None if there is no such file or table."""
    file = folder / "pyproject.toml"
    return read_settings(file) if file.is_file() else None


def nearest_table(folder: Path, key: str) -> tuple[SettingsTable, Path] | None:
    """The table `[key]` of the nearest `witkit.toml`, or `[tool.witkit.key]` of the nearest `pyproject.toml`.

    The second value is the folder of that file: `folder` or one above it. `witkit.toml` counts before a
    `pyproject.toml` of the same folder. None if no file has such a table. Raises WitkitError for a file that is not
    valid TOML.
    """
    for each in upward(folder):
        file = each / "witkit.toml"
        whole = read_toml(file, private=True) if file.is_file() or file.is_dir() else None
        if whole is None or key not in whole.values:
            if whole is not None:
                whole.reject_misspelt_key(key)
                whole.finish()
            whole = settings_in(each)
            if whole is not None:
                whole.reject_unknown_keys(*PROJECT_KEYS)
                whole.finish()
        if whole is not None and key in whole.values:
            table = whole.table(key)
            table.finish()
            return table, each
    return None


def upward(folder: Path) -> Iterator[Path]:
    """The folder and all its parents, nearest first. Those of a relative path are relative, too: `.`, `..`, `../..`."""
    here = Path(os.path.normpath(folder.absolute()))
    for each in (here, *here.parents):
        yield each if folder.is_absolute() else Path(os.path.relpath(each))
