"""What `witkit check --wit` does: does each component fit the world that a host promises?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from witkit.checks.fits import fits
from witkit.cli.report import counted, exit_code, failed, report, tally
from witkit.ir import Features, load
from witkit.text import Diagnostic, WitkitError


def check_fits(
    paths: Sequence[Path], promised: Path, world: str | None, wasi: str | None, features: Features, format: str
) -> int:
    """Report everything that prevents the components from running in that world, or why it cannot be read.

    Gives the exit code. Raises UsageError if there is no component.
    """
    if not paths:
        raise click.UsageError("name the components that have to fit the world of --wit")
    try:
        host = load(promised, features=features).world(world)
    except WitkitError as unreadable:
        return failed(unreadable.diagnostics, format)
    found: list[Diagnostic] = []
    for path in paths:
        try:
            component = load(path, features=features).world()
        except WitkitError as unreadable:
            found += unreadable.diagnostics
        else:
            found += fits(component, host, file=str(path), wasi=wasi)
    many = counted(len(paths), "component")
    fit = "fits" if len(paths) == 1 else "fit"
    last = f"{tally(found)} in {many}" if found else f"{many} {fit} `{host.qualified_name}`"
    report(found, format, last_line=last)
    return exit_code(found)


def refuse_others(options: Iterable[tuple[str, object]]) -> None:
    """Raise UsageError for options that make no sense for components."""
    for name, value in options:
        if value:
            raise click.UsageError(f"{name} is about packages, and --wit about components")
