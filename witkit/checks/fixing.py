"""Apply the fixes of findings, round by round, until there is nothing left to fix."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from witkit.checks import Settings, check
from witkit.checks.checked import Checked
from witkit.ir import Loaded
from witkit.text import Diagnostic, Edit, Severity, Source, Span

BROKEN_FIX: Final = "WIT1091"
_MOST_ROUNDS: Final = 50
"""A fix can make the next one possible. Rules that undo each other's fixes would go on forever."""

Load: TypeAlias = Callable[[Mapping[str, str]], Loaded]
"""Loads the package, with these texts instead of those on disk, by the names of their files."""


def checked_package(loaded: Loaded, settings: Settings) -> Checked:
    """What there is to be said about a package that is not to be fixed."""
    checked = Checked(())
    _look(checked, loaded, settings)
    return checked


def fix(load: Load, settings: Settings, *, unsafe: bool = False) -> Checked:
    """Load a package and fix it in memory: with safe fixes, or with all.

    A fix after which the package has more errors than before is left out, and reported as a defect (WIT1091).
    """
    checked = checked_package(load({}), settings)
    for _ in range(_MOST_ROUNDS):
        chosen = _compatible(d for d in checked.found if _is_wanted(d, checked, unsafe=unsafe))
        if not chosen:
            break
        # If one of several fixes breaks the package, those before it are made one by one.
        if not _make(checked, chosen, load, settings):
            any(_make(checked, [each], load, settings) for each in chosen)
    checked.found = (*checked.found, *checked.broken.values())
    return checked


def _look(checked: Checked, loaded: Loaded, settings: Settings) -> None:
    """Take over what there is to be said about the package as it is now."""
    checked.found, checked.files = check(loaded, settings), loaded.files
    packages = loaded.resolve.main if loaded.resolve else ()
    checked.packages = frozenset(f"{package.name.namespace}:{package.name.name}" for package in packages)
    checked.errors = sum(d.is_error for d in loaded.diagnostics)


def _is_wanted(d: Diagnostic, checked: Checked, *, unsafe: bool) -> bool:
    if d.fix is None or not (unsafe or d.fix.is_safe) or _key(d) in checked.broken:
        return False
    return all(edit.span.source.name in checked.files for edit in d.fix.edits)


def _make(checked: Checked, chosen: list[Diagnostic], load: Load, settings: Settings) -> bool:
    """Make the fixes of some findings, unless that gives more errors or changes nothing."""
    edits = [edit for d in chosen if d.fix for edit in d.fix.edits]
    texts = dict(checked.texts)
    for source in {edit.span.source for edit in edits}:
        texts[source.name] = edited(source.text, (edit for edit in edits if edit.span.source is source))
    loaded = load(texts)
    if texts == checked.texts or sum(d.is_error for d in loaded.diagnostics) > checked.errors:
        if len(chosen) == 1:
            checked.broken[_key(chosen[0])] = _defect(chosen[0])
        return False
    checked.texts, checked.count = texts, checked.count + len(chosen)
    _look(checked, loaded, settings)
    return True


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits that do not overlap."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda each: each.span.start):
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*parts, text[at:]])


def _compatible(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The first findings whose fixes do not touch each other."""
    chosen: list[Diagnostic] = []
    taken: dict[Source, list[tuple[int, int]]] = {}
    for each in found:
        edits = each.fix.edits if each.fix else ()
        if all(_is_free(edit.span, taken.get(edit.span.source, [])) for edit in edits):
            chosen.append(each)
            for edit in edits:
                insort(taken.setdefault(edit.span.source, []), (edit.span.start, edit.span.end))
    return chosen


def _is_free(span: Span, taken: list[tuple[int, int]]) -> bool:
    """Whether a span neither overlaps nor touches one of those that are taken, which are in order."""
    at = bisect_left(taken, (span.start, span.end))
    return (at == 0 or taken[at - 1][1] < span.start) and (at == len(taken) or span.end < taken[at][0])


def _key(d: Diagnostic) -> tuple[str, str, str]:
    return d.code, d.item, d.message


def _defect(d: Diagnostic) -> Diagnostic:
    message = f"the fix of `{d.rule or d.code}` would break the package, and was left out"
    return Diagnostic(BROKEN_FIX, Severity.WARNING, message, d.primary, help="this is a defect: please report it")
