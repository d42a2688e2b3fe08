"""The folders for data and for caches. Data is inside the wheel, or at the top of the repository."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder `grammars`, `templates` or `wit` of this installation."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def cache_folder() -> Path:
    """The folder for caches: `WITKIT_CACHE_DIR`, or else `witkit` in the user's cache folder."""
    if own := os.environ.get("WITKIT_CACHE_DIR"):
        return Path(own)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "witkit"
    try:
        return Path.home() / ".cache" / "witkit"
    except RuntimeError:
        # A user without a home folder, as in some containers: nothing can be written below this path or cached.
        return Path(os.devnull) / "witkit"
