"""Floor 1: text to tree: lexer, grammar, tree nodes, recovery from errors, trees kept between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from witkit.syntax.parsed import Parsed
    from witkit.syntax.reading import parse, parse_2022, read

__all__ = ["Parsed", "parse", "parse_2022", "read"]

_HOMES: Final = {
    "Parsed": "witkit.syntax.parsed",
    **dict.fromkeys(("parse", "parse_2022", "read"), "witkit.syntax.reading"),
}


if not TYPE_CHECKING:
    # A file that is known to be formatted needs no tree. Hidden from type checkers, as in `witkit`.

    def __getattr__(name: str) -> Any:
        from witkit._lazily import imported

        return imported(globals(), _HOMES, name)
