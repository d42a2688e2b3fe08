"""Collects diagnostics while packages are resolved."""

from __future__ import annotations

from collections.abc import Iterable

from witkit.text import Diagnostic, Related, Severity, Span, error


class Report:
    """Findings in the order of their discovery; the same finding at the same place is kept once."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._seen: set[tuple[str, int, int]] = set()

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics.extend(diagnostics)

    def error(self, code: str, message: str, span: Span, *, related: Iterable[Related] = (), help: str = "") -> None:
        key = (code, id(span.source), span.start)
        if key not in self._seen:
            self._seen.add(key)
            self.diagnostics.append(error(code, message, span, related=related, help=help))

    def warning(self, code: str, message: str, span: Span, *, related: Iterable[Related] = (), help: str = "") -> None:
        self.diagnostics.append(Diagnostic(code, Severity.WARNING, message, span, "", tuple(related), help))

    @property
    def has_errors(self) -> bool:
        return any(d.is_error for d in self.diagnostics)


def first_defined(span: Span | None) -> tuple[Related, ...]:
    return (Related(span, "first defined here"),) if span else ()
