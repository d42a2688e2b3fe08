"""A change, and the place where changes are collected while two packages are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.match import Match
from witkit.checks.diff.verdict import Bump, Direction, Judgement, Row
from witkit.ir.model import Element, Package
from witkit.text import Span


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `item` is the path of what changed: `ns:pkg/store.get`, or `…/store.get(key)` for a parameter.

    `message` is one sentence without a full stop. `old` and `new` are the places in both sources. If `in_old` or
    `in_new` is false, that side lacks it, and the place is that of the nearest thing around it. Elements of binaries
    have no place. `directions` says whether guests import or export it; nothing if no world of the package does.
    `hint` is a guess at what was meant, such as a new name.
    """

    kind: Kind
    item: str
    message: str
    old: Span | None
    new: Span | None
    in_old: bool
    in_new: bool
    directions: tuple[Direction, ...]
    judgement: Judgement
    hint: str = ""

    @property
    def bump(self) -> Bump:
        """How much the version has to grow because of this change."""
        return self.judgement.bump

    @property
    def is_breaking(self) -> bool:
        return self.bump is Bump.MAJOR


@dataclass(frozen=True, slots=True)
class Around:
    """Where the comparison is: the path of what it is in, its name, its places, and who imports or exports it.

    Of a dependency, only what breaks is reported.
    """

    path: str
    name: str
    old: Span | None
    new: Span | None
    in_old: bool = True
    in_new: bool = True
    directions: tuple[Direction, ...] = ()
    is_dependency: bool = False

    def inside(self, name: str, old: Element | None, new: Element | None, separator: str = ".") -> Around:
        """The same for an item in it."""
        return replace(
            self,
            path=self.path + separator + name,
            name=name,
            old=(old and old.span) or self.old,
            new=(new and new.span) or self.new,
            in_old=old is not None,
            in_new=new is not None,
        )


@dataclass(slots=True, eq=False)
class Changes:
    """The changes found so far, and how many items were compared for that."""

    match: Match
    rules: Mapping[Kind, Row]
    found: list[Change] = field(default_factory=list)
    items: int = 0
    is_new: set[Element | Package] = field(default_factory=set)
    counterparts: dict[Element | Package, Element | Package] = field(default_factory=dict)

    def compared(self, old: Element | Package | None, new: Element | Package | None) -> None:
        """Count an item, and remember what it was before."""
        self.items += 1
        if new is not None and old is not None:
            self.counterparts[new] = old
        elif new is not None:
            self.is_new.add(new)

    def add(self, kind: Kind, at: Around, message: str, *, is_used: bool = True) -> None:
        """Report a change of what `at` is about."""
        judgement = self.rules[kind].judge(at.directions, is_used=is_used)
        if at.is_dependency and judgement.bump is not Bump.MAJOR:
            return
        places = at.old, at.new, at.in_old, at.in_new
        self.found.append(Change(kind, at.path, message, *places, at.directions, judgement))


def names(parts: Iterable[str]) -> str:
    """Names for a message: `a`, `b`."""
    return ", ".join(f"`{part}`" for part in parts)
