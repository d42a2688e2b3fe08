"""Which package of one side is which of the other: that of the same full name, or else one that is compatible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from witkit._semver import Order, version_key
from witkit.abi.versions import track
from witkit.ir.model import Package, Resolve


@dataclass(slots=True, eq=False)
class Keys:
    """The keys of the packages of both sides: equal for those that are one package on both sides, else different.

    Those that are compared have `ns:name`, and dependencies `ns:name@track`. If a side has several such packages, the
    others have their full names.
    """

    of: dict[Package, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, old: Sequence[Package], new: Sequence[Package], short: Callable[[Package], str]) -> None:
        """Give keys to packages of both sides, if possible those that `short` gives."""
        for pair in _pairs(old, new, short):
            # What is a dependency on one side can be compared on the other.
            names = [short(pair[-1]), *(str(package.name) for package in reversed(pair)), f"dependency {pair[-1].name}"]
            key = next(name for name in names if name not in self.taken)
            self.taken.add(key)
            self.of.update(dict.fromkeys(pair, key))


def keys(old: Resolve, new: Resolve) -> Keys:
    """The keys of all packages of two sides."""
    found = Keys()
    found.add(old.main, new.main, base)
    before, after = ([package for package in each.packages if package not in each.main] for each in (old, new))
    found.add(before, after, _with_track)
    return found


def base(package: Package) -> str:
    """The name of a package without its version."""
    return f"{package.name.namespace}:{package.name.name}"


def _with_track(package: Package) -> str:
    version = package.name.version
    return base(package) if version is None else f"{base(package)}@{track(version)}"


def _pairs(
    old: Iterable[Package], new: Iterable[Package], short: Callable[[Package], str]
) -> Iterator[tuple[Package, ...]]:
    """The packages of both sides, each alone or with its counterpart: higher versions choose first."""
    left = {str(package.name): package for package in sorted(old, key=_order, reverse=True)}
    waiting = []
    for package in sorted(new, key=_order, reverse=True):
        same = left.pop(str(package.name), None)
        if same is None:
            waiting.append(package)
        else:
            yield same, package
    for package in waiting:
        other = next((each for each in left.values() if short(each) == short(package)), None)
        if other is None:
            yield (package,)
        else:
            yield left.pop(str(other.name)), package
    yield from ((package,) for package in left.values())


def _order(package: Package) -> Order:
    return version_key(package.name.version or "0.0.0")
