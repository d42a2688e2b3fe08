"""Compare generated files with the disk, and write them without ever leaving half a file.

All new files are first written beside their targets, and then renamed: a full disk or an interruption leaves whole
files, old or new. Unchanged files are not touched. Files of an earlier run that are no longer generated are removed.
Files that witkit did not write are never overwritten or removed.
"""

from __future__ import annotations

import operator
import os
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from errno import EACCES
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from witkit.bindgen.common.header import MARK
from witkit.text import Diagnostic, WitkitError, error
from witkit.text.writing import NewFolders, not_writable

if TYPE_CHECKING:
    from witkit.bindgen import GeneratedFile

NOT_OURS = "WIT0907"

ABANDONED_AFTER = 600.0
"""The age in seconds at which a temporary file must belong to a run that died."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that differs from what is generated. `text` is None if the file is to be removed."""

    path: Path
    text: str | None
    verb: Literal["create", "change", "remove"]


def changes(
    folder: Path,
    files: Iterable[GeneratedFile],
    is_same: Callable[[str, str], bool] = operator.eq,
    within: Iterable[str] = (),
) -> list[FileChange]:
    """What has to change below `folder` so that it holds `files`. Raises WitkitError if a file is not witkit's.

    A file stays as it is if `is_same` says that it differs from the generated text in layout only. `within` names the
    folders in a package that are searched for old files even if none of `files` is there.
    """
    wanted = {folder / file.path: file.text for file in files}
    packages = {path.parent for path in wanted} - {folder}
    stale = _generated_in(packages | {package / name for package in packages for name in within}) - wanted.keys()
    foreign = [path for path in wanted if path.exists() and not _is_ours(path)]
    if foreign:
        raise WitkitError(map(_not_ours, foreign))
    created = [FileChange(path, text, "create") for path, text in wanted.items() if not path.exists()]
    present = ((path, text) for path, text in wanted.items() if path.exists())
    changed = [FileChange(path, text, "change") for path, text in present if not _is_current(path, text, is_same)]
    removed = [FileChange(path, None, "remove") for path in stale]
    return sorted([*created, *changed, *removed], key=lambda change: change.path)


def apply(todo: Sequence[FileChange]) -> None:
    """Make the changes. Raises WitkitError if a file cannot be written, which then keeps its old content."""
    with NewFolders() as folders:
        _apply(todo, folders)


def _apply(todo: Sequence[FileChange], folders: NewFolders) -> None:
    staged: list[tuple[Path, Path]] = []
    try:
        for change in todo:
            if change.text is not None:
                _guarded(lambda path, _: folders.make_for(path), change.path, None)
                staged.append((_guarded(_stage, change.path, change.text), change.path))
        while staged:
            new, target = staged[0]
            _guarded(_put, target, new)
            staged.pop(0)
        for change in todo:
            if change.text is None:
                _guarded(_remove, change.path, None)
    finally:
        for new, _ in staged:
            new.unlink(missing_ok=True)


T = TypeVar("T")
R = TypeVar("R")


def _guarded(step: Callable[[Path, T], R], path: Path, value: T) -> R:
    try:
        return step(path, value)
    except OSError as refused:
        raise not_writable(path, refused) from refused


def _stage(target: Path, text: str) -> Path:
    """Write the text beside its target, with the mode of the target or of a new file."""
    # Only the folder must be writable to replace a file, but whoever made the file read-only wants to keep it.
    if target.exists() and not target.stat().st_mode & 0o222:
        raise PermissionError(EACCES, os.strerror(EACCES))
    new = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        new.write_bytes(text.encode())
        if target.exists():
            shutil.copymode(target, new)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    return new


def _put(target: Path, new: Path) -> None:
    # A link stays a link: its target is replaced.
    new.replace(target.resolve() if target.is_symlink() else target)


def _remove(path: Path, _: None) -> None:
    path.unlink(missing_ok=True)
    with suppress(OSError):
        # Fails if the folder is not empty, which is then kept.
        path.parent.rmdir()


def _generated_in(folders: Iterable[Path]) -> set[Path]:
    """The files in these folders with our mark, except for those that another run is just writing."""
    found = (path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file())
    return {path for path in found if not _is_being_written(path) and MARK.encode() in _first_line(path)}


def _is_current(path: Path, text: str, is_same: Callable[[str, str], bool]) -> bool:
    """Whether a file needs no change. Its header is compared first: the hash there is of the text before formatting."""
    found = path.read_bytes()
    if found == text.encode():
        return True
    try:
        decoded = found.decode()
    except UnicodeDecodeError:
        return False
    return decoded.partition("\n")[0].rstrip() == text.partition("\n")[0] and is_same(decoded, text)


def _is_being_written(path: Path) -> bool:
    """Whether this is a temporary file whose writer may still be running."""
    with suppress(FileNotFoundError):
        return path.name.endswith(".new") and time.time() - path.stat().st_mtime < ABANDONED_AFTER
    return True


def _is_ours(path: Path) -> bool:
    """Whether a file may be replaced: it has our mark, or no content that could be lost."""
    return path.is_file() and (not path.stat().st_size or MARK.encode() in _first_line(path) or path.name == "py.typed")


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline(400)


def _not_ours(path: Path) -> Diagnostic:
    kind = "is a folder" if path.is_dir() else "was not generated by witkit"
    help = "move it away, or choose another folder with -o"
    return error(NOT_OURS, f"`{path}` {kind} and would be overwritten", file=str(path), help=help)
