"""From a path to resolved packages and diagnostics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import Self

from witkit._collector import paused
from witkit.ir.features import NONE, Features
from witkit.ir.load.deps_toml import named_dependencies
from witkit.ir.load.files import Found, PackageFolder, find, refused_path
from witkit.ir.load.locks import check_locks
from witkit.ir.load.package_graph import dependencies, distinct, push_order, report_encoded, report_missing
from witkit.ir.load.packages import units_of, units_of_trees
from witkit.ir.load.select import select_world
from witkit.ir.model import Package, Resolve, World
from witkit.ir.places import Element, Places
from witkit.ir.report import Report
from witkit.ir.resolve.package import resolve_package
from witkit.ir.resolve.units import Unit
from witkit.ir.written import Written
from witkit.syntax import Parsed
from witkit.syntax.nodes import File, Item
from witkit.text import Diagnostic, Source, WitkitError
from witkit.text.files import ENCODED_PACKAGE
from witkit.text.values import value


@value(frozen=True, eq=False)
class Loaded:
    """What a load found. `resolve` and `package` are None if any diagnostic is an error.

    `package` is the package of the folder or file itself, and `files` are its files. `folders` has the texts of this
    package and of all dependencies, its own first. `written` has what printers need beyond `resolve`.
    """

    resolve: Resolve | None
    package: Package | None
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[str, ...] = ()
    folders: tuple[PackageFolder, ...] = field(default=(), repr=False)
    written: Written = field(default_factory=Written, repr=False)

    @property
    def is_clean(self) -> bool:
        """Whether there are no errors among the diagnostics."""
        return self.resolve is not None

    @property
    def trees(self) -> tuple[File, ...]:
        """The trees of the package's own files, in the order of `files`; none for a binary."""
        return tuple(tree for folder in self.folders if folder.is_main for tree in folder.trees)

    def node(self, element: Element) -> Item | None:
        """The node of `trees` that an element was made from; None for elements of dependencies and binaries.

        What an `include` adds leads to the node of the original. An implied import, which has no place, has no node.
        """
        return None if self._places is None else self._places.node(element)

    def element(self, node: object) -> Element | None:
        """The element that a node of `trees` became; None for other nodes, and for items whose feature is off."""
        return None if self._places is None else self._places.element(node)

    @cached_property
    def _places(self) -> Places | None:
        return None if self.resolve is None else Places(self.trees, self.resolve)

    def world(self, name: str | None = None) -> World:
        """The world called `name` (`w`, or `ns:pkg/w@version`), or the only one there is.

        Raises WitkitError with the errors of the package, or if the choice is not unique.
        """
        return select_world(self._resolved(), name)

    @property
    def worlds(self) -> tuple[World, ...]:
        """The worlds of the package itself, in the order of its text. Raises WitkitError as `raise_for_errors` does."""
        return tuple(world for package in self._resolved().main for world in package.worlds.values())

    def raise_for_errors(self) -> Self:
        """This object, if nothing that was found is an error. Raises WitkitError with all errors otherwise."""
        self._resolved()
        return self

    def _resolved(self) -> Resolve:
        if self.resolve is None:
            raise WitkitError(d for d in self.diagnostics if d.is_error)
        return self.resolve


def load(
    path: Path | str, *, features: Features = NONE, texts: Mapping[str, str] | None = None, shown: str | None = None
) -> Loaded:
    """Read the WIT package at `path`, a folder or a single file, with its dependencies.

    Follows the rules of wasm-tools: the `*.wit` files of a folder are one package, and each entry of its `deps/` is
    another one. A single file is a package without dependencies. It can also be a binary: a component, whose world is
    `root`, a core module, or an encoded package. Mistakes in WIT do not raise: they are diagnostics.

    Messages show `shown` for `path`. `texts` are read instead of the files on disk that messages show by these names.
    Raises WitkitError if `path` itself is missing or cannot be read.
    """
    with paused():
        try:
            return _load(Path(path), shown or str(path), features, texts or {})
        except OSError as e:
            raise WitkitError([refused_path(str(e.filename or path), e)]) from e


def _load(path: Path, shown: str, features: Features, texts: Mapping[str, str]) -> Loaded:
    found = find(path, shown)
    for folder in found.folders if texts else ():
        folder.sources = [Source(each.name, texts.get(each.name, each.text)) for each in folder.sources]
    report = Report()
    report.add(found.diagnostics)
    if not found.folders:
        return _load_binary(found, report)
    units: list[Unit] = []
    for folder in found.folders:
        units += units_of(folder, report)
    known = distinct(units, report)
    encoded = Resolve()
    _add_encoded(found, encoded, report)
    if path.is_dir():
        _add_named(path, shown, known, found, encoded, report)
    return _finished(units, known, found, encoded, features, report)


