"""What a check has found and fixed in one package."""

from __future__ import annotations

from dataclasses import field

from witkit.text import Diagnostic
from witkit.text.values import entity


@entity(slots=True, eq=False)
class Checked:
    """What there is to be said about a package, after `count` fixes.

    `texts` are the texts that the fixes changed, by file. `packages` are the names of the package and those nested in
    it, without versions; `files` are its own files, and `errors` is the number of errors of loading.
    """

    found: tuple[Diagnostic, ...]
    packages: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    errors: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    count: int = 0
    broken: dict[tuple[str, str, str], Diagnostic] = field(default_factory=dict)
