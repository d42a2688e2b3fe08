"""Diagnostics: the one form in which every phase reports problems."""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from witkit.text.secrets import masked, may_hold_secrets
from witkit.text.source import Span
from witkit.text.values import value


class Severity(StrEnum):
    """The severity of a diagnostic. Only errors and warnings make a command exit with 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@value(frozen=True, slots=True)
class Related:
    """Another place that explains a diagnostic: `first defined here`."""

    span: Span
    message: str


@value(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` by `text`. An empty span makes this an insertion."""

    span: Span
    text: str


@value(frozen=True, slots=True)
class Fix:
    """Edits that fix a finding, with a short title that says what they do.

    A safe fix makes exactly the change in its title. Look at the result of any other one.
    """

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool = True


class _Later:
    """Fields that are filled in when one is read that is not there yet."""

    __slots__ = ("_fields",)

    _fields: tuple[Any, ...] | None
    """A function that gives the values of all fields, and its arguments; None if they are filled in."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            # Python looks here for a slot that is empty.
            if name not in type(self).__slots__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            # Another thread may fill them in at the same time, with the same values.
            if (fields := self._fields) is not None:
                make, *arguments = fields
                self.__init__(*make(*arguments))
                self._fields = None
            return object.__getattribute__(self, name)


@value(frozen=True, slots=True)
class Diagnostic(_Later):
    """A finding, its place and a way out.

    `code` is stable and documented (`WIT0103`). `message` is one sentence without a full stop, `label` is the text
    beside the caret, and `help` says what to do next. `primary` is None only if there is no text to point at; `file`
    then names what the finding is about. A finding of a rule has the rule's name in `rule`, and in `item` the path of
    what it is about: `ns:pkg/store.get`. `facts` are more about it for programs, by names such as `bump`.

    Do not change it, nor its parts: sets and dictionaries find it by what is in it. Type checkers refuse that; at run
    time nothing does, because the check would cost most of what a finding costs. `dataclasses.replace` makes another.
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
    rule: str = ""
    item: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def later(primary: Span, make: Callable[..., tuple[Any, ...]], *arguments: object) -> Diagnostic:
        """The diagnostic whose fields, in their order, are `make(*arguments)`, called when one of them is read.

        Of thousands of findings, most are only put in order by their place, `primary`, and then counted or allowed.
        """
        found = _new(Diagnostic)
        found.primary = primary  # type: ignore[misc]
        found._fields = (make, *arguments)  # type: ignore[misc]
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the fields, also those that are not filled in yet."""
        return Diagnostic, tuple(getattr(self, name) for name in Diagnostic.__match_args__)

    def __post_init__(self) -> None:
        """Mask known secrets, whatever is done with the diagnostic later."""
        if not may_hold_secrets(f"{self.message}{self.label}{self.help}{self.file}"):
            return
        for name in ("message", "label", "help", "file"):
            if (text := getattr(self, name)) and (shown := masked(text)) != text:
                object.__setattr__(self, name, shown)

    @property
    def where(self) -> str:
        """The file that the finding is about, as messages show it, or an empty string."""
        return self.primary.source.name if self.primary else self.file

    @property
    def title(self) -> str:
        """The code, and the name of the rule if there is one."""
        return f"{self.code} {self.rule}" if self.rule else self.code

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


_new = object.__new__


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


class Error(Exception):
    """The base of all exceptions that programs get from witkit. All of them can be pickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the attributes: `args` need not be what the constructor takes."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class WitkitError(Error):
    """One or more errors, each a diagnostic, that stop the work. `str()` gives their messages, one per line.

    Each `help` is a note of the exception, which tracebacks show.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(_line(d) for d in self.diagnostics))
        for diagnostic in self.diagnostics:
            if diagnostic.help:
                self.add_note(f"help: {diagnostic.help}")


def _line(d: Diagnostic) -> str:
    if d.primary is None:
        place = f"{d.file}: " if d.file else ""
    else:
        line, column = d.primary.source.position(d.primary.start)
        place = f"{d.primary.source.name}:{line}:{column}: "
    return f"{place}{d.severity}[{d.title}]: {d.message}"
