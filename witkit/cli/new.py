"""`witkit new`: start a project."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click


@click.group("new", short_help="Start a project.")
def command() -> None:
    """Start a project that can be tested, built and run at once."""


@command.command("guest")
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--wit",
    multiple=True,
    metavar="PATH",
    type=click.Path(path_type=Path, readable=False, exists=True),
    help="An interface to implement.",
)
@click.option(
    "-w",
    "--world",
    multiple=True,
    metavar="WORLD",
    help="The world of that interface, needed where there are several; without --wit, what the new world is called.",
)
def guest(folder: Path, wit: tuple[Path, ...], world: tuple[str, ...]) -> int:
    """Start a component in Python in the new folder NAME.

    It has an interface in WIT, the code behind it, tests that need no build, and typed bindings. With
    --wit the interface is a copy of that package, and app.py has a class for each export to be filled in.
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
    click.echo(f"next: cd {quote(str(folder))} && pytest && witkit build")
    return 0
