"""Floor 1: text to tree, and back: lexer, grammar, tree nodes, printer."""

from witkit.syntax.parser import Parsed, parse
from witkit.syntax.parser_2022 import parse_2022

__all__ = ["Parsed", "parse", "parse_2022"]
