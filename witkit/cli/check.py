"""`witkit check`: report mistakes in WIT packages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from witkit.cli.options import features_of, features_options, format_option, rules_options

if TYPE_CHECKING:
    from witkit.checks.chosen import Wanted
    from witkit.ir import Features
    from witkit.text import Diagnostic


@click.command(short_help="Check WIT packages for mistakes.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[PATH]...")
@rules_options
@features_options
@format_option
def command(
    paths: tuple[Path, ...],
    preset: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    features: tuple[str, ...],
    all_features: bool,
    format: str,
) -> int:
    """Check WIT packages: syntax, names, types, versions and feature gates, and the rules of a preset.

    PATH is the folder of a package, any file in it, or a single file. The default is the folder `wit`, or else the
    current folder. Dependencies in `deps` are read, too, but only their errors are reported. `[check]` in witkit.toml,
    or `[tool.witkit.check]` in pyproject.toml, says which rules run. The exit code is 1 if there are errors or
    warnings.
    """
    from witkit.checks.chosen import Wanted
    from witkit.cli.options import names_of
    from witkit.cli.packages import packages
    from witkit.cli.report import add_to_step_summary, exit_code, report

    chosen = packages(paths or [Path("wit") if Path("wit").is_dir() else Path()])
    wanted = Wanted(preset, names_of(select), names_of(ignore))
    found = findings(chosen, features_of(features, all_features), wanted)
    report(found, format)
    if format == "github":
        add_to_step_summary(found)
    if format != "json":
        click.echo(summary(found, len(chosen)))
    return exit_code(found)


def findings(paths: Sequence[Path], features: Features, wanted: Wanted) -> list[Diagnostic]:
    """The findings in some packages. Those in a dependency that several packages share are reported once."""
    from witkit.checks import check
    from witkit.cli.packages import is_vendored
    from witkit.ir import load
    from witkit.text import WitkitError

    found: dict[object, Diagnostic] = {}
    for path in paths:
        settings = wanted.settings(path)
        try:
            diagnostics = check(load(path, features=features), settings)
        except WitkitError as unreadable:
            diagnostics = unreadable.diagnostics
        for d in diagnostics:
            if d.is_error or not is_vendored(d.where, path):
                found.setdefault((d.where, d.primary and d.primary.start, d.code, d.message), d)
    return list(found.values())


def summary(found: Sequence[Diagnostic], number: int) -> str:
    """The last line of the output: `2 errors, 1 warning in 3 packages`."""
    from witkit.cli.report import counted, tally

    return f"{tally(found) or 'nothing to report'} in {counted(number, 'package')}"
