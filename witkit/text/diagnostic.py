"""What witkit says to its user: one shape for every phase."""

from __future__ import annotations

import copyreg
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from witkit.text.secrets import masked
from witkit.text.source import Span


class Severity(StrEnum):
    """How much a diagnostic weighs. Only errors and warnings make a command exit with 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that belongs to a diagnostic: `first defined here`."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` (which may be empty: an insertion) by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend a finding, and what they do in a few words."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding with its place and a way out.

    `code` is stable and documented (`WIT0103`); `message` is one sentence without a full stop;
    `label` is what stands beside the caret; `help` tells what to do next. `primary` is missing only
    where there is no text to point at, `file` then names what the finding is about.
    """

    code: str
    severity: Severity
    message: str
    primary: Span | None = None
    label: str = ""
    related: tuple[Related, ...] = ()
    help: str = ""
    fix: Fix | None = None
    file: str = ""

    def __post_init__(self) -> None:
        """Whatever becomes of a diagnostic, it holds no secret that is known."""
        for name in ("message", "label", "help", "file"):
            object.__setattr__(self, name, masked(getattr(self, name)))

    @property
    def where(self) -> str:
        """The file the finding is about, as messages show it; empty where there is none."""
        return self.primary.source.name if self.primary else self.file

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def error(
    code: str,
    message: str,
    primary: Span | None = None,
    *,
    label: str = "",
    related: Iterable[Related] = (),
    help: str = "",
    file: str = "",
) -> Diagnostic:
    """A diagnostic of severity error."""
    return Diagnostic(code, Severity.ERROR, message, primary, label, tuple(related), help, None, file)


class WitkitError(Exception):
    """Work stopped by one or more errors, each a diagnostic. `str()` gives their messages, one a line.

    The ways out are notes of the exception, which tracebacks show.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(_line(d) for d in self.diagnostics))
        for diagnostic in self.diagnostics:
            if diagnostic.help:
                self.add_note(f"help: {diagnostic.help}")

    def __reduce__(self) -> tuple[object, ...]:
        """As it is, not by its arguments, which are no diagnostics: it can leave another process."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


def _line(d: Diagnostic) -> str:
    if d.primary is None:
        place = f"{d.file}: " if d.file else ""
    else:
        line, column = d.primary.source.position(d.primary.start)
        place = f"{d.primary.source.name}:{line}:{column}: "
    return f"{place}{d.severity}[{d.code}]: {d.message}"
