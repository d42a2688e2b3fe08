"""Changes of worlds: what they import and export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from witkit.checks.diff.changes import Around, Changes
from witkit.checks.diff.definitions import compare_type
from witkit.checks.diff.documents import compare_documents
from witkit.checks.diff.functions import compare_function
from witkit.checks.diff.interfaces import compare_members
from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.match import Match, Pair, Side, paired, without_track
from witkit.checks.diff.verdict import Direction
from witkit.ir.model import Function, TypeDef, World, WorldInterface, WorldItem, WorldKey

Items: TypeAlias = dict[WorldKey, WorldItem]


def compare_world(changes: Changes, at: Around, pair: Pair[World]) -> None:
    """Compare a world that one or both sides have; `at` is its place."""
    changes.compared(pair.old, pair.new)
    if pair.old is None:
        changes.add(Kind.WORLD_ADDED, at, f"world `{at.name}` is new")
        return
    if pair.new is None:
        changes.add(Kind.WORLD_REMOVED, at, f"world `{at.name}` is gone")
        return
    compare_documents(changes, at, pair.old, pair.new)
    for words in (_IMPORTS, _EXPORTS):
        within = replace(at, directions=(words.direction,))
        before, after = (getattr(world, words.items) for world in (pair.old, pair.new))
        for name, items in _paired(changes.match, before, after):
            _compare_item(changes, within, name, items, words)


def _paired(match: Match, old: Items, new: Items) -> Iterator[tuple[str, Pair[WorldItem]]]:
    """The items of both worlds. An interface that comes in another version, with another name, is one item."""
    before = {match.old.key(key): item for key, item in old.items()}
    after = {match.new.key(key): item for key, item in new.items()}
    pairs = dict(paired(before, after))
    gone = {without_track(name): name for name, pair in pairs.items() if pair.new is None}
    for name, pair in list(pairs.items()):
        if pair.old is None and "/" in name and (other := gone.pop(without_track(name), None)) is not None:
            pairs[name] = Pair(before[other], after[name])
            del pairs[other]
    yield from pairs.items()


def _compare_item(changes: Changes, around: Around, name: str, pair: Pair[WorldItem], words: _Words) -> None:
    old, new = pair.old, pair.new
    match old, new:
        case (TypeDef() | None, TypeDef() | None):
            compare_type(changes, around, Pair(old, new))
            return
        case Function(), Function():
            compare_function(changes, around, Pair(old, new))
            return
    changes.compared(old, new)
    at = around.inside(name.rpartition("/")[2], old, new)
    if old is not None and new is not None:
        _compare_both(changes, at, name, old, new, words)
    elif new is not None:
        message = f"world `{around.name}` also {words.verb} {_what(name, new)}"
        changes.add(words.added, at, message, is_used=_is_used(new, changes.match.new))
    elif old is not None:
        message = f"world `{around.name}` no longer {words.verb} {_what(name, old)}"
        changes.add(words.removed, at, message, is_used=_is_used(old, changes.match.old))


def _is_used(item: WorldItem, side: Side) -> bool:
    """Whether guests need an import: an interface of types that no function has is not in their binaries."""
    if not isinstance(item, WorldInterface) or item.interface.functions:
        return True
    return not side.used.isdisjoint(item.interface.types.values())


def _compare_both(changes: Changes, at: Around, name: str, old: WorldItem, new: WorldItem, words: _Words) -> None:
    if not isinstance(old, WorldInterface) or not isinstance(new, WorldInterface):
        changes.add(words.changed, at, f"`{name}` was {_what(name, old)} and is {_what(name, new)}")
        return
    match = changes.match
    if old.interface.name is None or new.interface.name is None:
        if old.interface.name == new.interface.name:
            compare_members(changes, at, old.interface, new.interface)
        else:
            changes.add(words.changed, at, f"`{name}` was {_what(name, old)} and is {_what(name, new)}")
    elif match.old.key(old.interface) != match.new.key(new.interface):
        message = f"instead of {_what(name, old)}, {words.verb[:-1]}ed is {_what(name, new)}"
        changes.add(words.changed, at, message)
    if old.span and new.span:
        compare_documents(changes, at, old, new)


def _what(name: str, item: WorldItem) -> str:
    """An import or export for a message."""
    if isinstance(item, WorldInterface):
        return f"`{item.qualified_name}`" if item.qualified_name else f"interface `{name}`"
    return f"{'function' if isinstance(item, Function) else 'type'} `{name}`"


@dataclass(frozen=True, slots=True)
class _Words:
    """How changes of imports, or those of exports, are called."""

    direction: Direction
    items: str
    verb: str
    added: Kind
    removed: Kind
    changed: Kind


_IMPORTS: Final = _Words("import", "imports", "imports", Kind.IMPORT_ADDED, Kind.IMPORT_REMOVED, Kind.IMPORT_CHANGED)
_EXPORTS: Final = _Words("export", "exports", "exports", Kind.EXPORT_ADDED, Kind.EXPORT_REMOVED, Kind.EXPORT_CHANGED)
