"""Imports that a component cannot do any more: those inside functions.

componentize-py imports the guest once, while it builds, and keeps what is in memory then. A component has no files
to import from, so a module that a function imports must have been imported by then. Those of the standard library
are: `preload` sees to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import line, module_file
from witkit.componentize.reading import Import, ReadModule
from witkit.interpreter import library
from witkit.interpreter.library import with_parents
from witkit.text import Diagnostic, Severity

LATE_IMPORT: Final = "WIT0761"


def late_imports(config: BuildConfig, modules: Sequence[ReadModule]) -> Iterator[Diagnostic]:
    """A warning for each import in a function whose module nothing imports at the top of a module of the guest."""
    early = {config.world_module, f"{config.world_module}.exports", *(module.name for module in modules)}
    early |= {name for module in modules for each in module.imports if not each.is_late for name in each.modules}
    there = {parent for name in early for parent in with_parents(name)}
    for module in modules:
        for each in sorted(module.imports, key=lambda each: each.node.lineno):
            if each.is_late and (missing := _missing(config, each, there)):
                yield _warning(missing, each)


def _missing(config: BuildConfig, late: Import, there: set[str]) -> str | None:
    """The first module that an import needs and that will not be there."""
    known = library()
    base, *names = late.modules
    if known.lacks(base) and not module_file(config, base.partition(".")[0]):
        return None if late.is_caught else base  # what catches it has something else to do
    needed = [base, *(name for name in names if module_file(config, name))]
    return next((name for name in needed if name not in there and not known.has(name)), None)


def _warning(module: str, late: Import) -> Diagnostic:
    lacks = library().lacks(module)
    return Diagnostic(
        LATE_IMPORT,
        Severity.WARNING,
        lacks or f"`{module}` is imported in a function: the component has no files to import it from",
        line(late.file, late.node.lineno),
        help="the function will raise `ModuleNotFoundError`"
        if lacks
        else "import it at the top of a module, which is done while the component is built",
    )
