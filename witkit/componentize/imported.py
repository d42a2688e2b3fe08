"""Find the top-level packages that a guest imports, as far as its text says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from witkit.componentize.modules import parse
from witkit.componentize.reading import ImportStatement, imports_of, read_modules
from witkit.text import WitkitError

if TYPE_CHECKING:
    from witkit.componentize.config import BuildConfig


def top_names(config: BuildConfig) -> list[str]:
    """The top-level names that the guest's modules import, from `app` on, in order. Includes imports in functions."""
    modules = read_modules(config, [config.app])
    return list(dict.fromkeys(_tops(each for module in modules for each in module.imports)))


def names_in(package: Path, *, but: Sequence[Path] = ()) -> list[str]:
    """The top-level names that the modules of a package import, except for modules in the folders `but`."""
    files = sorted(file for file in package.rglob("*.py") if not any(file.is_relative_to(folder) for folder in but))
    return list(dict.fromkeys(name for file in files for name in _tops(_imports(file, package))))


def _tops(imports: Iterable[ImportStatement]) -> Iterator[str]:
    return (each.modules[0].partition(".")[0] for each in imports)


def _imports(file: Path, package: Path) -> Iterator[ImportStatement]:
    try:
        tree = parse(file)
    except (WitkitError, OSError):
        return
    yield from imports_of(tree, ".".join(file.relative_to(package.parent).with_suffix("").parts), file)
