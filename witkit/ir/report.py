"""Collects diagnostics while packages are resolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from witkit.text import Diagnostic, Related, Severity, Span, closest, error

_MOST_COMPARISONS = 200_000
_MOST_RELATED = 8
_LONGEST = 100
"""How much of a stretch of text that was misread is remembered."""


class Report:
    """Findings in the order of their discovery; the same finding at the same place is kept once.

    Of many related places the first ones are kept.
    """

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._seen: set[tuple[str, int, int]] = set()
        self._misread: dict[tuple[int, int], int] = {}
        self._comparisons = _MOST_COMPARISONS

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take over findings of a parser: where a word is misspelt, nothing is said of what it does not mean."""
        for d in diagnostics:
            if d.is_error and d.primary is not None:
                place, end = d.primary, min(d.primary.end, d.primary.start + _LONGEST)
                for at in range(place.start, max(end, place.start + 1)):
                    self._misread.setdefault((id(place.source), at), len(self.diagnostics))
            self.diagnostics.append(d)

    def is_misread(self, span: Span) -> bool:
        """Whether a parser has reported what begins at this place: it does not mean what it says."""
        return (id(span.source), span.start) in self._misread

    def explain(self, span: Span, help: str) -> None:
        """Give the finding of a parser at this place a way out that only the resolver can know."""
        index = self._misread.get((id(span.source), span.start))
        if index is not None:
            self.diagnostics[index] = replace(self.diagnostics[index], help=help)

    def error(self, code: str, message: str, span: Span, *, related: Iterable[Related] = (), help: str = "") -> None:
        key = (code, id(span.source), span.start)
        if key not in self._seen and not self.is_misread(span):
            self._seen.add(key)
            self.diagnostics.append(error(code, message, span, related=islice(related, _MOST_RELATED), help=help))

    def warning(self, code: str, message: str, span: Span, *, related: Iterable[Related] = (), help: str = "") -> None:
        self.diagnostics.append(Diagnostic(code, Severity.WARNING, message, span, "", tuple(related), help))

    def closest(self, name: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
        """The known name most like `name`, or None if nothing is near.

        A text with thousands of unknown names gets suggestions for the first ones only: they are dear. After that
        `known` is not even looked at, so callers leave it to be computed.
        """
        if self._comparisons < 0:
            return None
        names = list(known)
        self._comparisons -= len(names)
        return closest(name, names, likeness=likeness)

    def did_you_mean(self, name: str, known: Iterable[str]) -> str:
        """A sentence that offers the closest known name; empty if nothing is near, or after too many comparisons."""
        near = self.closest(name, known)
        return f"did you mean `{near}`?" if near else ""

    @property
    def has_errors(self) -> bool:
        return any(d.is_error for d in self.diagnostics)


def first_defined(span: Span | None) -> tuple[Related, ...]:
    return (Related(span, "first defined here"),) if span else ()


def way_out(name: str, before: str) -> str:
    """Help for a name that clashes with the one before it; both may be names of functions, `[method]r.m`."""
    if name.rpartition(".")[2] == before.rpartition(".")[2]:
        return "rename or remove one of the two"
    return "rename one of the two: names must differ by more than upper and lower case or hyphens"
