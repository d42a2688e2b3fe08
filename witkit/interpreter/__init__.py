"""Floor 1: the Python inside a component, which is not the one that runs witkit.

`library` knows which modules its standard library has, `grammar` reads its syntax. What `library` knows is in
`library.json`, which tests hold against a real component.
"""

from witkit.interpreter.grammar import is_newer, parse
from witkit.interpreter.library import Library, library

__all__ = ["Library", "is_newer", "library", "parse"]
