"""Find the package that a path on the command line belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

# Authors keep these beside the files of a package, and nowhere else.
BESIDE_A_PACKAGE = ("deps", "deps.toml", "deps.lock", "wkg.toml", "wkg.lock")
_HEADER = re.compile(
    r"(?:[ \t\r\n]++|//[^\n]*+|/\*(?:[^*/]|\*(?!/)|/(?!\*))*+\*/)*+package[ \t\r\n]++[^\s{};/]++[ \t\r\n]*+;"
)
"""The header of a package after nothing but comments, so that most files are not read for it."""


def packages(paths: Iterable[Path]) -> list[Path]:
    """The packages that the paths belong to, each once, in the order of the paths."""
    found = dict[Path, Path]()
    whole = set[Path]()
    for path in paths:
        # Which files make up a package is found out once for all of them.
        if path.suffix == ".wit" and path.parent in whole and path.is_file():
            continue
        package = package_of(path)
        if package is not None:
            found[_identity(package)] = package
        if package == path.parent:
            whole.add(package)
    # A file that is a package of its own is checked with a folder that is named as well; a missing one is reported.
    return [package for place, package in found.items() if not (package.is_file() and place.parent in found)]


def package_of(path: Path) -> Path | None:
    """The folder of the package that a file belongs to. A folder, or a file that is a whole package, is returned as is.

    A file belongs to its folder if the folder is called `wit` or has dependencies, if the file does not name a package,
    or if it is the only one of several that does. A file below `deps/` belongs to the package that vendors it. None for
    a file about dependencies if there is no package beside it or in `wit`.
    """
    if path.is_dir() or not path.exists():
        return path
    if (vendors := vendoring(path)) is not None:
        return vendors
    folder = path.parent
    if path.name in BESIDE_A_PACKAGE:
        return next((f for f in (folder, folder / "wit") if any(f.glob("*.wit"))), None)
    if path.suffix != ".wit":
        return path
    if folder.absolute().name == "wit" or any((folder / name).exists() for name in BESIDE_A_PACKAGE):
        return folder
    return path if _names_a_package(path) and not _names_it_for_others(path) else folder


def _names_it_for_others(path: Path) -> bool:
    others = [other for other in path.parent.glob("*.wit") if other != path]
    return bool(others) and not any(_names_a_package(other) for other in others)


def is_vendored(file: str, package: Path) -> bool:
    """Whether a file is in the `deps` folder of a package, and so maintained by others."""
    return package / "deps" in Path(file).parents


def vendoring(path: Path) -> Path | None:
    """The package whose `deps` folder has the file; the outermost one if dependencies vendor their own."""
    for parent in reversed(path.parents):
        if parent.name == "deps" and any(parent.parent.glob("*.wit")):
            return parent.parent
    return None


def _names_a_package(path: Path) -> bool:
    from witkit.syntax import read
    from witkit.syntax.nodes import NestedPackage
    from witkit.text import Source

    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else None
    except (OSError, UnicodeDecodeError):
        text = None
    if text is None:
        # Loading it reports what is wrong.
        return True
    if _HEADER.match(text):
        return True
    parsed = read(Source(str(path), text))
    file = parsed.file
    has_header = file.package is not None or file.lost_header is not None
    if has_header or not parsed.diagnostics:
        return has_header
    # The header itself may be wrong, or be mistaken for that of a nested package.
    return not file.items or any(isinstance(item, NestedPackage) for item in file.items)


def _identity(path: Path) -> Path:
    """The same value for all names of a path. Loading reports a loop of links."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()
