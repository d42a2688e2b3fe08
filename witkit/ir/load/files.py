"""Which files make up a package and its dependencies (the rules of `parse_dir` in wasm-tools)."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path

from witkit.syntax.nodes import File
from witkit.text import Diagnostic, Severity, Source, WitkitError, error
from witkit.text.files import (
    CANNOT_READ,
    MAGIC,
    NO_WIT_FILES,
    no_such_file,
    not_a_regular_file,
    read_file,
    text_of_wasm,
    unreadable_folder,
    way_out,
)
from witkit.text.values import value

DEPS_NOT_A_FOLDER = "WIT0508"


@dataclass(slots=True)
class PackageFolder:
    """The texts of one package, sorted by path. `path` is as the user wrote it.

    `is_partial` is set if one of its files could not be read. `trees` are filled when the texts are parsed.
    """

    path: str
    sources: list[Source]
    is_main: bool = False
    is_partial: bool = False
    trees: list[File] = field(default_factory=list)


@value(frozen=True, slots=True)
class Encoded:
    """A WebAssembly file, which is decoded later."""

    path: Path
    shown: str


@dataclass(slots=True)
class Found:
    """Everything that was read for one argument. `looked_at` are the places where dependencies were looked for.

    `encoded` are binaries: packages in `deps`, or the argument itself, in which case there are no folders.
    """

    folders: list[PackageFolder] = field(default_factory=list)
    encoded: list[Encoded] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)


def find(path: Path, shown: str) -> Found:
    """Read the package at `path`, a folder or a file, and the dependencies in the folder's `deps/`.

    Raises WitkitError if `path` itself is missing or cannot be read.
    """
    found = Found()
    if path.is_dir():
        if not os.access(path, os.R_OK | os.X_OK):
            raise WitkitError([unreadable_folder(shown, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))])
        folder = read_folder(path, shown, found)
        folder.is_main = True
        found.folders.append(folder)
        read_dependencies(path / "deps", join(shown, "deps"), found)
        return found
    if not path.exists():
        raise WitkitError([no_such_file(shown)])
    if not path.is_file():
        raise WitkitError([not_a_regular_file(shown)])
    if _is_binary(path):
        found.encoded.append(Encoded(path, shown))
        return found
    found.folders.append(PackageFolder(shown, read_file(path, shown, found.diagnostics), is_main=True))
    if not found.folders[0].sources:
        raise WitkitError(found.diagnostics)
    return found


def read_folder(path: Path, shown: str, found: Found) -> PackageFolder:
    """The `*.wit` files in a folder, without its subfolders."""
    try:
        names = sorted(entry.name for entry in path.iterdir() if entry.name.endswith(".wit") and not entry.is_dir())
    except OSError as e:
        found.diagnostics.append(unreadable_folder(shown, e))
        return PackageFolder(shown, [])
    if not names:
        found.diagnostics.append(_no_wit_files(path, shown))
    sources = [source for name in names for source in read_file(path / name, join(shown, name), found.diagnostics)]
    return PackageFolder(shown, sources, is_partial=len(sources) < len(names))


def _no_wit_files(path: Path, shown: str) -> Diagnostic:
    message = "there is no `.wit` file in this folder"
    help = "name the folder that holds the package's `.wit` files (subfolders are not searched)"
    if any((path / "wit").glob("*.wit")):
        help = f"name the folder with the package: `{join(shown, 'wit')}`"
    return error(NO_WIT_FILES, message, file=shown, help=help)


def read_dependencies(path: Path, shown: str, found: Found) -> None:
    """Read a `deps` folder, if there is one. Each entry is one package."""
    found.looked_at.append(shown)
    try:
        if not path.exists():
            if path.is_symlink():
                found.diagnostics.append(_leads_nowhere(shown))
            return
        if not path.is_dir():
            message = "`deps` must be a folder of packages"
            help = "move this file away, and put dependencies into a folder `deps`"
            found.diagnostics.append(error(DEPS_NOT_A_FOLDER, message, file=shown, help=help))
            return
        entries = sorted(path.iterdir(), key=lambda e: e.name)
    except OSError as e:
        found.diagnostics.append(unreadable_folder(shown, e))
        return
    for entry in entries:
        _read_dependency(entry, join(shown, entry.name), found)


def _leads_nowhere(shown: str) -> Diagnostic:
    """Only a warning, because wasm-tools ignores such a link."""
    message = "this link does not lead to a folder: it is ignored"
    help = "point it at a folder of packages, or remove it"
    return Diagnostic(DEPS_NOT_A_FOLDER, Severity.WARNING, message, help=help, file=shown)


def _read_dependency(entry: Path, shown: str, found: Found) -> None:
    if entry.is_dir():
        found.folders.append(read_folder(entry, shown, found))
    elif entry.suffix == ".wit":
        sources = read_file(entry, shown, found.diagnostics)
        if sources:
            found.folders.append(PackageFolder(shown, sources))
    elif entry.suffix == ".wasm" and entry.exists() and not entry.is_file():
        found.diagnostics.append(not_a_regular_file(shown))
    elif entry.suffix == ".wasm":
        found.encoded.append(Encoded(entry, shown))
    elif entry.suffix == ".wat":
        found.diagnostics.append(text_of_wasm(shown))


def _is_binary(path: Path) -> bool:
    """Whether the file is WebAssembly by its content, or by its name if it is empty or damaged."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC or path.suffix == ".wasm"
    except OSError:
        # Reading it as text reports the problem.
        return False


def refused_path(path: str, refused: OSError) -> Diagnostic:
    """The finding for a path at which the system refuses to look."""
    if refused.errno == errno.ENAMETOOLONG:
        return error(CANNOT_READ, "this path is too long for the system", file=path, help=way_out(refused, ""))
    message = f"cannot read this: {(refused.strerror or str(refused)).lower()}"
    help = way_out(refused, "check its permissions and those of the folders above it")
    return error(CANNOT_READ, message, file=path, help=help)


def join(shown: str, name: str) -> str:
    """A path below one that the user wrote, for messages."""
    return os.path.normpath(Path(shown) / name)
