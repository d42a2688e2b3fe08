"""`witkit show`: print a WIT package with all names resolved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from witkit.cli.options import GivenPath, features_of, features_options

if TYPE_CHECKING:
    from witkit.ir import Features, Loaded
    from witkit.ir.model import Resolve
    from witkit.ir.written import Written


@click.command(short_help="Print a WIT package with all names resolved.")
@click.argument("path", type=GivenPath())
@click.option(
    "--format",
    type=click.Choice(["tree", "wit", "json"]),
    default="tree",
    show_default=True,
    help="An outline, canonical WIT, or the JSON of wasm-tools.",
)
@click.option("--package", metavar="NS:NAME@VER", help="Package name for files in the dialect of 2022.")
@features_options
def command(path: Path, format: str, package: str | None, features: tuple[str, ...], all_features: bool) -> int:
    """Print the package at PATH with all names resolved. PATH is a folder, a single file or a binary (.wasm).

    If the package has errors, they are written to standard error and the exit code is 1. Use --package for a folder in
    the dialect of 2022: it is shown as `witkit upgrade` would write it. A package that has a name keeps it.
    """
    from witkit.checks import NO_RULES, check
    from witkit.cli.report import exit_code, report

    loaded = _loaded(path, package, features_of(features, all_features))
    found = check(loaded, NO_RULES)
    if package is not None:
        from witkit.upgrade import NO_EFFECT

        report([d for d in found if d.code == NO_EFFECT], "text", to_stderr=True)
    errors = [d for d in found if d.is_error]
    if errors or loaded.resolve is None:
        report(errors, "text", to_stderr=True)
        return exit_code(errors)
    click.echo(_printed(loaded.resolve, loaded.written, format), nl=False)
    return 0


def _loaded(path: Path, package: str | None, features: Features) -> Loaded:
    if package is None:
        from witkit.ir import load

        return load(path, features=features)
    from witkit import upgrade

    return upgrade.load(path, package=upgrade.package_name(package), features=features)


def _printed(resolve: Resolve, written: Written, format: str) -> str:
    from witkit.ir.show import outline
    from witkit.ir.show import resolve_json as dump
    from witkit.ir.show import wit as wit_text

    if format == "json":
        import json

        return json.dumps(dump.to_json(resolve, written), indent=2) + "\n"
    return wit_text.to_wit(resolve, written) if format == "wit" else outline.to_tree(resolve)
