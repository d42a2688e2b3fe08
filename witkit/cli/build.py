"""`witkit build`: build a component from a guest in Python."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from witkit.cli.options import GivenPath, module_names_options

if TYPE_CHECKING:
    from witkit.componentize import BuildConfig, Built


@click.command("build")
@click.argument("folder", metavar="[DIR]", required=False, type=GivenPath())
@click.option(
    "-d", "--wit", multiple=True, metavar="PATH", help="WIT package, relative to DIR if DIR is given (default: wit)."
)
@click.option("-w", "--world", multiple=True, metavar="NAME", help="World to build. Several worlds are merged.")
@click.option(
    "-m",
    "--module-worlds",
    multiple=True,
    metavar="MODULE=WORLD",
    help="World to use of the SDK in the Python package MODULE.",
)
@click.option("-i", "--intersect-world", metavar="NAME", help="Drop imports and exports that this world does not have.")
@module_names_options
@click.option("--app", metavar="MODULE", help="Python module that implements the exports (default: app).")
@click.option(
    "-o",
    "--out",
    type=GivenPath(),
    help="File to write (default: DIR/<world>.wasm).",
)
@click.option("--stub-wasi", is_flag=True, default=None, help="Replace WASI by functions that trap.")
@click.option("--force", is_flag=True, help="Build even if no input has changed.")
@click.option("-q", "--quiet", is_flag=True, help="Print only errors.")
def command(
    folder: Path | None,
    out: Path | None,
    module_worlds: tuple[str, ...],
    import_names: tuple[str, ...],
    export_names: tuple[str, ...],
    full_names: bool,
    force: bool,
    quiet: bool,
    **settings: Any,
) -> int:
    """Build a component from the guest in DIR with componentize-py.

    The default for DIR is the nearest folder, from the current one upwards, that has a folder `wit` or a pyproject.toml
    with a table `[tool.witkit]`. Options override the settings in `[tool.witkit]` and `[tool.witkit.build]`. If the
    component was already built from the same inputs, it is not built again.
    """
    from witkit.bindgen.common.module_names import chosen_names
    from witkit.cli.report import report
    from witkit.componentize import build, load_config
    from witkit.componentize.config import worlds_by_module
    from witkit.componentize.projects import project_of

    root = folder or project_of(Path())
    if folder is None and settings["wit"]:
        # Without DIR, paths on the command line are relative to the current folder, not to the project.
        settings["wit"] = tuple(os.path.relpath(path, root) for path in settings["wit"])
    settings["module_worlds"] = worlds_by_module(module_worlds)
    settings["names"] = chosen_names(import_names, export_names, full_names)
    config = load_config(root, out=str(out.absolute()) if out else None, **settings)
    try:
        built = build(config, force=force, tick=None if quiet else _progress(config))
    finally:
        # Errors start on a line of their own.
        if not quiet:
            _clear()
    if not quiet:
        report(built.warnings, "text", to_stderr=True)
        _print(built)
    return 0


def _progress(config: BuildConfig) -> Callable[[], None]:
    """A function that shows the elapsed seconds on a terminal, and one line anywhere else."""
    what = f"building {config.app} with componentize-py …"
    started, shown = time.monotonic(), -1

    def tick() -> None:
        nonlocal shown
        seconds = int(time.monotonic() - started) if sys.stderr.isatty() else 0
        if seconds > shown:
            shown = seconds
            if sys.stderr.isatty():
                click.echo(f"\r{what} {seconds} s", nl=False, err=True)
            else:
                click.echo(what, err=True)

    return tick


def _clear() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)


def _print(built: Built) -> None:
    state = "is up to date" if built.fresh else "built"
    click.echo(f"{built.path} {state}, {built.size / 1e6:.1f} MB")
    for module, worlds in built.sdk_worlds.items():
        click.echo(f"  for {' and '.join(worlds)} of the SDK {module}")
    own = [name for name in built.imports if not name.startswith("wasi:")]
    wasi = Counter(name.partition("/")[0] for name in built.imports if name.startswith("wasi:"))
    for name in own:
        click.echo(f"  imports {name}")
    if wasi:
        packages = ", ".join(package.removeprefix("wasi:") for package in wasi)
        click.echo(f"  imports {wasi.total()} WASI interfaces ({packages})")
    if not built.imports:
        click.echo("  imports nothing")
