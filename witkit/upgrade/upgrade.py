"""A folder of old WIT to files of today's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from witkit import ir
from witkit.ir import NONE, Features, load_trees
from witkit.syntax import Parsed, nodes, parse, parse_2022
from witkit.syntax.formatter.formatting import format_text
from witkit.text import Diagnostic, Source, WitkitError, error
from witkit.text.files import read_file
from witkit.upgrade import float_names, worlds
from witkit.upgrade.legacy import Legacy, link
from witkit.upgrade.rewriting import Rewriting
from witkit.upgrade.trees import TreeMaker
from witkit.upgrade.types import note
from witkit.upgrade.worlds import Directions

NOTHING_TO_READ = "WIT0140"
PACKAGE_MISSING = "WIT0932"
BAD_PACKAGE = "WIT0933"
BAD_FILE_NAME = "WIT0141"
NO_EFFECT = "WIT0144"

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
    """A package's name as the command line gives it. Raises WitkitError if it is invalid."""
    if _PACKAGE.fullmatch(text):
        return text
    raise WitkitError([error(BAD_PACKAGE, f"`{text}` is not a package name", help="write it as `ns:name@1.2.3`")])


def upgrade(folder: Path, *, package: str | None = None, given: Directions | None = None) -> Upgraded:
    """Rewrite the WIT files of `folder` as today's.

    Files of the dialect of 2022 become one interface each in the package `package`, which has to be given,
    with a world for either direction. Files of today's dialect, `deps/` included, keep everything but the
    old names of the float types; a note reports each option that has no effect on them. Raises WitkitError if
    there is nothing to read, or for wrong options.
    """
    sources = {path: _source(path) for path in _paths(folder)}
    old = _of_2022(folder, sources)
    if old:
        return _upgrade_2022(folder, _linked(old, package, given or Directions()))
    return _upgrade_today(folder, sources, package, given or Directions())


def load(
    folder: Path, *, package: str | None = None, given: Directions | None = None, features: Features = NONE
) -> ir.Loaded:
    """Resolve a folder of either dialect: one of 2022 directly, without rewriting it, as `package`.

    The result is that of loading what `upgrade` writes, with every place in the old files. The diagnostics begin
    with what had to be decided. Raises WitkitError as `upgrade` does; for a folder of today's dialect this is
    `witkit.ir.load.loading`, with a note for each option that has no effect on it.
    """
    given = given or Directions()
    sources = {path: _source(path) for path in _paths(folder)}
    old = _of_2022(folder, sources)
    if not old:
        loaded = ir.load(folder, features=features)
        own = _headers(folder, {path: parse(source) for path, source in sources.items()})
        return replace(loaded, diagnostics=(*_without_effect(own, package, given), *loaded.diagnostics))
    linked = _linked(old, package, given)
    upgraded = _upgrade_2022(folder, linked)
    files = tuple(source.name for source in old.values())
    if not upgraded.files:
        return ir.Loaded(None, None, upgraded.diagnostics, files)
    loaded = load_trees(str(folder), _trees(linked), features=features)
    return replace(loaded, diagnostics=(*upgraded.diagnostics, *loaded.diagnostics), files=files, folders=())


def _of_2022(folder: Path, sources: dict[Path, Source]) -> dict[Path, Source]:
    """The files of the folder itself, if any is of 2022; its sub-folders had no meaning then."""
    own = {path: source for path, source in sources.items() if path.parent == folder}
    return own if any(map(_is_of_2022, own.values())) else {}


def _paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        message, help = "there is no such folder", "check the path for a typing mistake"
        if folder.exists():
            message, help = "this is a file, not a folder", "name its folder: its files are one package"
        raise WitkitError([error(NOTHING_TO_READ, message, file=str(folder), help=help)])
    found = [p for pattern in ("*.wit", "*.wit.md") for p in sorted(folder.rglob(pattern)) if not p.is_dir()]
    if not found:
        help = "name the folder that has them"
        raise WitkitError([error(NOTHING_TO_READ, "the folder has no `.wit` files", file=str(folder), help=help)])
    return found


