"""Floor 1: text to tree, and back: lexer, grammar, tree nodes, printer."""

from witkit.syntax.parsed import Parsed
from witkit.syntax.reading import parse, parse_2022, read

__all__ = ["Parsed", "parse", "parse_2022", "read"]
