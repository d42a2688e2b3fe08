"""Find modules and names that a guest imports from an SDK, and that the SDK certainly does not have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from witkit.componentize.family import are_bindings
from witkit.componentize.modules import bound_names, line, parse
from witkit.componentize.reading import ImportStatement
from witkit.componentize.sdks import Sdk
from witkit.text import Diagnostic, WitkitError, did_you_mean, error

MISSING_MODULE: Final = "WIT0756"


def missing_from_sdk(each: ImportStatement, sdks: list[Sdk]) -> Iterator[Diagnostic]:
    """Findings for an import from one of the packages of `sdks`. The bindings in them are not looked at."""
    base, names = each.modules[0], each.names
    packages = [sdk.bindings for sdk in sdks if sdk.bindings]
    sdk = next(sdk for sdk in sdks if sdk.top == base.partition(".")[0])
    place = sdk.root.joinpath(*base.split("."))
    if are_bindings(base, packages):
        return
    if not _is_module(place):
        yield _missing(base, place.parent, each, set())
    elif (known := _names(place)) is not None:
        lacking = [name for name in names if name != "*" and not name.startswith("__") and name not in known]
        yield from (_missing(f"{base}.{name}", place, each, known) for name in lacking if not _is_module(place / name))


def _is_module(place: Path) -> bool:
    return place.is_dir() or next(place.parent.glob(f"{place.name}.*"), None) is not None


def _names(place: Path) -> set[str] | None:
    """The names of a module, or None if its text does not show them."""
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    try:
        return bound_names(parse(file)) if file.is_file() else None
    except (OSError, WitkitError):
        return None


def _missing(name: str, folder: Path, each: ImportStatement, known: set[str]) -> Diagnostic:
    package, _, last = name.rpartition(".")
    beside = {file.stem for file in folder.glob("[!_.]*") if file.suffix == ".py" or file.is_dir()}
    help = (
        did_you_mean(last, sorted({*known, *beside})) or f"`{package}` has {', '.join(sorted(beside)) or 'no modules'}"
    )
    message = f"the guest imports `{name}`, which the SDK does not have"
    return error(MISSING_MODULE, message, line(each.file, each.node.lineno), help=help)
