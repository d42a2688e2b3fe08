"""Write diagnostics, and find the exit code for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from witkit.text import Diagnostic, Severity

if TYPE_CHECKING:
    from witkit.checks.rule import Rule
    from witkit.text.formats import Describe, Description


def report(diagnostics: Sequence[Diagnostic], format: str, *, last_line: str = "", to_stderr: bool = False) -> None:
    """Write diagnostics in one of the formats of `witkit.text.formats`, with `last_line` if people read it."""
    from witkit.text.formats import FORMATS

    stream, chosen = sys.stderr if to_stderr else sys.stdout, FORMATS[format]
    stream.write(chosen.render(diagnostics, color=wants_color(stream), describe=_describe()))
    if chosen.is_read and last_line:
        stream.write(f"{last_line}\n")
    chosen.add_summary(diagnostics)


def failed(diagnostics: Sequence[Diagnostic], format: str) -> int:
    """Write why a command could do nothing, and give the exit code.

    What programs read is a complete document on standard output: an empty one would look like nothing to report.
    """
    from witkit.text.formats import FORMATS

    report(diagnostics, format, to_stderr=FORMATS[format].is_read)
    return exit_code(diagnostics)


def _describe() -> Describe:
    """What is known about codes; the rules are looked up when a format asks for the first time."""
    from functools import cache

    @cache
    def rules() -> tuple[Rule, ...]:
        from witkit.checks.chosen import rules_of_project

        return rules_of_project()

    def describe(code: str) -> Description | None:
        from witkit.checks.explained import explained

        return explained(code, rules())

    return describe


def wants_color(stream: TextIO) -> bool:
    """Use colours on a terminal only. NO_COLOR, set to anything, turns them off; FORCE_COLOR turns them on anywhere."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def exit_code(diagnostics: Sequence[Diagnostic]) -> int:
    """2 if the command line or the configuration is wrong (codes WIT09xx), 1 for other errors and warnings, else 0."""
    if any(d.is_error and d.code.startswith("WIT09") for d in diagnostics):
        return 2
    return 1 if any(d.severity is not Severity.NOTE for d in diagnostics) else 0


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`, `no errors`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def tally(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`. Severities without findings are left out."""
    numbers = [(sum(d.severity is severity for d in diagnostics), str(severity)) for severity in Severity]
    return ", ".join(counted(number, noun) for number, noun in numbers if number)
