"""The WIT files that paths on the command line mean, for commands that work on files rather than packages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from witkit.cli.packages import vendoring


def wit_files(paths: Iterable[Path], *, deps: bool) -> list[Path]:
    """The files, each once by whatever paths or links it is named, in the order of the paths; those of a folder are
    sorted.

    Files in the `deps` of a package, and in hidden folders, are left out, the former unless `deps` is set. A file that
    does not exist is among them, and so is a folder that cannot be listed: reading it reports that.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for file in _in_folder(path, deps) if path.is_dir() else [path]:
            if deps or vendoring(file) is None or not os.path.lexists(file):
                found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def _in_folder(folder: Path, deps: bool) -> Iterator[Path]:
    refused: list[OSError] = []
    for where, folders, files in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and (deps or name != "deps"))
        yield from (Path(where, name) for name in sorted(files) if name.endswith(".wit"))
    yield from (Path(os.fsdecode(each.filename)) for each in refused)
