"""The formats in which diagnostics are written, by the name that `--format` takes.

The module of a format is imported when the format is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Final, Protocol, TypeAlias

from witkit.text.diagnostic import Diagnostic
from witkit.text.values import value


@value(frozen=True, slots=True)
class Description:
    """What is known about a code: the name of its rule if it is one, a line about it, and its page in Markdown."""

    name: str
    summary: str
    page: str


Describe: TypeAlias = Callable[[str], "Description | None"]
"""Gives what is known about a code."""


class Render(Protocol):
    """Writes diagnostics. A format ignores what it has no use for."""

    def __call__(self, diagnostics: Iterable[Diagnostic], *, color: bool = False, describe: Describe = ...) -> str: ...


@value(frozen=True, slots=True)
class Format:
    """One format: the module with its `render`.

    A format `is_read` by people, who want a last line that sums up, or by programs, which cannot have one. If it
    `has_summary`, its module has a function `add_summary` that writes the findings to another place as well.
    """

    module: str
    is_read: bool = False
    has_summary: bool = False

    @property
    def render(self) -> Render:
        """The function that writes diagnostics in this format."""
        found: Render = import_module(self.module).render
        return found

    def add_summary(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Write the findings where the program that reads this format wants a summary of them."""
        if self.has_summary:
            import_module(self.module).add_summary(diagnostics)


FORMATS: Final[dict[str, Format]] = {
    "text": Format("witkit.text.render_text", is_read=True),
    "json": Format("witkit.text.render_json"),
    "github": Format("witkit.text.render_github", is_read=True, has_summary=True),
    "gitlab": Format("witkit.text.render_gitlab"),
    "junit": Format("witkit.text.render_junit"),
    "markdown": Format("witkit.text.render_markdown", is_read=True),
    "sarif": Format("witkit.text.render_sarif"),
}


def no_description(code: str) -> None:
    """For those who know nothing about codes."""
    return
