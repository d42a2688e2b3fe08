"""What a rule of `witkit check` is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from witkit.text import Fix, Related, Severity, Span
from witkit.text.values import value

if TYPE_CHECKING:
    from witkit.checks.context import Context

CATEGORIES: Final = {
    "directives": "comments with instructions for witkit",
    "correctness": "text that later tools reject, or read differently than it looks",
    "gates": "`@since`, `@unstable` and `@deprecated`",
    "documentation": "comments that document, and what they refer to",
    "names": "names, and how they become names of other languages",
    "types": "the shapes of types and functions",
    "uses": "`use`, `include`, worlds and dependencies",
    "targets": "what the tools and languages of `target` cannot carry",
    "releases": "what a release of WASI does not have",
}
"""Kinds of rules. The codes of the first begin with WIT10, those of the second with WIT11, and so on."""

PRESETS: Final = {
    "none": "no rules: name those to run with `select`",
    "minimal": "packages that other tools would refuse or misread",
    "standard": "minimal, and what makes an interface hard to use or to keep; the default",
    "wasi": "standard, and what a proposal of WASI must keep to",
    "strict": "everything that is not a matter of taste",
}

# Where a rule belongs: in the smallest preset that has it, and in those that hold this one.
MINIMAL: Final = ("minimal", "standard", "wasi", "strict")
STANDARD: Final = ("standard", "wasi", "strict")
WASI: Final = ("wasi", "strict")
STRICT: Final = ("strict",)
OPT_IN: Final = ()

Option: TypeAlias = "bool | int | str | tuple[str, ...]"


@value(frozen=True, slots=True)
class Finding:
    """What a rule has found: one sentence without a full stop, its place, and in `help` what to do next.

    A `fix` that takes time to make can be a function without arguments, which is called if somebody asks for the fix.
    It may give None. Do not change a finding: only type checkers refuse that.
    """

    span: Span
    message: str
    help: str = ""
    label: str = ""
    related: tuple[Related, ...] = ()
    fix: Fix | Callable[[], Fix | None] | None = None


Needs: TypeAlias = Literal["", "target", "wasi", "against"]


@value(frozen=True, slots=True, eq=False)
class Listed:
    """What must be known of a rule to choose it. A rule that `needs` a setting runs if that is given."""

    code: str
    name: str
    category: str
    presets: tuple[str, ...]
    needs: Needs = ""


@value(frozen=True, slots=True, eq=False, kw_only=True)
class Rule(Listed):
    """One rule. Its module's docstring is its page: pass it as `doc`.

    `on` are the classes that the rule wants to see: of tree nodes (`witkit.syntax.nodes`), of elements
    (`witkit.ir.model`), and what the walk makes of items: `Documentation`, `Commented` and `Attributed` of
    `witkit.checks.prose`, `comments` and `gates`. A base class stands for all of its subclasses.
    `check` is called with each such item and the context of the walk, and gives findings. `fix` says whether findings
    may have a fix, and whether it is safe.
    `options` are the rule's options with their defaults; a value that is set has the type of the default.
    `applies` is asked once for each file, before its walk. False says that the rule can find nothing there, by a look
    that is cheaper than one at each item.
    """

    on: tuple[type, ...]
    check: Callable[[Any, Context], Iterable[Finding]]
    doc: str | None
    severity: Severity = Severity.WARNING
    fix: Literal["", "safe", "unsafe"] = ""
    options: Mapping[str, Option] = field(default_factory=dict)
    applies: Callable[[Context], bool] | None = None

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return (self.doc or "").strip().partition("\n")[0]
