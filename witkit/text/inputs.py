"""What a WIT package is read from, for caches by content: found without reading any WIT.

That is known for one file, and for a folder whose dependencies are all in its `deps/`. A `deps.toml` may lead to any
folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

_BESIDE: Final = ("deps.toml", "deps.lock", "wkg.toml", "wkg.lock", "../wkg.lock")


class _MayReadMore(Exception):
    """Loading may read files that `_files_of` does not know, or one that can be read only once."""


def digest_of_inputs(path: Path) -> bytes | None:
    """What is another one when loading the package at a path would read something else; None if it is not known what
    it reads."""
    made_from = sha256()
    try:
        for file in _files_of(path):
            if not file.is_file():
                # A pipe, whose content could be read only once, a folder, or a link to nothing.
                return None
            content = file.read_bytes()
            # The lock of wit-deps knows whether files are executable.
            mode = file.stat().st_mode & 0o100
            made_from.update(f"\0{file.as_posix()}\0{mode}\0{len(content)}\0".encode("utf-8", "surrogatepass"))
            made_from.update(content)
    except (OSError, ValueError, _MayReadMore):
        # Loading the package reports what is wrong, if anything is.
        return None
    return made_from.digest()


def _files_of(path: Path) -> Iterator[Path]:
    """The files in order. Raises _MayReadMore if there may be others."""
    if path.is_file():
        yield path
        return
    if not _is_all_in_deps(path):
        raise _MayReadMore
    yield from (file for name in _BESIDE if os.path.lexists(file := path / name))
    folders = [path]
    deps = path / "deps"
    if deps.is_dir():
        yield from _files(deps)
        folders += sorted(entry for entry in deps.iterdir() if entry.is_dir())
    elif os.path.lexists(deps):
        raise _MayReadMore
    for folder in folders:
        files = [file for file in _files(folder) if file.name.endswith(".wit")]
        if not files:
            # An error, but one that the content of no file shows.
            raise _MayReadMore
        yield from files


def _files(folder: Path) -> Iterator[Path]:
    return (entry for entry in sorted(folder.iterdir()) if not entry.is_dir())


def _is_all_in_deps(folder: Path) -> bool:
    """Whether `deps.toml` and `deps.lock` lead to no other folder. Raises ValueError if they are not TOML."""
    tables = (_table(folder / "deps.toml"), _table(folder / "deps.lock"))
    return all(_is_fetched(entry) for table in tables for entry in table.values())


def _is_fetched(entry: object) -> bool:
    """Whether an entry leads to no folder on this disk. What is called a URL in it may be a path."""
    if isinstance(entry, dict):
        return "path" not in entry and ("url" not in entry or _is_fetched(entry["url"]))
    return isinstance(entry, str) and "://" in entry


def _table(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    import tomllib

    return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
