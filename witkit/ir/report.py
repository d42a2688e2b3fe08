"""Collects diagnostics while packages are loaded and resolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from witkit.text import Diagnostic, Related, Severity, Span, closest, error

_MOST_COMPARISONS = 200_000
_MOST_RELATED = 8
_LONGEST = 100
"""How many characters of a syntax error are remembered as misread."""


class Report:
    """Diagnostics in the order in which they are found. An error is kept once per code and place.

    Of many related places, only the first ones are kept.
    """

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._seen: set[tuple[str, int, int]] = set()
        self._misread: dict[tuple[int, int], int] = {}
        self._comparisons = _MOST_COMPARISONS

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add the findings of a parser. Nothing else is reported about the text of its errors."""
        for d in diagnostics:
            if d.is_error and d.primary is not None:
                place, end = d.primary, min(d.primary.end, d.primary.start + _LONGEST)
                for at in range(place.start, max(end, place.start + 1)):
                    self._misread.setdefault((id(place.source), at), len(self.diagnostics))
            self.diagnostics.append(d)

    def is_misread(self, span: Span) -> bool:
        """Whether a parser has reported the text that begins at this place."""
        return (id(span.source), span.start) in self._misread

    def explain(self, span: Span, help: str) -> None:
        """Replace the help of a parser's finding at this place with one that only the resolver knows."""
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
        """The known name most similar to `name`, or None.

        Comparisons are expensive: a text with thousands of unknown names gets suggestions only for the first ones.
        After that, `known` is not even iterated, so callers can pass a generator.
        """
        if self._comparisons < 0:
            return None
        names = list(known)
        self._comparisons -= len(names)
        return closest(name, names, likeness=likeness)

    def did_you_mean(self, name: str, known: Iterable[str]) -> str:
        """A question that offers the closest known name; empty if there is none, or after too many comparisons."""
        near = self.closest(name, known)
        return f"did you mean `{near}`?" if near else ""

    @property
    def has_errors(self) -> bool:
        return any(d.is_error for d in self.diagnostics)


def first_defined(span: Span | None) -> tuple[Related, ...]:
    return (Related(span, "first defined here"),) if span else ()


def way_out(name: str, before: str) -> str:
    """Help for a name that clashes with an earlier one. Both can be names of functions such as `[method]r.m`."""
    if name.rpartition(".")[2] == before.rpartition(".")[2]:
        return "rename or remove one of the two"
    return "rename one of the two: names must differ by more than upper and lower case or hyphens"
