"""Packages that are known to be clean, by the content of all that a check reads: these are not even loaded.

What a check reads is known for one file, and for a folder whose dependencies are all in its `deps/`. A `deps.toml` may
lead to any folder, and some rules look at files beside the package: nothing is kept then.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from witkit._kept import DiskCache
from witkit._resources import cache_folder, marks_of_code
from witkit._version import __version__
from witkit.checks.settings import Settings
from witkit.checks.table import LISTED

_CACHE: Final = DiskCache(limit=4 << 20, every=32)
LOOK_ELSEWHERE: Final = frozenset({"dead-link", "incomplete-readme"})
"""Rules that look at files which do not belong to the package."""
_MAKERS: Final = ("text", "syntax", "wasm", "ir", "checks", "grammars")
_BESIDE: Final = ("deps.toml", "deps.lock", "wkg.toml", "wkg.lock", "../wkg.lock")


class _MayReadMore(Exception):
    """A check may read files that `_inputs` does not know, or one that can be read only once."""


def place_of(path: Path, settings: Settings, features: Sequence[str], *, all_features: bool) -> Path | None:
    """The key of a check in the cache, or None if it is not known what the check reads."""
    if settings.added or settings.against is not None:
        return None
    if any(rule.name in LOOK_ELSEWHERE for rule in settings.chosen_anywhere(LISTED)):
        return None
    try:
        made_from = sha256(_maker(path, settings, (sorted(features), all_features)))
        for file in _inputs(path):
            content = _content(file)
            # The lock of wit-deps knows whether files are executable.
            mode = file.stat().st_mode & 0o100
            made_from.update(f"\0{file.as_posix()}\0{mode}\0{len(content)}\0".encode("utf-8", "surrogatepass"))
            made_from.update(content)
    except (OSError, ValueError, _MayReadMore):
        # Loading the package reports what is wrong, if anything is.
        return None
    return cache_folder() / "clean-wit" / made_from.hexdigest()[:40]


def is_known(place: Path) -> bool:
    """Whether the check that belongs to a key is known to find nothing."""
    return _CACHE.get(place) is not None


def remember(place: Path) -> None:
    """Keep that a check finds nothing."""
    _CACHE.put(place, b"")


def _maker(path: Path, settings: Settings, on: object) -> bytes:
    """What the findings depend on besides files: versions, witkit's own files, and what the check was asked for."""
    marks = marks_of_code(*_MAKERS)
    # The text of a long pattern is cut in its `repr`.
    paths = [(each.pattern.pattern, each.choice) for each in settings.per_path]
    asked = (settings.preset, settings.choices, paths, settings.options, settings.target, settings.wasi)
    made = (__version__, sys.version_info[:3], marks, os.fspath(path.absolute()), on, asked)
    return repr(made).encode("utf-8", "surrogatepass")


def _inputs(path: Path) -> Iterator[Path]:
    """The files that a check reads, in order. Raises _MayReadMore if it may read others."""
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


def _content(file: Path) -> bytes:
    if not file.is_file():
        # A pipe, whose content could be read only once, a folder, or a link to nothing.
        raise _MayReadMore
    return file.read_bytes()


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
