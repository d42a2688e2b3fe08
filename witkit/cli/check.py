"""`witkit check`: report mistakes in WIT packages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from witkit.cli.options import features_of, features_options, format_option, rules_options

if TYPE_CHECKING:
    from witkit.checks.chosen import Wanted
    from witkit.checks.fixing import Fixed
    from witkit.ir import Features
    from witkit.text import Diagnostic


@click.command(short_help="Check WIT packages for mistakes.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[PATH]...")
@rules_options
@click.option("--fix", is_flag=True, help="Change the files: apply the fixes of findings.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--unsafe-fixes", is_flag=True, help="Apply fixes that need a look at the result, too.")
@features_options
@format_option
def command(
    paths: tuple[Path, ...],
    preset: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    diff: bool,
    unsafe_fixes: bool,
    features: tuple[str, ...],
    all_features: bool,
    format: str,
) -> int:
    """Check WIT packages: syntax, names, types, versions and feature gates, and the rules of a preset.

    PATH is the folder of a package, any file in it, or a single file. The default is the folder `wit`, or else the
    current folder. Dependencies in `deps` are read, too, but only their errors are reported. `[check]` in witkit.toml,
    or `[tool.witkit.check]` in pyproject.toml, says which rules run. The exit code is 1 if there are errors or
    warnings, or if --diff shows a change.
    """
    from witkit.checks.chosen import Wanted
    from witkit.cli.options import names_of
    from witkit.cli.packages import packages
    from witkit.cli.report import exit_code, report

    chosen = packages(paths or [Path("wit") if Path("wit").is_dir() else Path()])
    wanted = Wanted(preset, names_of(select), names_of(ignore))
    checked = [
        _checked(path, features_of(features, all_features), wanted, fix=fix or diff, unsafe=unsafe_fixes)
        for path in chosen
    ]
    if diff:
        return _show_changes(checked)
    if fix:
        _write_changes(checked)
    found = _together(chosen, checked)
    report(found, format, last_line=summary(found, len(chosen), sum(each.count for each in checked)))
    return exit_code(found)


def findings(paths: Sequence[Path], features: Features, wanted: Wanted) -> list[Diagnostic]:
    """The findings in some packages. Those in a dependency that several packages share are reported once."""
    return _together(paths, [_checked(path, features, wanted) for path in paths])


def _checked(path: Path, features: Features, wanted: Wanted, *, fix: bool = False, unsafe: bool = False) -> Fixed:
    """The findings in a package, after its fixes if it is to be fixed."""
    from witkit.checks import check, fixing
    from witkit.ir import load
    from witkit.text import WitkitError

    settings = wanted.settings(path)
    try:
        if fix:
            return fixing.fix(lambda texts: load(path, features=features, texts=texts), settings, unsafe=unsafe)
        return fixing.Fixed(check(load(path, features=features), settings))
    except WitkitError as unreadable:
        return fixing.Fixed(unreadable.diagnostics)


def _together(paths: Sequence[Path], checked: Sequence[Fixed]) -> list[Diagnostic]:
    from witkit.cli.packages import is_vendored

    found: dict[object, Diagnostic] = {}
    for path, each in zip(paths, checked, strict=True):
        for d in each.found:
            if d.is_error or not is_vendored(d.where, path):
                found.setdefault((d.where, d.primary and d.primary.start, d.code, d.message), d)
    return list(found.values())


def _show_changes(checked: Sequence[Fixed]) -> int:
    """Print the changes of all packages as one diff."""
    from difflib import unified_diff

    from witkit.text.visible import visible

    texts = {name: text for each in checked for name, text in each.texts.items()}
    for name, text in sorted(texts.items()):
        old = Path(name).read_bytes().decode().splitlines(keepends=True)
        for line in unified_diff(old, text.splitlines(keepends=True), name, name):
            ending = "\n" if line.endswith("\n") else "\n\\ No newline at end of file\n"
            click.echo(visible(line.rstrip("\r\n")) + ending, nl=False)
    return 1 if texts else 0


def _write_changes(checked: Sequence[Fixed]) -> None:
    from witkit.cli.files import Change, apply

    texts = {name: text for each in checked for name, text in each.texts.items()}
    apply([Change(Path(name), text, "change") for name, text in texts.items()])


def summary(found: Sequence[Diagnostic], packages: int, fixed: int = 0) -> str:
    """The last line of the output: `2 errors, 1 warning in 3 packages`, and what was or can be fixed."""
    from witkit.cli.report import counted, tally

    line = f"{tally(found) or 'nothing to report'} in {counted(packages, 'package')}"
    fixable = sum(d.fix is not None and d.fix.is_safe for d in found)
    more = [f"{fixed} fixed"] if fixed else []
    more += [f"{fixable} can be fixed with --fix"] if fixable else []
    return "; ".join([line, *more])
