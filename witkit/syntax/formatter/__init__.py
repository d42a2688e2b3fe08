"""Formatting WIT: one style, described in docs/style.md, and the proof that nothing but layout has changed."""

from witkit.syntax.formatter.formatting import format_text
from witkit.syntax.formatter.options import Options

__all__ = ["Options", "format_text"]
