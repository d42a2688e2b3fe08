"""Changes of types: where they are defined, and what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from witkit.checks.diff.changes import Around, Changes, names
from witkit.checks.diff.documents import compare_documents
from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.match import Pair, paired
from witkit.checks.diff.types import Likeness, likeness, likeness_of_definitions
from witkit.ir import model
from witkit.ir.model import Case, Enum, Field, Flags, Record, Resource, TypeDef, Variant, World, unalias
from witkit.ir.resolve.elaborate import used_interface
from witkit.ir.show.types import structure_text, type_text


def compare_type(changes: Changes, around: Around, pair: Pair[TypeDef]) -> None:
    """Compare a type that one or both sides have under one name."""
    old, new = pair.old, pair.new
    type_ = new or old
    assert type_ is not None
    changes.compared(old, new)
    at = around.inside(type_.name or "", old, new)
    if old is None:
        is_used = type_ in changes.match.new.used or isinstance(type_.owner, World)
        message = f"{_what(type_)} `{at.name}` is new in `{around.name}`"
        changes.add(_kind(type_, _ADDED), at, message, is_used=is_used)
    elif new is None:
        is_used = old in changes.match.old.used or isinstance(old.owner, World)
        message = f"{_what(type_)} `{at.name}` is gone from `{around.name}`"
        changes.add(_kind(type_, _REMOVED), at, message, is_used=is_used)
    else:
        _Both(changes, at, old, new).compare()
        compare_documents(changes, at, old, new)


_ADDED: Final = (Kind.USE_ADDED, Kind.RESOURCE_ADDED, Kind.TYPE_ADDED)
_REMOVED: Final = (Kind.USE_REMOVED, Kind.RESOURCE_REMOVED, Kind.TYPE_REMOVED)


def _kind(type_: TypeDef, kinds: tuple[Kind, Kind, Kind]) -> Kind:
    if used_interface(type_) is not None:
        return kinds[0]
    return kinds[1] if isinstance(type_.kind, Resource) else kinds[2]


@dataclass(frozen=True, slots=True, eq=False)
class _Both:
    """A type of one name on both sides."""

    changes: Changes
    at: Around
    old: TypeDef
    new: TypeDef

    def compare(self) -> None:
        before, after = used_interface(self.old), used_interface(self.new)
        if before is not None and after is not None:
            self._compare_uses()
        elif after is not None:
            self._compare_moved(after)
        elif before is not None:
            message = f"{_what(self.new)} `{self.at.name}` was that of `{_name(before)}` and is defined here"
            is_resource = isinstance(self.new.kind, Resource)
            self._add(Kind.RESOURCE_BROUGHT_HOME if is_resource else Kind.TYPE_BROUGHT_HOME, message)
        else:
            self._compare_definitions()

    def _add(self, kind: Kind, message: str) -> None:
        self.changes.add(kind, self.at, message, is_used=self._is_used)

    @property
    def _is_used(self) -> bool:
        """Whether a function has it. The types of a world are all in the binaries of guests."""
        used = self.changes.match.old.used, self.changes.match.new.used
        return self.old in used[0] or self.new in used[1] or isinstance(self.new.owner, World)

    def _compare_uses(self) -> None:
        """Both sides `use` the type."""
        old, new = self._target(self.old), self._target(self.new)
        if self.changes.match.is_same(old, new):
            return
        self._add(Kind.USE_CHANGED, f"`{self.at.name}` was `{_path(old)}` and is `{_path(new)}`")

    @staticmethod
    def _target(type_: TypeDef) -> TypeDef:
        assert isinstance(type_.kind, model.Alias)
        assert isinstance(type_.kind.type, TypeDef)
        return type_.kind.type

    def _compare_moved(self, origin: model.Interface) -> None:
        """The old side defines the type, the new one `use`s it."""
        message = f"{_what(self.old)} `{self.at.name}` is defined in `{_name(origin)}` now"
        if isinstance(self.old.kind, Resource) and isinstance(getattr(unalias(self.new), "kind", None), Resource):
            self._add(Kind.RESOURCE_MOVED, message)
        elif likeness_of_definitions(self.changes.match, self.old, self.new) is Likeness.DIFFERENT:
            self._add(Kind.TYPE_CHANGED, f"{message}, and differs")
        else:
            self._add(Kind.TYPE_MOVED, message)

    def _compare_definitions(self) -> None:
        match self.old.kind, self.new.kind:
            case Record(old), Record(new):
                self._compare_parts(old, new, _FIELDS)
            case (Variant(old), Variant(new)) | (Enum(old), Enum(new)):
                self._compare_parts(old, new, _CASES)
            case Flags(old), Flags(new):
                self._compare_parts(old, new, _FLAGS)
            case Resource(), Resource():
                pass
            case _:
                self._compare_others()

    def _compare_others(self) -> None:
        like = likeness_of_definitions(self.changes.match, self.old, self.new)
        if like is not Likeness.EQUAL:
            kind = Kind.TYPE_CHANGED if like is Likeness.DIFFERENT else Kind.TYPE_NAME_CHANGED
            self._add(kind, f"`{self.at.name}` was {_definition(self.old)} and is {_definition(self.new)}")

    def _compare_parts(self, old: Sequence[Field | Case], new: Sequence[Field | Case], words: _Words) -> None:
        before, after = {part.name: part for part in old}, {part.name: part for part in new}
        for name, pair in paired(before, after):
            self.changes.compared(pair.old, pair.new)
            at = self.at.inside(name, pair.old, pair.new)
            if pair.old is None:
                message = f"{words.part} `{name}` is new in `{self.at.name}`"
                self.changes.add(words.added, at, message, is_used=self._is_used)
            elif pair.new is None:
                message = f"{words.part} `{name}` is gone from `{self.at.name}`"
                self.changes.add(words.removed, at, message, is_used=self._is_used)
            else:
                self._compare_part(at, pair.old, pair.new, words)
        kept_before, kept_after = [n for n in before if n in after], [n for n in after if n in before]
        if kept_before != kept_after:
            message = f"the {words.part}s of `{self.at.name}` are in another order: {names(kept_after)}"
            self._add(words.reordered, message)

    def _compare_part(self, at: Around, old: Field | Case, new: Field | Case, words: _Words) -> None:
        like = likeness(self.changes.match, old.type, new.type)
        if like is not Likeness.EQUAL:
            kind = words.type_changed if like is Likeness.DIFFERENT else Kind.TYPE_NAME_CHANGED
            texts = ["nothing" if t is None else f"`{type_text(t)}`" for t in (old.type, new.type)]
            message = f"{words.part} `{at.name}` of `{self.at.name}` was {texts[0]} and is {texts[1]}"
            self.changes.add(kind, at, message, is_used=self._is_used)
        compare_documents(self.changes, at, old, new)


@dataclass(frozen=True, slots=True)
class _Words:
    """What changes of the parts of a type are called."""

    part: str
    added: Kind
    removed: Kind
    reordered: Kind
    type_changed: Kind


_FIELDS: Final = _Words("field", Kind.FIELD_ADDED, Kind.FIELD_REMOVED, Kind.FIELDS_REORDERED, Kind.FIELD_TYPE_CHANGED)
_CASES: Final = _Words("case", Kind.CASE_ADDED, Kind.CASE_REMOVED, Kind.CASES_REORDERED, Kind.PAYLOAD_CHANGED)
_FLAGS: Final = _Words("flag", Kind.CASE_ADDED, Kind.CASE_REMOVED, Kind.CASES_REORDERED, Kind.PAYLOAD_CHANGED)


def _what(type_: TypeDef) -> str:
    """What a type is called: `record`, `resource`, …"""
    kind = type_.kind
    return type(kind).__name__.lower() if isinstance(kind, Record | Variant | Enum | Flags | Resource) else "type"


def _definition(type_: TypeDef) -> str:
    what = _what(type_)
    if what != "type":
        return _WITH_ARTICLE[what]
    return f"`{structure_text(type_)}`"


_WITH_ARTICLE: Final = {
    "record": "a record",
    "variant": "a variant",
    "enum": "an enum",
    "flags": "flags",
    "resource": "a resource",
}


def _name(interface: model.Interface) -> str:
    return interface.qualified_name or "an inline interface"


def _path(type_: TypeDef) -> str:
    assert isinstance(type_.owner, model.Interface)
    return f"{_name(type_.owner)}.{type_.name}"
