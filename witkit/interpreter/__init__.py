"""Floor 1: the Python inside a component, which may differ from the one that runs witkit.

`library` has the modules of its standard library, `grammar` reads its syntax. The data of `library` is in
`library.json`, which tests compare with a real component.
"""

from witkit.interpreter.grammar import is_newer, parse
from witkit.interpreter.library import Library, library

__all__ = ["Library", "is_newer", "library", "parse"]
