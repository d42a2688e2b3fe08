"""Guesses at why something came or went: a renaming, or a gate that has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from witkit.checks.diff.changes import Change
from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.match import Match
from witkit.ir import Loaded
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.syntax.walk import walk
from witkit.text import Span, closest

_RENAMED: Final = {
    Kind.FUNCTION_REMOVED: Kind.FUNCTION_ADDED,
    Kind.TYPE_REMOVED: Kind.TYPE_ADDED,
    Kind.RESOURCE_REMOVED: Kind.RESOURCE_ADDED,
    Kind.FIELD_REMOVED: Kind.FIELD_ADDED,
    Kind.CASE_REMOVED: Kind.CASE_ADDED,
    Kind.INTERFACE_REMOVED: Kind.INTERFACE_ADDED,
    Kind.WORLD_REMOVED: Kind.WORLD_ADDED,
}
_MOST: Final = 20
"""The most names of one interface that are compared with as many others: more could take long."""


def with_hints(match: Match, changes: Sequence[Change]) -> list[Change]:
    """The changes, with hints for what came and went."""
    gates = OmittedItems(match)
    changes = [gates.explained(change) for change in changes]
    added: dict[tuple[Kind, str], list[str]] = {}
    for change in changes:
        if not change.hint and change.kind in _RENAMED.values():
            added.setdefault((change.kind, _parent(change)), []).append(_name(change))
    tried: dict[str, int] = {}
    return [_renamed(change, added, tried) for change in changes]


def _renamed(change: Change, added: dict[tuple[Kind, str], list[str]], tried: dict[str, int]) -> Change:
    """The change, with a name that may be the new one if something is gone."""
    others = added.get((_RENAMED[change.kind], _parent(change)), []) if change.kind in _RENAMED else []
    if not others or change.hint or tried.get(_parent(change), 0) == _MOST:
        return change
    tried[_parent(change)] = tried.get(_parent(change), 0) + 1
    near = closest(_name(change), others[:_MOST])
    return replace(change, hint=f"was it renamed to `{near}`?") if near else change


def _parent(change: Change) -> str:
    return change.item.rpartition(".")[0]


def _name(change: Change) -> str:
    return change.item.rpartition(".")[2]


@dataclass(eq=False)
class OmittedItems:
    """What the features of both sides leave out of the texts of their own packages."""

    match: Match

    def explained(self, change: Change) -> Change:
        """The change, with the place of what was or is behind a gate if it came or went with that."""
        path = change.item.partition("/")[2]
        if not change.in_old and (span := self._old.get(path)) is not None:
            return replace(change, old=span, in_old=True, hint="it was `@unstable`, so nobody could rely on it")
        if not change.in_new and (span := self._new.get(path)) is not None:
            return replace(change, new=span, hint="it is `@unstable` now")
        return change

    @cached_property
    def _old(self) -> dict[str, Span]:
        return left_out(self.match.old.loaded)

    @cached_property
    def _new(self) -> dict[str, Span]:
        return left_out(self.match.new.loaded)


def left_out(loaded: Loaded) -> dict[str, Span]:
    """The places of the items that a package has in its text but not in its model, by paths such as `store.get`."""
    found = {}
    for tree in loaded.trees:
        for node, above in walk(tree):
            if isinstance(node, _GATED) and (span := name_span(node)) is not None and loaded.element(node) is None:
                around = [name_span(each) for each in above if isinstance(each, _GATED)]
                names = [each.text.removeprefix("%") for each in (*around, span) if each is not None]
                found[".".join(names)] = span
    return found


_GATED: Final = (
    nodes.Interface,
    nodes.World,
    nodes.Extern,
    nodes.Function,
    nodes.Alias,
    nodes.Record,
    nodes.Variant,
    nodes.Enum,
    nodes.Flags,
    nodes.Resource,
)
