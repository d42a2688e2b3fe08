"""`witkit gen`: write typed Python for one side of a world."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from witkit.cli.options import features_of, features_options, module_names_options

if TYPE_CHECKING:
    from witkit.bindgen import GeneratedFile, ModuleNames
    from witkit.cli.config import Generation
    from witkit.ir.model import World

_SIDES = {
    "host": "the program that loads a component",
    "guest": "the component itself",
}
_MORE = {
    "host": "",
    "guest": " Several packages and worlds become one. Without PATH, generate for the guest of the project what no SDK"
    " that it uses brings.",
}


@click.group(invoke_without_command=True, short_help="Generate typed Python from a WIT package.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 and list the files that would change.")
@click.option(
    "--project",
    "projects",
    type=click.Path(path_type=Path, readable=False),
    multiple=True,
    metavar="DIR",
    help="Folder of a pyproject.toml (may be given several times; default: the current folder or one above it).",
)
@click.pass_context
def command(context: click.Context, check: bool, projects: tuple[Path, ...]) -> int:
    """Generate typed Python for one side of a world.

    Without a subcommand, generate everything that `[[tool.witkit.gen]]` of pyproject.toml lists. The file is looked
    for in the current folder and in those above.
    """
    if context.invoked_subcommand is not None:
        if check or projects:
            raise click.UsageError(f"options of `gen` itself do not go with `{context.invoked_subcommand}`", context)
        return 0
    from witkit.cli.config import generations
    from witkit.text.projects import find_configured_project

    folders = projects or (find_configured_project(Path()) or Path(),)
    listed = [one for folder in folders for one in generations(folder)]
    if not listed:
        files = ", ".join(str(folder / "pyproject.toml") for folder in folders)
        raise click.UsageError(f"{files} lists nothing to generate: add a table `[[tool.witkit.gen]]`", context)
    return max(_generate(one, check) for one in listed)


def _side(backend: str, who: str) -> click.Command:
    """The subcommand for one backend."""

    several = backend == "guest"
    what = f"Generate the Python of {who}, from the package or component at PATH.{_MORE[backend]}"

    @click.command(backend, help=what)
    @click.argument(
        "paths",
        metavar="[PATH]..." if several else "PATH",
        type=click.Path(path_type=Path, readable=False),
        nargs=-1 if several else 1,
    )
    @click.option("--world", "-w", multiple=several, help="The world; may be left out where the package has only one.")
    @click.option(
        "--out", "-o", type=click.Path(path_type=Path, readable=False), required=True, help="Folder to write below."
    )
    @click.option("--check", is_flag=True, help="Write nothing; exit with 1 and list the files that would change.")
    @click.option(
        "--templates",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="Folder with templates that replace those of the same name.",
    )
    @module_names_options
    @features_options
    def side(
        check: bool, import_names: tuple[str, ...], export_names: tuple[str, ...], full_names: bool, **rest: Any
    ) -> int:
        from witkit.bindgen.common.module_names import chosen_names
        from witkit.cli.config import Generation

        names = chosen_names(import_names, export_names, full_names)
        paths, world = rest.pop("paths"), rest.pop("world")
        if several and (len(paths) != 1 or len(world) > 1):
            return _write(_united(paths, world, names, **rest), rest["out"], check)
        path, world = (paths[0], next(iter(world), None)) if several else (paths, world)
        return _generate(Generation(backend, path=path, world=world, names=names, **rest), check)

    if backend == "host":
        side = click.option("--package", help="Name of the Python package (default: that of the world).")(side)
    else:
        # The name that componentize-py has for it; `--package` is what the host's side calls it.
        module = "Name of the bindings' package, as componentize-py is told it (default: wit_world)."
        side = click.option("--world-module", "--package", "package", metavar="NAME", help=module)(side)
        allow = "Generate for a world that componentize-py cannot build, too."
        side = click.option("--allow", is_flag=True, help=allow)(side)
    return side


for _backend, _who in _SIDES.items():
    command.add_command(_side(_backend, _who))


def generated(what: Generation) -> list[GeneratedFile]:
    """The files of one generation, in memory. Raises WitkitError for a package with errors or an unknown world."""
    from witkit.cli import kept_files

    place = kept_files.place_of(what)
    if place is not None and (kept := kept_files.find(place)) is not None:
        return kept
    files, is_silent = _made(what)
    if place is not None and is_silent:
        kept_files.keep(place, files)
    return files


def _made(what: Generation) -> tuple[list[GeneratedFile], bool]:
    """The files of one generation, and whether there was nothing to be said about it."""
    from witkit.bindgen import generate
    from witkit.ir import load
    from witkit.ir.decode.placeholders import is_nameless

    world = load(what.path, features=features_of(what.features, what.all_features)).world(what.world)
    is_silent = what.backend != "guest" or not _tell_limits(world, what)
    package = what.package
    if package is None and what.backend == "host" and is_nameless(world):
        package = _name_of(what.path)
    # What cannot be built is refused by now, or allowed.
    files = generate(world, what.backend, templates=what.templates, package=package, allow=True, names=what.names)
    return files, is_silent


def _name_of(component: Path) -> str:
    """The Python package of a component, in which nothing names its world: what its file is called."""
    from witkit.bindgen.common.naming import package

    name = package(component.name.partition(".")[0])
    return name if name.isidentifier() else f"component_{name}".rstrip("_")


def _tell_limits(world: World, what: Generation) -> bool:
    """Report on standard error what a guest of this world will find that it cannot do; whether there is anything.

    Raises WitkitError for what componentize-py cannot build, unless it is allowed.
    """
    from witkit.bindgen.guest.limits import check_guest, refuse_unbuildable
    from witkit.bindgen.guest.target import WORLD_MODULE
    from witkit.cli.report import report

    check = check_guest if what.allow else refuse_unbuildable
    found = check(world, what.names, what.package or WORLD_MODULE)
    found = [d for d in found if not d.is_error]
    report(found, "text", to_stderr=True)
    return bool(found)


def _generate(what: Generation, check: bool) -> int:
    """Generate, and write or compare. Exit code 1 where the package has errors or, for `check`, a file differs."""
    return _write(generated(what), what.out, check)


def _united(
    paths: tuple[Path, ...],
    world: tuple[str, ...],
    names: ModuleNames,
    *,
    package: str | None,
    features: tuple[str, ...],
    all_features: bool,
    allow: bool,
    templates: Path | None,
    out: Path,
) -> list[GeneratedFile]:
    """The bindings of several worlds as one; without paths those of the project's guest, but for what SDKs bring."""
    from witkit.componentize import load_config
    from witkit.componentize.projects import project_of
    from witkit.componentize.target import find_target
    from witkit.componentize.underlay import typed_bindings

    if all_features or templates:
        option = "--templates" if templates else "--all-features"
        raise click.UsageError(f"{option} goes with one PATH and one world")
    root = Path() if paths else project_of(Path())
    wit = tuple(os.path.relpath(path.absolute(), root.absolute()) for path in paths)
    config = load_config(root, wit=wit, world=world, names=names, world_module=package, features=features or None)
    return typed_bindings(find_target(config, sdks=() if paths else None), allow=allow)


def _write(files: list[GeneratedFile], out: Path, check: bool) -> int:
    from witkit.cli.files import apply, changes
    from witkit.cli.report import counted

    todo = changes(out, files)
    if not todo:
        click.echo(f"{counted(len(files), 'file')} up to date")
        return 0
    if not check:
        apply(todo)
    for change in todo:
        click.echo(f"{change.path}: {'would be ' if check else ''}{change.verb}d")
    if check:
        click.echo(f"{counted(len(todo), 'file')} out of date; the same command without --check mends that")
    return 1 if check else 0
