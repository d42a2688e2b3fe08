"""What each kind of change means for those who built against the old version, and for those who build against the new.

The table follows the component model: a component is checked against what it is linked to (Explainer.md, "Type
checking"), where instances may have more exports than are asked for, and functions and values may not differ at all.
So more is harmless for the side that imports, and breaks the side that has to export it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal, TypeAlias

from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.kinds import Kind as K
from witkit.text import WitkitError, error

UNKNOWN_RELEASE = "WIT0942"

Direction: TypeAlias = Literal["import", "export"]


class Verdict(IntEnum):
    """What becomes of one side, from harmless to worst."""

    OK = 0
    IF_USED = 1
    ADD = 2
    BREAKS = 3

    @property
    def text(self) -> str:
        """The verdict as reports write it."""
        return ("ok", "breaks if it is used", "has to add it", "breaks")[self]


class Bump(IntEnum):
    """How much a version has to grow: by what semver.org calls a patch, a minor or a major version."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def text(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The four verdicts of a change, and the bump that it requires.

    `old_guest` is a guest that was built before, on a host that was built after the change; `new_guest` is the
    opposite. The sources are those of guests and hosts that are built again after the change.
    """

    old_guest: Verdict
    new_guest: Verdict
    guest_source: Verdict
    host_source: Verdict
    bump: Bump

    def worse(self, other: Judgement) -> Judgement:
        """The worse of two verdicts each, and the larger bump."""
        return Judgement(
            max(self.old_guest, other.old_guest),
            max(self.new_guest, other.new_guest),
            max(self.guest_source, other.guest_source),
            max(self.host_source, other.host_source),
            max(self.bump, other.bump),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """The judgements of a kind for what guests import, for what they export, and for unused types they import."""

    imported: Judgement
    exported: Judgement
    unused: Judgement | None = None

    def judge(self, directions: Collection[Direction], *, is_used: bool = True) -> Judgement:
        """The verdicts for something that guests import, export, or both; without a direction, as for both.

        `is_used` says whether a function of the package has the type that changed: the binary of a guest has no other
        types of what it imports.
        """
        imported = self.imported if is_used or self.unused is None else self.unused
        if len(set(directions)) != 1:
            return imported.worse(self.exported)
        return imported if "import" in directions else self.exported


OK, IF_USED, ADD, BREAKS = Verdict
_FINE: Final = Judgement(OK, OK, OK, OK, Bump.PATCH)
_ALL: Final = Judgement(BREAKS, BREAKS, BREAKS, BREAKS, Bump.MAJOR)
_SOURCES: Final = Judgement(OK, OK, BREAKS, BREAKS, Bump.MAJOR)

_ADDED: Final = Row(Judgement(OK, IF_USED, OK, ADD, Bump.MINOR), Judgement(BREAKS, OK, ADD, OK, Bump.MAJOR))
_REMOVED: Final = Row(
    Judgement(BREAKS, OK, BREAKS, BREAKS, Bump.MAJOR), Judgement(OK, BREAKS, BREAKS, BREAKS, Bump.MAJOR)
)
_BREAKING: Final = Row(_ALL, _ALL)
_OF_A_TYPE: Final = Row(_ALL, _ALL, _SOURCES)
_OFFERED: Final = Judgement(OK, IF_USED, OK, OK, Bump.MINOR)
_OLD_GUESTS_FAIL: Final = Judgement(BREAKS, OK, OK, OK, Bump.MAJOR)
_MORE: Final = Judgement(OK, OK, OK, OK, Bump.MINOR)
_HARMLESS: Final = Row(_FINE, _FINE)

_VALUES_ARE_INVARIANT: Final[dict[Kind, Row]] = {
    K.FUNCTION_ADDED: _ADDED,
    K.FUNCTION_REMOVED: _REMOVED,
    K.FUNCTION_KIND_CHANGED: _BREAKING,
    K.ASYNC_CHANGED: _BREAKING,
    K.PARAMETER_ADDED: _BREAKING,
    K.PARAMETER_REMOVED: _BREAKING,
    K.PARAMETER_RENAMED: _BREAKING,
    K.PARAMETERS_REORDERED: _BREAKING,
    K.PARAMETER_TYPE_CHANGED: _BREAKING,
    K.RESULT_CHANGED: _BREAKING,
    K.TYPE_NAME_CHANGED: Row(_SOURCES, _SOURCES),
    K.TYPE_ADDED: Row(_OFFERED, _OLD_GUESTS_FAIL, _MORE),
    K.TYPE_REMOVED: Row(_REMOVED.imported, _REMOVED.exported, _SOURCES),
    K.RESOURCE_ADDED: _ADDED,
    K.RESOURCE_REMOVED: _REMOVED,
    K.TYPE_CHANGED: _OF_A_TYPE,
    K.FIELD_ADDED: _OF_A_TYPE,
    K.FIELD_REMOVED: _OF_A_TYPE,
    K.FIELDS_REORDERED: _OF_A_TYPE,
    K.FIELD_TYPE_CHANGED: _OF_A_TYPE,
    K.CASE_ADDED: _OF_A_TYPE,
    K.CASE_REMOVED: _OF_A_TYPE,
    K.CASES_REORDERED: _OF_A_TYPE,
    K.PAYLOAD_CHANGED: _OF_A_TYPE,
    K.TYPE_MOVED: Row(_OFFERED, _MORE),
    K.RESOURCE_MOVED: Row(Judgement(OK, IF_USED, OK, ADD, Bump.MINOR), _ALL),
    K.TYPE_BROUGHT_HOME: Row(_OLD_GUESTS_FAIL, _OLD_GUESTS_FAIL),
    K.RESOURCE_BROUGHT_HOME: Row(Judgement(BREAKS, OK, OK, BREAKS, Bump.MAJOR), _ALL),
    K.USE_ADDED: Row(_OFFERED, _OLD_GUESTS_FAIL, _FINE),
    K.USE_REMOVED: Row(_REMOVED.imported, _REMOVED.exported, _FINE),
    K.USE_CHANGED: _BREAKING,
    K.INTERFACE_ADDED: Row(_OFFERED, _OFFERED),
    K.INTERFACE_REMOVED: Row(_REMOVED.imported, _REMOVED.imported),
    K.WORLD_ADDED: Row(_OFFERED, _OFFERED),
    K.WORLD_REMOVED: Row(_REMOVED.imported, _REMOVED.imported),
    K.IMPORT_ADDED: Row(_ADDED.imported, _ADDED.imported, _MORE),
    K.IMPORT_REMOVED: Row(_REMOVED.imported, _REMOVED.imported, _SOURCES),
    K.IMPORT_CHANGED: _BREAKING,
    K.EXPORT_ADDED: Row(_ADDED.exported, _ADDED.exported),
    K.EXPORT_REMOVED: Row(_REMOVED.exported, _REMOVED.exported),
    K.EXPORT_CHANGED: _BREAKING,
    K.PACKAGE_ADDED: Row(_OFFERED, _OFFERED),
    K.PACKAGE_REMOVED: Row(_REMOVED.imported, _REMOVED.imported),
    K.DOCUMENTATION_CHANGED: _HARMLESS,
    K.ORDER_CHANGED: _HARMLESS,
    K.GATE_CHANGED: _HARMLESS,
    K.DEPRECATED: Row(_MORE, _MORE),
    K.EXTERNAL_ID_CHANGED: _HARMLESS,
    K.DEPENDENCY_UPDATED: _HARMLESS,
}

TODAY: Final = "0.3"
RELEASES: Final[dict[str, Mapping[Kind, Row]]] = {TODAY: _VALUES_ARE_INVARIANT}
"""The table of each release of the component model. One with subtypes of values will have a table of its own."""


def rules(release: str) -> Mapping[Kind, Row]:
    """The table of a release. Raises WitkitError if there is none (WIT0942)."""
    if release not in RELEASES:
        message = f"there are no rules for release `{release}` of the component model"
        raise WitkitError([error(UNKNOWN_RELEASE, message, help=f"known releases: {', '.join(RELEASES)}")])
    return RELEASES[release]
