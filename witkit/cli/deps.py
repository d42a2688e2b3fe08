"""`witkit deps`: the dependencies of WIT packages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from witkit.cli.options import GivenPath, format_option
from witkit.cli.suggesting import SuggestingGroup

if TYPE_CHECKING:
    from witkit.text import Diagnostic


@click.group("deps", cls=SuggestingGroup, short_help="Check dependencies against their locks.")
def command() -> None:
    """Look after the dependencies of WIT packages. Nothing is fetched."""


@command.command("check", short_help="Report dependencies that are not as they should be.")
@click.argument("paths", nargs=-1, type=GivenPath(), metavar="[PATH]...")
@format_option
def check(paths: tuple[Path, ...], format: str) -> int:
    """Report dependencies that are missing, edited, broken, or not as `deps.lock` and `wkg.lock` say.

    PATH is the folder of a package or any file in it. The default is the folder `wit`, or else the current folder.
    `witkit check` reports the same, and mistakes in the package itself. The exit code is 1 if there are findings.
    """
    from witkit.cli.packages import packages
    from witkit.cli.report import counted, exit_code, report, tally
    from witkit.ir.load.locks import locked_names

    chosen = packages(paths or [Path("wit") if Path("wit").is_dir() else Path()])
    found = list(dict.fromkeys(d for path in chosen for d in _findings(path)))
    locked = sum(len(locked_names(path)) for path in chosen)
    line = f"{tally(found) or 'nothing to report'} in {counted(len(chosen), 'package')}"
    report(found, format, last_line=f"{line}; {counted(locked, 'package')} locked")
    return exit_code(found)


def _findings(path: Path) -> Sequence[Diagnostic]:
    """What loading the package finds about its dependencies."""
    from witkit.cli.packages import BESIDE_A_PACKAGE, is_vendored
    from witkit.ir import load
    from witkit.ir.load import deps_toml, files, locks, package_graph, tables
    from witkit.text import WitkitError
    from witkit.text.files import CANNOT_READ, ENCODED_PACKAGE, NO_WIT_FILES

    about_dependencies = {
        package_graph.PACKAGE_NOT_FOUND,
        package_graph.PACKAGE_TWICE,
        package_graph.PACKAGE_CYCLE,
        # What cannot be read may name dependencies, or be one.
        CANNOT_READ,
        files.DEPS_NOT_A_FOLDER,
        ENCODED_PACKAGE,
        tables.BAD_TOML,
        deps_toml.BAD_ENTRY,
        deps_toml.NO_SUCH_FOLDER,
        locks.LOCKED_BUT_MISSING,
        locks.LOCKED_OTHER_VERSION,
        locks.LOCKED_OTHER_CONTENT,
        locks.NOT_LOCKED,
    }
    if not any((path / name).exists() for name in BESIDE_A_PACKAGE):
        # Without dependencies and without a package, it is the wrong folder.
        about_dependencies.add(NO_WIT_FILES)
    try:
        found = load(path).diagnostics
    except WitkitError as unreadable:
        return unreadable.diagnostics
    return [d for d in found if d.code in about_dependencies or (d.is_error and is_vendored(d.where, path))]
