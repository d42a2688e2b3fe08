"""Floor 1: text to tree, and back: lexer, grammar, tree nodes, printer."""

from witkit.syntax.parser import Parsed, parse

__all__ = ["Parsed", "parse"]
