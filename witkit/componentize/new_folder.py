"""What the new projects of `witkit new` share: their names, and the files that are written."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from witkit.syntax.keywords import KEYWORDS
from witkit.text import WitkitError, error
from witkit.text.writing import NewFolders, not_writable

NOT_A_NAME: Final = "WIT0925"
EXISTS: Final = "WIT0926"

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*")


def name_of(folder: Path) -> str:
    """The name of a folder, even if it is given as `.` or `..`."""
    return Path(os.path.abspath(folder)).name  # noqa: PTH100 - `resolve` would follow links


def check_name(name: str, of: str) -> None:
    """Raise `WitkitError` for a name that is not valid in WIT."""
    if not _NAME.fullmatch(name):
        help = "use lower-case words of letters and digits, joined by `-`, such as `my-shop`"
        raise WitkitError([error(NOT_A_NAME, f"`{name}` cannot be the name of a WIT {of}", help=help)])
    if name in KEYWORDS:
        help = f"use another name, such as `my-{name}`"
        raise WitkitError([error(NOT_A_NAME, f"`{name}` is a keyword of WIT", help=help)])


def check_place(folder: Path) -> None:
    """Raise `WitkitError` if the folder is in use. A new repository of git is not."""
    if folder.exists() and (not folder.is_dir() or any(entry.name != ".git" for entry in folder.iterdir())):
        message = f"`{folder}` already exists and is not an empty folder"
        raise WitkitError([error(EXISTS, message, help="choose another name")])


def write_files(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write the texts of files, given by their paths in the folder: all of them, or none.

    Raises `WitkitError` if the system refuses that. A project that cannot be completed is removed, so that the same
    command works as soon as there is room for it.
    """
    made: list[Path] = []
    with NewFolders() as folders:
        try:
            for path, text in files.items():
                made.append(folder / path)
                _write(folder / path, text, folders)
        except BaseException:
            for path_made in made:
                with suppress(OSError):
                    path_made.unlink()
            raise
    return sorted(made)


def _write(path: Path, text: str, folders: NewFolders) -> None:
    try:
        folders.make_for(path)
        path.write_text(text, encoding="utf-8")
    except OSError as refused:
        raise not_writable(path, refused) from None
