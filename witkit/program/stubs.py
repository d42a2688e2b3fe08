"""Imports that a run leaves out (`--optional`), and the world that a host promises (`--profile`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from witkit.abi.versions import compatible, split
from witkit.runtime import UntypedComponent
from witkit.runtime.provide import UNKNOWN_OPTIONAL
from witkit.text import Diagnostic, WitkitError, did_you_mean, error


def import_names(component: Any) -> list[str]:
    """The names of all imports: interfaces, labels, and functions of the world; WASI's included."""
    return list(component.imports)


def stubbed(names: Iterable[str], optional: Sequence[str]) -> list[str]:
    """The imports that are left out: those with these names, with a compatible version or without version."""
    return [name for name in names if any(_means(each, name) for each in optional)]


def unknown(names: Sequence[str], optional: Sequence[str], file: str) -> list[Diagnostic]:
    """Findings (WIT0715) for optional names that no import has."""
    return [
        error(
            UNKNOWN_OPTIONAL,
            f"the optional import `{each}` is not an import of the component",
            help=did_you_mean(each, names) or f"its imports: {', '.join(names) or 'none'}",
            file=file,
        )
        for each in optional
        if not any(_means(each, name) for name in names)
    ]


def outside(component: Any, profile: Path | None) -> list[Diagnostic]:
    """What a component imports that the world in a folder does not promise, and the exports that it lacks; or why the
    world cannot be read."""
    if profile is None:
        return []
    from witkit.checks.fits import fits
    from witkit.ir import load

    try:
        promised = load(profile).world(None)
        world = load(component.name).world(None) if isinstance(component, UntypedComponent) else component.world
    except WitkitError as unreadable:
        return list(unreadable.diagnostics)
    found = fits(world, promised, file=component.name)
    # `witkit check` has an option for hosts with WASI; here the world is all that is promised.
    help = f"import it in `{promised.name}` if this host promises it"
    return [replace(said, help=help) if "`--wasi VERSION`" in said.help else said for said in found]


def _means(given: str, name: str) -> bool:
    return given in (name, split(name)[0]) or ("@" in given and compatible(given, name))
