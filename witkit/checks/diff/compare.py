"""Compare two versions of a package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from witkit._collector import paused
from witkit.checks.diff.changes import Around, Change, Changes
from witkit.checks.diff.hints import with_hints
from witkit.checks.diff.interfaces import compare_interface
from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.match import Match, Pair, match, paired
from witkit.checks.diff.verdict import TODAY, Bump, Direction, Row, rules
from witkit.checks.diff.versions import promised
from witkit.checks.diff.worlds import compare_world
from witkit.ir import Loaded
from witkit.ir.model import Element, Interface, Package, PackageName
from witkit.text import Diagnostic, Related, Span, WitkitError, error

NOTHING_COMPARED = "WIT0941"


@dataclass(frozen=True, slots=True)
class Promise:
    """What the versions of one package say about its changes.

    `required` is the bump that the changes need, and `made` is that of the version: None if the new version is lower.
    """

    old: PackageName
    new: PackageName
    place: Span | None
    required: Bump
    made: Bump | None

    @property
    def is_kept(self) -> bool:
        """Whether the version says at least as much as the changes require."""
        return self.made is not None and (self.required < Bump.MINOR or self.made >= self.required)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What has changed between two versions of a package, in the order of the text.

    `items` is how many items were compared: packages, interfaces, worlds and what is in them. It is never 0.
    """

    changes: tuple[Change, ...]
    promises: tuple[Promise, ...]
    items: int
    _run: Changes = field(repr=False)

    @property
    def bump(self) -> Bump:
        """The bump that all changes together require."""
        return max((change.bump for change in self.changes), default=Bump.NONE)

    @property
    def is_breaking(self) -> bool:
        return self.bump is Bump.MAJOR

    @property
    def is_promised(self) -> bool:
        """Whether the versions say what has changed."""
        return all(promise.is_kept for promise in self.promises)

    @property
    def old(self) -> Loaded:
        """The side that was there before."""
        return self._run.match.old.loaded

    @property
    def new(self) -> Loaded:
        """The side that is compared with the old one."""
        return self._run.match.new.loaded

    @property
    def shown(self) -> str:
        """The file of the new side, for what has no place."""
        return self._run.match.new.shown

    def is_new(self, element: Element | Package) -> bool:
        """Whether an element of the new package was not in the old one."""
        return element in self._run.is_new

    def was(self, element: Element | Package) -> Element | Package | None:
        """What an element of the new package was in the old one; None if it is new, or was not compared."""
        return self._run.counterparts.get(element)

    def changes_of(self, element: Element) -> tuple[Change, ...]:
        """The changes at the place of an element of the new package: of its name, not of what is in it."""
        return tuple(change for change in self.changes if change.in_new and change.new == element.span)


def diff(old: Loaded, new: Loaded, *, component_model: str = TODAY) -> Comparison:
    """Compare two versions of a package, or two components: what has changed, and whom it breaks.

    Items are compared as the features leave them that both were loaded with: without any, what is `@unstable` does
    not count, and an item that becomes stable is new. Of dependencies, only what breaks is a change. The rules are
    those of a release of the component model, by default today's.

    Raises WitkitError if either side has errors, if they have no package or no item in common (WIT0941), and for a
    release that witkit does not know (WIT0942).
    """
    with paused():
        return _compare(match(old, new), rules(component_model))


def _compare(found: Match, table: Mapping[Kind, Row]) -> Comparison:
    pairs = [pair for pair in found.packages if pair.old and pair.new]
    if not pairs:
        raise WitkitError([_nothing_in_common(found)])
    changes = Changes(found, table)
    counts = [len(changes.found)]
    for pair in found.packages:
        _compare_package(changes, pair)
        counts.append(len(changes.found))
    _compare_dependencies(changes)
    if changes.items == 0:
        raise WitkitError([_nothing_compared(pairs[0])])
    promises = _promises(changes.found, found, counts)
    return Comparison(tuple(with_hints(found, changes.found)), tuple(promises), changes.items, changes)