def _source(path: Path) -> Source:
    found: list[Diagnostic] = []
    sources = read_file(path, str(path), found)
    if not sources:
        raise WitkitError(found)
    return sources[0]


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


@dataclass(frozen=True, slots=True)
class _Linked:
    """The files of a folder of 2022, and the worlds they get; with an error in `found` no more is known of them."""

    files: dict[str, Legacy]
    package: str
    worlds: UpgradedFile
    found: list[Diagnostic]
    notes: list[Diagnostic]


def _linked(sources: dict[Path, Source], package: str | None, given: Directions) -> _Linked:
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
    text = worlds.write_worlds(package, imports, exports, _world_names(package, set(files)))
    stem = "worlds" if "worlds" not in files else "package-worlds"
    return _Linked(files, package, UpgradedFile(PurePosixPath(f"{stem}.wit"), text), found, notes)


def _upgrade_2022(folder: Path, linked: _Linked) -> Upgraded:
    found, texts = list(linked.found), {}
    for each in linked.files.values():
        rewriting = Rewriting(each, linked.files)
        texts[f"{each.name}.wit"] = rewriting.rewrite(linked.package)
        found += rewriting.diagnostics
    texts[str(linked.worlds.path)] = linked.worlds.text
    found += linked.notes
    if not any(d.is_error for d in found):
        found += [d for d in load_trees(str(folder), _trees(linked)).diagnostics if d.is_error]
    if any(d.is_error for d in found):
        return Upgraded((), tuple(found))
    files = [UpgradedFile(PurePosixPath(path), format_text(Source(path, text))) for path, text in texts.items()]
    return Upgraded(tuple(files), tuple(found))


def _trees(linked: _Linked) -> list[Parsed]:
    """The folder as trees of today's WIT, in the order in which the new files would be read."""
    made = parse(Source(str(linked.worlds.path), linked.worlds.text))
    header = made.file.package
    assert header is not None
    trees = {str(linked.worlds.path): made}
    for each in linked.files.values():
        trees[f"{each.name}.wit"] = Parsed(TreeMaker(each, linked.files).make(header), ())
    return [trees[path] for path in sorted(trees)]


def _legacy(name: str, parsed: Parsed) -> Legacy:
    (interface,) = parsed.file.items
    assert isinstance(interface, nodes.Interface)
    return Legacy(name, parsed.file, interface.items)


def _interface_name(path: Path) -> str:
    """The name of the interface that a file is. Raises WitkitError if the file's name cannot be one."""
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


def _upgrade_today(folder: Path, sources: dict[Path, Source], package: str | None, given: Directions) -> Upgraded:
    parsed = {path: parse(source) for path, source in sources.items()}
    files = [
        UpgradedFile(PurePosixPath(path.relative_to(folder).as_posix()), float_names.with_new_names(each.file))
        for path, each in parsed.items()
    ]
    found = [diagnostic for each in parsed.values() for diagnostic in each.diagnostics]
    return _finish(files, [*found, *_without_effect(_headers(folder, parsed), package, given)])


def _headers(folder: Path, parsed: Mapping[Path, Parsed]) -> list[nodes.PackageHeader]:
    """Where the files of the folder itself name the package."""
    return [each.file.package for path, each in parsed.items() if path.parent == folder and each.file.package]


def _without_effect(own: list[nodes.PackageHeader], package: str | None, given: Directions) -> Iterator[Diagnostic]:
    """A note for each option that the user gave and that is for files of 2022 only."""
    header = own[0] if own else None
    if package is not None and header is not None and header.name.span.text != package:
        message = f"the package keeps its name: `--package {package}` is for files of 2022, which have none"
        yield note(NO_EFFECT, message, header.name.span, f"to give it another name, write `package {package};` here")
    if given.imports or given.exports:
        message = "the worlds of these files say what guests import and export"
        help = "`--import` and `--export` are for files of 2022, which have no worlds"
        yield note(NO_EFFECT, message, header.name.span if header else None, help)


def _finish(files: Iterable[UpgradedFile], found: list[Diagnostic]) -> Upgraded:
    failed = any(d.is_error for d in found)
    return Upgraded(() if failed else tuple(files), tuple(found))
