"""What may differ from project to project: as little as can be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """`indent_width` is the number of spaces of one level, `line_width` the most characters of a line that can be
    broken."""

    indent_width: int = 4
    line_width: int = 100