def _compare_package(changes: Changes, pair: Pair[Package]) -> None:
    old, new = pair.old, pair.new
    package = new or old
    assert package is not None
    name = f"{package.name.namespace}:{package.name.name}"
    at = Around(name, name, _first(old, changes.match.old.main), _first(new, changes.match.new.main))
    at = replace(at, in_old=old is not None, in_new=new is not None)
    if old is None or new is None:
        changes.items += 1
        kind, how = (Kind.PACKAGE_ADDED, "new") if old is None else (Kind.PACKAGE_REMOVED, "gone")
        changes.add(kind, at, f"package `{name}` is {how}")
        return
    if (old.docs or "") != (new.docs or ""):
        changes.add(Kind.DOCUMENTATION_CHANGED, at, f"the documentation of package `{name}` has changed")
    for _, interfaces in paired(old.interfaces, new.interfaces):
        compare_interface(changes, _around_interface(changes.match, at, interfaces), interfaces)
    for key, worlds in paired(old.worlds, new.worlds):
        compare_world(changes, at.inside(key, worlds.old, worlds.new, "/"), worlds)


def _first(package: Package | None, main: Sequence[Package]) -> Span | None:
    """The place of a package, or that of the first one if it is absent."""
    return (package or main[0]).span


def _around_interface(match: Match, at: Around, pair: Pair[Interface]) -> Around:
    """The place of an interface. The worlds of the old side say who imports and exports it, if they have it."""
    directions: set[Direction] = set()
    for interface, of in ((pair.old, match.old), (pair.new, match.new)):
        if interface is not None:
            directions = directions or of.directions.get(interface, set())
    return replace(at.inside(_name(pair), pair.old, pair.new, "/"), directions=tuple(sorted(directions)))


def _name(pair: Pair[Interface]) -> str:
    interface = pair.new or pair.old
    assert interface is not None
    assert interface.name is not None
    return interface.name


def _compare_dependencies(changes: Changes) -> None:
    """Compare the interfaces of dependencies that both sides need. Those of a component are its own."""
    of_components = changes.match.old.is_component and changes.match.new.is_component
    updated: set[Package] = set()
    for pair in changes.match.interfaces:
        if pair.old and pair.new and pair.old.package not in changes.match.old.main:
            old, new = pair.old.package, pair.new.package
            package = changes.match.new.keys.of[new]
            at = Around(package, package, old.span, new.span)
            around = _around_interface(changes.match, at, pair)
            if old.name != new.name and new not in updated:
                updated.add(new)
                message = f"dependency `{old.name}` has version {new.name.version}"
                changes.add(Kind.DEPENDENCY_UPDATED, at, message)
            compare_interface(changes, replace(around, is_dependency=not of_components), pair)


def _promises(found: Sequence[Change], match: Match, counts: Sequence[int]) -> Iterator[Promise]:
    """The promise of each package that both sides have. That of the first one is also about dependencies."""
    for number, pair in enumerate(match.packages):
        if pair.old and pair.new:
            own = [*found[counts[number] : counts[number + 1]], *(found[counts[-1] :] if number == 0 else ())]
            required = max((change.bump for change in own), default=Bump.NONE)
            names = pair.old.name, pair.new.name
            yield Promise(*names, pair.new.span, required, promised(names[0].version, names[1].version))


def _nothing_in_common(match: Match) -> Diagnostic:
    old, new = match.old.main[0], match.new.main[0]
    message = f"`{old.name}` and `{new.name}` are different packages: nothing was compared"
    related = [Related(old.span, "the old package")] if old.span else []
    help = "compare two versions of one package, or two components"
    return error(NOTHING_COMPARED, message, new.span, related=related, help=help, file=match.new.shown)


def _nothing_compared(pair: Pair[Package]) -> Diagnostic:
    assert pair.new is not None
    message = f"`{pair.new.name}` is empty on both sides: nothing was compared"
    help = "if everything in it is `@unstable`, name the features, or use --all-features"
    return error(NOTHING_COMPARED, message, pair.new.span, help=help)
