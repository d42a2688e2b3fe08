"""Floor 1: text to tree: lexer, grammar, tree nodes, recovery from errors, trees kept between runs."""

from witkit.syntax.parsed import Parsed
from witkit.syntax.reading import parse, parse_2022, read

__all__ = ["Parsed", "parse", "parse_2022", "read"]
