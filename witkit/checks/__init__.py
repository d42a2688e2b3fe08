"""Floor 4: rules over trees and resolved packages, and what is done with their findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from witkit.checks.settings import Settings

if TYPE_CHECKING:
    from witkit.ir import Loaded
    from witkit.text import Diagnostic

__all__ = ["NO_RULES", "Settings", "check"]

DEFAULTS: Final = Settings()
NO_RULES: Final = Settings(preset="none")
"""With these settings, `check` gives what loading found, in order."""
_LONGEST: Final = 1 << 32
"""More than the length of any text: the numbers of a file and of a place in it make one number, to sort by."""


def check(loaded: Loaded, settings: Settings = DEFAULTS) -> tuple[Diagnostic, ...]:
    """Everything to be said about a loaded package, in the order of its files and of the places in them.

    That is what loading found, and, if none of it is an error, what the rules find that `settings` choose: by default
    those of the preset `standard`. What has no place comes first.
    """
    order = {name: (number + 1) * _LONGEST for number, name in enumerate(loaded.files)}
    last = (len(order) + 1) * _LONGEST

    def place(d: Diagnostic) -> int:
        primary = d.primary
        return 0 if primary is None else order.get(primary.source.name, last) + primary.start

    found: list[Diagnostic] = []
    if loaded.is_clean and loaded.trees and settings != NO_RULES:
        from witkit.checks.run import run

        found = run(loaded, settings)
    return tuple(sorted([*loaded.diagnostics, *found], key=place))
