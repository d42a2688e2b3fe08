"""Changes as diagnostics, which is how they are reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from witkit.checks.diff.changes import Change, names
from witkit.checks.diff.compare import Comparison, Promise
from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.match import COMPONENT
from witkit.checks.diff.verdict import Bump, Judgement, Verdict
from witkit.checks.diff.versions import following
from witkit.text import Diagnostic, Related, Severity

COMPARED: Final = "WIT2000"
VERSION_TOO_LOW: Final = "WIT2001"


def diagnostics(comparison: Comparison, *, everything: bool = False, by_version: bool = False) -> list[Diagnostic]:
    """What there is to say about a comparison: its changes, the versions that do not fit them, and what was compared.

    Breaking changes are errors, and all others are notes. `by_version`, the versions decide: breaking changes are
    warnings, and a version that does not say what has changed is an error. Changes of documentation, order and gates
    are only among them with `everything`. What an `include` brings to several worlds is reported once.
    """
    least = Bump.PATCH if everything else Bump.MINOR
    places: dict[object, list[Change]] = {}
    for number, change in enumerate(comparison.changes):
        if change.bump >= least:
            place = change.new if change.in_new else change.old
            places.setdefault((change.kind, place) if place else number, []).append(change)
    breaking = Severity.WARNING if by_version else Severity.ERROR
    found = [_change(comparison, change, others, breaking) for change, *others in places.values()]
    found += [d for promise in comparison.promises for d in _promise(promise, by_version=by_version)]
    return [*found, _compared(comparison)]


def _change(comparison: Comparison, change: Change, others: Sequence[Change], breaking: Severity) -> Diagnostic:
    primary = change.new
    related: tuple[Related, ...] = ()
    same = f"the same in {names(other.item for other in others)}" if others else ""
    # Binaries have no places to show.
    message = change.message if primary else f"{change.message}: `{change.item}`"
    if change.in_old and change.old is not None:
        related = (Related(change.old, "before the change" if change.in_new else "it was here"),)
    return Diagnostic(
        change.kind.code,
        breaking if change.is_breaking else Severity.NOTE,
        message,
        primary,
        _label(change),
        related,
        "; ".join(filter(None, [change.hint, consequences(change.judgement), same])),
        file="" if primary else comparison.shown,
        rule=change.kind.title,
        item=change.item,
        facts=_facts(change),
    )


def _label(change: Change) -> str:
    if change.kind in (Kind.WORLD_ADDED, Kind.WORLD_REMOVED):
        return ""
    if not change.directions:
        return "in no world: guests may import or export it"
    return f"guests {' and '.join(change.directions)} it"


def _facts(change: Change) -> tuple[tuple[str, str], ...]:
    judgement = change.judgement
    return (
        ("bump", judgement.bump.text),
        ("old_guest_on_new_host", judgement.old_guest.text),
        ("new_guest_on_old_host", judgement.new_guest.text),
        ("guest_source", judgement.guest_source.text),
        ("host_source", judgement.host_source.text),
    )


def consequences(judgement: Judgement) -> str:
    """Whom a change breaks, in words."""
    sides = {
        "old guests on new hosts": judgement.old_guest,
        "new guests on old hosts": judgement.new_guest,
        "the source of guests": judgement.guest_source,
        "the source of hosts": judgement.host_source,
    }
    if set(sides.values()) == {Verdict.BREAKS}:
        return "breaks guests and hosts, in binary and in source"
    parts = []
    for verdict, words in _WORDS.items():
        if names := [name for name, each in sides.items() if each is verdict]:
            parts.append(words.format(_listed(names)))
    return "; ".join(parts)


_WORDS: Final = {
    Verdict.BREAKS: "breaks {}",
    Verdict.IF_USED: "breaks {} that use it",
    Verdict.ADD: "{} must add it",
}


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _promise(promise: Promise, *, by_version: bool) -> Iterator[Diagnostic]:
    is_breaking = promise.required is Bump.MAJOR
    version, before = promise.new.version, promise.old.version
    name = f"{promise.new.namespace}:{promise.new.name}"
    severity = Severity.ERROR if is_breaking or by_version else Severity.WARNING
    if promise.is_kept:
        return
    what = "breaking changes" if is_breaking else "additions"
    if version is None or before is None:
        # A component has no version, and a package that never had one promises little.
        if by_version or (is_breaking and str(promise.new) != COMPONENT):
            message = f"`{name}` has no version that could say that there are {what}"
            yield Diagnostic(VERSION_TOO_LOW, severity, message, promise.place, help="give the package a version")
        return
    if version == before:
        message = f"`{name}` still has version {version}, although there are {what}"
    elif promise.made is None:
        message = f"version {version} of `{name}` is lower than {before}, the version before it"
    else:
        message = f"version {version} of `{name}` does not say that there are {what} since {before}"
    help = f"make it {following(before, promise.required)} or later"
    yield Diagnostic(VERSION_TOO_LOW, severity, message, promise.place, help=help)


def _compared(comparison: Comparison) -> Diagnostic:
    first = comparison.promises[0]
    versions = f" {first.old.version} and {first.new.version}" if first.old.version and first.new.version else ""
    package = f"{first.new.namespace}:{first.new.name}"
    items = f"{comparison.items} item{'' if comparison.items == 1 else 's'}"
    message = f"{items} of `{package}`{versions} compared: {_bump(comparison.bump)}"
    facts = (("items", str(comparison.items)), ("bump", comparison.bump.text))
    file = "" if first.place else comparison.shown
    return Diagnostic(COMPARED, Severity.NOTE, message, first.place, file=file, item=package, facts=facts)


def _bump(bump: Bump) -> str:
    return {
        Bump.NONE: "nothing has changed",
        Bump.PATCH: "only documentation, order or gates have changed",
        Bump.MINOR: "there are additions, and nothing breaks",
        Bump.MAJOR: "there are breaking changes",
    }[bump]
