"""What reading a text gives."""

from __future__ import annotations

from witkit.syntax import nodes
from witkit.text import Diagnostic
from witkit.text.values import value


@value(frozen=True, slots=True, eq=False)
class Parsed:
    """The tree of what could be understood, and everything that could not, in the order of the text."""

    file: nodes.File
    diagnostics: tuple[Diagnostic, ...]
