"""Find imports inside functions, which fail in a component.

componentize-py imports the guest once, during the build, and keeps the memory. A component does not have any files to
import from, so a module that a function imports must already be in memory. `preload` does this for the standard
library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import line, module_file
from witkit.componentize.reading import ImportStatement, ReadModule
from witkit.interpreter import library
from witkit.interpreter.library import with_parents
from witkit.text import Diagnostic, Severity

LATE_IMPORT: Final = "WIT0761"


def late_imports(config: BuildConfig, modules: Sequence[ReadModule]) -> Iterator[Diagnostic]:
    """A warning for each import in a function of a module that the guest does not import at the top of any module."""
    early = {config.world_module, f"{config.world_module}.exports", *(module.name for module in modules)}
    early |= {name for module in modules for each in module.imports if not each.is_late for name in each.modules}
    there = {parent for name in early for parent in with_parents(name)}
    for module in modules:
        for each in sorted(module.imports, key=lambda each: each.node.lineno):
            if each.is_late and (missing := _missing(config, each, there)):
                yield _warning(missing, each)


def _missing(config: BuildConfig, late: ImportStatement, there: set[str]) -> str | None:
    """The first module that an import needs but that will not be in memory."""
    known = library()
    base, *names = late.modules
    if known.lacks(base) and not module_file(config, base.partition(".")[0]):
        return None if late.is_caught else base  # the handler does something else instead
    needed = [base, *(name for name in names if module_file(config, name))]
    return next((name for name in needed if name not in there and not known.has(name)), None)


def _warning(module: str, late: ImportStatement) -> Diagnostic:
    lacks = library().lacks(module)
    return Diagnostic(
        LATE_IMPORT,
        Severity.WARNING,
        lacks or f"`{module}` is imported in a function, but the component does not have its file",
        line(late.file, late.node.lineno),
        help="the function will raise `ModuleNotFoundError`"
        if lacks
        else "import it at the top of a module, so that it is imported in the build",
    )