def _load_binary(found: Found, report: Report) -> Loaded:
    """Load a component, a core module or an encoded package, without dependencies."""
    from witkit.ir.load.encoded import read_encoded

    (file,) = found.encoded
    decoded = read_encoded(file, report)
    if decoded is None:
        return Loaded(None, None, tuple(report.diagnostics), (file.shown,))
    return Loaded(decoded.resolve, decoded.resolve.main[0], (), (file.shown,), written=decoded.written)


def load_trees(name: str, trees: Sequence[Parsed], *, features: Features = NONE) -> Loaded:
    """Resolve the files of one package that are parsed already, without dependencies on disk.

    `name` is the name of the folder in messages. The trees can come from another parser, such as that of the dialect
    of 2022: packages and findings are those of `load`, at the places in the nodes.
    """
    folder = PackageFolder(name, [parsed.file.source for parsed in trees], is_main=True)
    report = Report()
    with paused():
        units = units_of_trees(folder, trees, report)
        return _finished(units, distinct(units, report), Found([folder]), Resolve(), features, report)


def _add_encoded(found: Found, encoded: Resolve, report: Report) -> None:
    """Add the binaries that were found. Their reader is imported only if there are any."""
    if found.encoded:
        from witkit.ir.load.encoded import read_packages

        read_packages(found.encoded, encoded, report)


def _finished(
    units: list[Unit], known: dict[str, Unit], found: Found, encoded: Resolve, features: Features, report: Report
) -> Loaded:
    """Resolve the units in `known`. `units` are those that were found without `deps.toml`.

    The packages in `encoded` are resolved already, and come first.
    """
    there = {str(package.name): package for package in encoded.packages}
    report_encoded(known, there, report)
    # A missing package may be in a binary that could not be read.
    if all(d.code != ENCODED_PACKAGE for d in report.diagnostics):
        report_missing(known, there, found.looked_at, report)
    written = Written()
    resolve, packages = _resolve(push_order(known, report), encoded, features, report, written)
    own = [u for u in units if u.main and str(u.name) in packages]
    resolve.main = [packages[str(u.name)] for u in [*own[-1:], *own[:-1]]]
    diagnostics = _in_order(report.diagnostics)
    files = tuple(source.name for folder in found.folders if folder.is_main for source in folder.sources)
    folders = tuple(found.folders)
    if report.has_errors:
        return Loaded(None, None, diagnostics, files, folders)
    return Loaded(resolve, resolve.main[0], diagnostics, files, folders, written)


def _in_order(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, in the order of their first findings, and by place. Findings without a place come first."""
    files: dict[str, int] = {}
    for d in diagnostics:
        files.setdefault(d.where if d.primary else "", len(files) + 1 if d.primary else 0)
    return tuple(sorted(diagnostics, key=lambda d: (files[d.where], d.primary.start) if d.primary else (0, 0)))


def _add_named(path: Path, shown: str, known: dict[str, Unit], found: Found, encoded: Resolve, report: Report) -> None:
    """Add missing packages that `deps.toml` leads to, and check the lock files."""
    named = named_dependencies(path, shown, report)
    _add_encoded(named.found, encoded, report)
    there = {str(package.name) for package in encoded.packages}
    found.looked_at += named.found.looked_at
    candidates: dict[str, tuple[Unit, Report]] = {}
    for folder in [*named.folders, *named.found.folders]:
        own = Report()
        for unit in units_of(folder, own):
            candidates.setdefault(str(unit.name), (unit, own))
    waiting = list(known.values())
    while waiting:
        for name in dependencies(waiting.pop()):
            if name not in known and name not in there and name in candidates:
                unit, own = candidates[name]
                known[name] = unit
                waiting.append(unit)
                report.add(own.diagnostics)
                own.diagnostics = []
    used = {unit.span.source for unit in known.values()}
    found.folders += [f for f in [*named.folders, *named.found.folders] if not used.isdisjoint(f.sources)]
    everything = [*known.values(), *(unit for unit, _ in candidates.values())]
    check_locks(path, shown, everything, encoded.packages, named.entries, report)


def _resolve(
    units: list[Unit], resolve: Resolve, features: Features, report: Report, written: Written
) -> tuple[Resolve, dict[str, Package]]:
    """Resolve the units, and add them to `resolve`."""
    packages = {str(package.name): package for package in resolve.packages}
    by_name = {str(unit.name): unit for unit in units}
    for unit in units:
        packages[str(unit.name)] = resolve_package(unit, resolve, packages, by_name, features, report, written)
    return resolve, packages
