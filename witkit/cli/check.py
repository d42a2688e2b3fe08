"""`witkit check`: report mistakes in WIT packages."""

from __future__ import annotations

from pathlib import Path

import click

from witkit.cli.named_like_options import OfFiles
from witkit.cli.options import (
    GivenPath,
    checked_release,
    checked_target,
    features_of,
    features_options,
    format_option,
    rules_options,
)


@click.command(cls=OfFiles, short_help="Check WIT packages for mistakes.")
@click.argument("paths", nargs=-1, type=GivenPath(), metavar="[PATH]...")
@rules_options
@click.option(
    "--target",
    metavar="NAME[@VERSION]",
    callback=checked_target,
    help="Tool that must be able to build or pass the package, such as jco.",
)
@click.option("--wasi", metavar="VERSION", callback=checked_release, help="Release of WASI that the package is for.")
@click.option("--against", metavar="REVISION|PATH", help="Compare with an earlier version, in git or on disk.")
@click.option("--fix", is_flag=True, help="Change the files: apply the fixes of findings.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: fixes that need a look, too.")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Do not report what this file knows.")
@click.option("--write-baseline", is_flag=True, help="Write all findings of rules to the baseline.")
@click.option(
    "--wit",
    "--profile",
    "promised",
    type=GivenPath(),
    metavar="PATH",
    help="PATHs are components: do they fit the world of this package?",
)
@click.option("--world", metavar="NAME", help="The world of --wit, if it has several.")
@features_options
@format_option
def command(
    paths: tuple[Path, ...],
    preset: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    target: str | None,
    wasi: str | None,
    against: str | None,
    fix: bool,
    diff: bool,
    unsafe_fixes: bool,
    baseline: Path | None,
    write_baseline: bool,
    promised: Path | None,
    world: str | None,
    features: tuple[str, ...],
    all_features: bool,
    format: str,
) -> int:
    """Check WIT packages: syntax, names, types, versions and feature gates, and the rules of a preset.

    PATH is the folder of a package, any file in it, or a single file. The default is the folder `wit`, or else the
    current folder. Dependencies in `deps` are read, too, but only their errors are reported. `[check]` in witkit.toml,
    or `[tool.witkit.check]` in pyproject.toml, says which rules run. The exit code is 1 if there are errors or
    warnings, or if --diff shows a change.

    With --wit (or --profile, which is the same), PATHs are components, and the package has a world that a host
    promises. Everything is reported that prevents the components from running there. --wasi names a release of WASI
    that the host has as well.
    """
    if promised is not None:
        from witkit.cli.fitting import check_fits, refuse_others

        rules = (("--preset", preset), ("--select", select), ("--ignore", ignore), ("--target", target))
        changes = (("--fix", fix), ("--diff", diff), ("--unsafe-fixes", unsafe_fixes), ("--against", against))
        refuse_others((*rules, *changes, ("--baseline", baseline), ("--write-baseline", write_baseline)))
        return check_fits(paths, promised, world, wasi, features_of(features, all_features), format)
    if world is not None:
        raise click.UsageError("--world names a world of --wit")
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if diff and (write_baseline or format != "text"):
        raise click.UsageError(
            f"--diff shows changes only: omit {'--write-baseline' if write_baseline else '--format'}"
        )
    from witkit.checks.chosen import Wanted
    from witkit.cli import checking
    from witkit.cli.options import names_of
    from witkit.cli.packages import packages
    from witkit.cli.report import exit_code, failed, report
    from witkit.text import WitkitError

    asked = (preset, names_of(select), names_of(ignore), baseline, target, wasi, against)
    wanted = Wanted(*asked, names_of(features), all_features)
    chosen = packages(paths or [Path("wit") if Path("wit").is_dir() else Path()])
    fixes = checking.Fixes.NONE if not (fix or diff) else checking.Fixes.ALL if unsafe_fixes else checking.Fixes.SAFE
    try:
        checked = [checking.checked(path, wanted, fixes) for path in chosen]
        if diff:
            return checking.show_changes(checked)
        if fix:
            checking.write_changes(checked)
        known = checking.write_baselines(checked) if write_baseline else ""
        found = checking.findings(checked)
    except WitkitError as wrong:
        return failed(wrong.diagnostics, format)
    report(found, format, last_line="; ".join(filter(None, [checking.summary(found, checked), known])))
    return exit_code(found)
