"""`witkit new`: create a project."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from witkit.cli.options import GivenPath
from witkit.cli.suggesting import SuggestingGroup


@click.group("new", cls=SuggestingGroup, short_help="Create a project.")
def command() -> None:
    """Create a project that you can test, build and run at once."""


@command.command("guest")
@click.argument("folder", metavar="NAME", type=GivenPath())
@click.option(
    "--wit",
    multiple=True,
    metavar="PATH",
    type=click.Path(path_type=Path, readable=False, exists=True),
    help="WIT package to implement.",
)
@click.option(
    "-w",
    "--world",
    multiple=True,
    metavar="WORLD",
    help="World to implement, required if the package has several. Without --wit: the name of the new world.",
)
def guest(folder: Path, wit: tuple[Path, ...], world: tuple[str, ...]) -> int:
    """Create a component in Python in the new folder NAME.

    The project has a WIT package, its implementation, typed bindings, and tests that do not need a build. With --wit,
    the WIT package is a copy of the given one, and app.py has a class to complete for each export.
    """
    from witkit.cli.report import report
    from witkit.componentize.scaffold import NewGuest, create

    if len(wit) > 1 or len(world) > 1:
        raise click.UsageError(
            "a new project has one package and one world: list others in its pyproject.toml, as `wit` and `world` of"
            " `[tool.witkit.build]`"
        )
    made = create(NewGuest(folder, next(iter(wit), None), next(iter(world), None)))
    report(made.warnings, "text", to_stderr=True)
    for path in made.files:
        if "bindings" not in path.relative_to(folder).parts:
            click.echo(f"{path}: created")
    click.echo(f"{folder / 'bindings'}: created")
    click.echo(f"next: {_entering(folder)}pytest && witkit build")
    return 0


@command.command("proposal", short_help="Create a proposal for WASI in the new folder NAME.")
@click.argument("folder", metavar="NAME", type=GivenPath())
def proposal(folder: Path) -> int:
    """Create a proposal for WASI in the new folder NAME: `wasi-mail` or `mail` for the package `wasi:mail`.

    It has a WIT package with documentation and feature gates, a README with the headings that a proposal needs, and a
    workflow and hooks that check, format and compare the package.
    """
    from witkit.componentize.proposal import create_proposal

    for path in create_proposal(folder):
        click.echo(f"{path}: created")
    click.echo(f"next: {_entering(folder)}witkit check")
    return 0


def _entering(folder: Path) -> str:
    """The start of a line of commands that are run in a folder."""
    return "" if folder == Path() else f"cd {quote(str(folder))} && "
