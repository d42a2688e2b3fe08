"""A folder of old WIT to files of today's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from witkit.syntax import Parsed, nodes, parse, parse_2022
from witkit.text import Diagnostic, Source, WitkitError, error
from witkit.upgrade import float_names, worlds
from witkit.upgrade.legacy import Legacy, link
from witkit.upgrade.worlds import Directions
from witkit.upgrade.write import InterfaceWriter

NOTHING_TO_READ = "WIT0140"
PACKAGE_MISSING = "WIT0932"
BAD_PACKAGE = "WIT0933"
BAD_FILE_NAME = "WIT0141"

_WORD = r"(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9a-z]+|[0-9A-Z]+))*"
_PACKAGE = re.compile(rf"{_WORD}:{_WORD}(@\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)?")


@dataclass(frozen=True, slots=True)
class UpgradedFile:
    """A file to write, by its path inside the output folder."""

    path: PurePosixPath
    text: str


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The new files, and what was decided or could not be said; with an error there are no files."""

    files: tuple[UpgradedFile, ...]
    diagnostics: tuple[Diagnostic, ...]


def package_name(text: str) -> str:
    """A package's name as the command line gives it. Raises WitkitError where it is none."""
    if _PACKAGE.fullmatch(text):
        return text
    raise WitkitError([error(BAD_PACKAGE, f"`{text}` is no package name", help="write it as `ns:name@1.2.3`")])


def upgrade(folder: Path, *, package: str | None = None, given: Directions | None = None) -> Upgraded:
    """Rewrite the WIT files of `folder` as today's.

    Files of the dialect of 2022 become one interface each in the package `package`, which has to be given,
    with a world for either direction. Files of today's dialect, `deps/` included, keep everything but the
    old names of the float types. Raises WitkitError where there is nothing to read, or for wrong options.
    """
    paths = _paths(folder)
    sources = {path: _source(path) for path in paths}
    if any(_is_of_2022(source) for path, source in sources.items() if path.parent == folder):
        return _upgrade_2022({p: s for p, s in sources.items() if p.parent == folder}, package, given or Directions())
    return _upgrade_today(folder, sources)


def _paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise WitkitError([error(NOTHING_TO_READ, "there is no such folder", file=str(folder))])
    found = [p for pattern in ("*.wit", "*.wit.md") for p in sorted(folder.rglob(pattern)) if p.is_file()]
    if not found:
        raise WitkitError([error(NOTHING_TO_READ, "the folder has no `.wit` files", file=str(folder))])
    return found


def _source(path: Path) -> Source:
    try:
        return Source(str(path), path.read_bytes().decode())
    except UnicodeDecodeError as e:
        raise WitkitError([error(NOTHING_TO_READ, f"this is not UTF-8: {e.reason}", file=str(path))]) from None
    except OSError as e:
        raise WitkitError([error(NOTHING_TO_READ, f"cannot be read: {e.strerror}", file=str(path))]) from None


def _is_of_2022(source: Source) -> bool:
    """Whether the file is rather WIT of 2022 than today's; an empty file is of any time."""
    if source.name.endswith(".md"):
        return True
    today = parse(source)
    if not today.diagnostics:
        return False
    nothing_of_today = today.file.package is None and not today.file.items
    return nothing_of_today or not parse_2022(source, "any").diagnostics


# ---- the dialect of 2022 ------------------------------------------------------------------------


def _upgrade_2022(sources: dict[Path, Source], package: str | None, given: Directions) -> Upgraded:
    if package is None:
        message = "these files are WIT of 2022, which has no packages"
        raise WitkitError([error(PACKAGE_MISSING, message, help="name the package: `--package ns:name@0.1.0`")])
    files: dict[str, Legacy] = {}
    found: list[Diagnostic] = []
    for path, source in sources.items():
        name = _interface_name(path)
        parsed = parse_2022(source, name)
        found += parsed.diagnostics
        files[name] = _legacy(name, parsed)
    found += link(files)
    imports, exports, notes = worlds.directions(files.values(), given)
    written = [_write(each, files, package, found) for each in files.values()]
    found += notes
    names = _world_names(package, set(files))
    text = worlds.write_worlds(package, imports, exports, names)
    stem = "worlds" if "worlds" not in files else "package-worlds"
    return _finish([*written, UpgradedFile(PurePosixPath(f"{stem}.wit"), text)], found)


def _legacy(name: str, parsed: Parsed) -> Legacy:
    (interface,) = parsed.file.items
    assert isinstance(interface, nodes.Interface)
    return Legacy(name, parsed.file, interface.items)


def _write(each: Legacy, files: dict[str, Legacy], package: str, found: list[Diagnostic]) -> UpgradedFile:
    writer = InterfaceWriter(each, files)
    text = writer.write(package)
    found += writer.diagnostics
    return UpgradedFile(PurePosixPath(f"{each.name}.wit"), text)


def _interface_name(path: Path) -> str:
    """The name of the interface that a file is. Raises WitkitError where the file's name is none."""
    stem = path.name.removesuffix(".md").removesuffix(".wit")
    name = stem.replace("_", "-").lower()
    if not re.fullmatch(_WORD, name):
        message = f"the file's name is the interface's in WIT of 2022, and `{stem}` cannot be one"
        raise WitkitError([error(BAD_FILE_NAME, message, file=str(path), help="rename the file: `some-name.wit`")])
    return name


def _world_names(package: str, taken: set[str]) -> tuple[str, str]:
    short = package.partition(":")[2].partition("@")[0]
    return worlds.world_name("imports", short, taken), worlds.world_name("exports", short, taken)


# ---- today's dialect ----------------------------------------------------------------------------


def _upgrade_today(folder: Path, sources: dict[Path, Source]) -> Upgraded:
    files: list[UpgradedFile] = []
    found: list[Diagnostic] = []
    for path, source in sources.items():
        parsed = parse(source)
        found += parsed.diagnostics
        text = float_names.with_new_names(parsed.file)
        files.append(UpgradedFile(PurePosixPath(path.relative_to(folder).as_posix()), text))
    return _finish(files, found)


def _finish(files: Iterable[UpgradedFile], found: list[Diagnostic]) -> Upgraded:
    failed = any(d.is_error for d in found)
    return Upgraded(() if failed else tuple(files), tuple(found))
