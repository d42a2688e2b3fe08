"""`witkit diff`: what has changed between two versions of a package, and whom it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from witkit.cli.options import features_of, features_options, format_option

if TYPE_CHECKING:
    from witkit.checks.diff import Comparison
    from witkit.ir import Features, Loaded
    from witkit.text import Diagnostic, WitkitError


@click.command(short_help="Compare two versions of a WIT package.")
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "unversioned", "any"]),
    default="breaking",
    show_default=True,
    help="Exit with 1 for breaking changes, for changes that the version does not say, or for all changes.",
)
@click.option("--all", "everything", is_flag=True, help="Show changes of documentation, order and gates, too.")
@click.option("--component-model", metavar="RELEASE", help="The release whose rules count; so far there is one, 0.3.")
@features_options
@format_option
def command(
    old: str,
    new: str | None,
    fail_on: str,
    everything: bool,
    component_model: str | None,
    features: tuple[str, ...],
    all_features: bool,
    format: str,
) -> int:
    """Compare two versions of a package: what has changed, where, and whom it breaks.

    OLD and NEW are folders, files, components (.wasm), or revisions of git: REV:path, or REV for the path of the other
    one. NEW is by default the folder `wit`, or else the current folder. What is `@unstable` does not count unless its
    feature is named. The exit code is 1 if --fail-on says so, and 2 if nothing could be compared.
    """
    from witkit.checks.diff import diff
    from witkit.checks.diff.shown import diagnostics
    from witkit.checks.diff.verdict import TODAY
    from witkit.cli.report import failed, report
    from witkit.text import WitkitError

    new = str(_default()) if new is None else new
    chosen = features_of(features, all_features)
    try:
        both = _loaded(old, new, chosen), _loaded(new, old, chosen)
        comparison = diff(*both, component_model=component_model or TODAY)
    except (WitkitError, OSError) as wrong:
        failed(_why(wrong), format)
        return 2
    found = diagnostics(comparison, everything=everything, by_version=fail_on == "unversioned")
    report(found, format, last_line=_summary(comparison))
    return _exit_code(comparison, fail_on)


def _loaded(text: str, other: str, features: Features) -> Loaded:
    """The package at a path, or else in a revision of git, where it has the path of what it is compared with."""
    from witkit.cli.packages import package_of
    from witkit.cli.revisions import load_before
    from witkit.ir import load

    path = package_of(Path(text)) if text else None
    if path is not None and path.exists():
        return load(path, features=features).raise_for_errors()
    if ":" not in text and ":" in other and not Path(other).exists():
        text = f"{text}:{other.partition(':')[2]}"
    beside = package_of(Path(other))
    return load_before(beside if beside is not None and beside.exists() else _default(), text, features)


def _why(wrong: WitkitError | OSError) -> Sequence[Diagnostic]:
    from witkit.ir.load.files import refused_path

    return [refused_path(str(wrong.filename), wrong)] if isinstance(wrong, OSError) else wrong.diagnostics


def _default() -> Path:
    """The folder that is meant if none is named."""
    return Path("wit") if Path("wit").is_dir() else Path()


def _exit_code(comparison: Comparison, fail_on: str) -> int:
    fails = {
        "breaking": comparison.is_breaking,
        "unversioned": not comparison.is_promised,
        "any": bool(comparison.changes),
    }
    return 1 if fails[fail_on] else 0


def _summary(comparison: Comparison) -> str:
    """The last line of the output: `1 breaking change, 2 additions`."""
    from witkit.checks.diff import Bump
    from witkit.cli.report import counted

    nouns = {Bump.MAJOR: "breaking change", Bump.MINOR: "addition", Bump.PATCH: "other change"}
    numbers = [(sum(change.bump is bump for change in comparison.changes), noun) for bump, noun in nouns.items()]
    found: Sequence[str] = [counted(number, noun) for number, noun in numbers if number]
    return ", ".join(found) or "no changes"
