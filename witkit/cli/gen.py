"""`witkit gen`: write typed Python, or what another target makes of a world."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.targets import find_target
from witkit.cli.options import GivenPath, features_of, features_options, module_names_options
from witkit.text import Diagnostic, WitkitError, error

if TYPE_CHECKING:
    from witkit.bindgen import GeneratedFile
    from witkit.bindgen.target import Target, TargetOption
    from witkit.cli.config import Generation

ONE_PLACE = "WIT0944"

_CHECK = "Write nothing; exit with 1 and list the files that would change."

_templates_option = click.option(
    "--templates",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with templates that replace those of the same name.",
)


class _Targets(click.Group):
    """A subcommand for each target. Those of other distributions are looked for only if they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from witkit.bindgen.targets import target_names

        return target_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        from witkit.bindgen.targets import NO_TARGET, find_target

        try:
            return _subcommand(find_target(cmd_name))
        except WitkitError as unknown:
            problem = unknown.diagnostics[0]
            if problem.code != NO_TARGET:
                raise
            ctx.fail(f"{problem.message}; {problem.help}")


@click.group(cls=_Targets, invoke_without_command=True, short_help="Generate typed Python from a WIT package.")
@click.option("--check", is_flag=True, help=_CHECK)
@click.option(
    "--project",
    "projects",
    type=GivenPath(),
    multiple=True,
    metavar="DIR",
    help="Folder of a pyproject.toml (may be given several times; default: the current folder or one above it).",
)
@click.pass_context
def command(context: click.Context, check: bool, projects: tuple[Path, ...]) -> int:
    """Generate typed Python for a program that loads a component, or for the component itself.

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
    made = [(one, generated(one)) for one in listed]
    _refuse_one_place(made)
    return max(_write(files, one.out, check, find_target(one.target)) for one, files in made)


def _subcommand(target: Target) -> click.Command:
    """The subcommand for one target."""
    several = target.unites
    paths = click.argument(
        "paths",
        metavar="[PATH]..." if several else "PATH",
        type=GivenPath(),
        nargs=-1 if several else 1,
    )
    world = click.option(
        "--world", "-w", multiple=several, metavar="NAME", help="The world; needed if the package has several."
    )

    @click.command(target.name, help=target.help)
    @paths
    @world
    @click.option(
        "--out",
        "-o",
        type=GivenPath(),
        required=True,
        help="Folder for the generated files.",
    )
    @click.option("--check", is_flag=True, help=_CHECK)
    @features_options
    def subcommand(
        paths: tuple[Path, ...] | Path, world: tuple[str, ...] | str | None, out: Path, check: bool, **rest: Any
    ) -> int:
        from witkit.cli.config import generation

        own = {option.name: rest.pop(_variable(option)) for option in target.options}
        rest["names"] = _module_names(rest) if target.names_modules else ModuleNames()
        several_paths = paths if isinstance(paths, tuple) else (paths,)
        worlds = world if isinstance(world, tuple) else (world,) if world else ()
        if several and (len(several_paths) != 1 or len(worlds) > 1):
            return _write(_united(several_paths, worlds, out=out, **own, **rest), out, check, target)
        one = generation(target.name, several_paths[0], out, own, world=next(iter(worlds), None), **rest)
        return _generate(one, check)

    if target.names_modules:
        subcommand = module_names_options(subcommand)
    if target.takes_templates:
        subcommand = _templates_option(subcommand)
    for option in target.options:
        subcommand = _option(option)(subcommand)
    return subcommand


def _option(option: TargetOption) -> Callable[[click.Command], click.Command]:
    """A target's own option, as click has it."""
    spellings = option.spellings or (f"--{option.name}",)
    metavar = None if option.is_flag else "NAME" if option.name == "package" else option.name.upper()
    return click.option(
        *spellings,
        _variable(option),
        is_flag=option.is_flag,
        metavar=metavar,
        help=option.help,
    )


def _variable(option: TargetOption) -> str:
    return option.name.replace("-", "_")


def _module_names(options: dict[str, Any]) -> ModuleNames:
    """The names of modules that the options choose, which are taken out of `options`."""
    from witkit.bindgen.common.module_names import chosen_names

    return chosen_names(options.pop("import_names"), options.pop("export_names"), options.pop("full_names"))


def generated(what: Generation) -> list[GeneratedFile]:
    """The files of one generation, in memory. Raises WitkitError for a package with errors or an unknown world."""
    from witkit.cli import kept_files

    place = kept_files.place_of(what)
    if place is not None and (kept := kept_files.find(place)) is not None:
        return kept
    files, is_silent = _made(what)
    # Whoever changes a file meanwhile must not get files of the old text for the new one.
    if place is not None and is_silent and kept_files.place_of(what) == place:
        kept_files.keep(place, files)
    return files


def _made(what: Generation) -> tuple[list[GeneratedFile], bool]:
    """The files of one generation, and whether there was nothing to report about it."""
    from witkit.bindgen import files_of
    from witkit.ir import load

    target, request = find_target(what.target), what.request()
    world = load(what.path, features=features_of(what.features, what.all_features)).world(what.world)
    is_silent = not _report_limits(target.check(world, request), allow=what.allow)
    return files_of(world, target, request), is_silent


def _report_limits(found: Sequence[Diagnostic], *, allow: bool) -> bool:
    """Report on standard error what the output will not be able to do; whether there is anything.

    Raises WitkitError if there are errors, unless these are allowed.
    """
    from witkit.cli.report import report

    errors = [problem for problem in found if problem.is_error]
    if errors and not allow:
        raise WitkitError(errors)
    warnings = [problem for problem in found if not problem.is_error]
    report(warnings, "text", to_stderr=True)
    return bool(warnings)


def _generate(what: Generation, check: bool) -> int:
    """Generate, and write or compare. Exit code 1 if the package has errors or, for `check`, a file differs."""
    return _write(generated(what), what.out, check, find_target(what.target))


def _refuse_one_place(made: Sequence[tuple[Generation, list[GeneratedFile]]]) -> None:
    """Raise `WitkitError` (WIT0944) if two generations have different texts for one file."""
    seen: dict[Path, tuple[Generation, str]] = {}
    for one, files in made:
        for file in files:
            path = one.out / file.path
            other, text = seen.setdefault(path.resolve(), (one, file.text))
            if text != file.text:
                tables = f"two tables `[[tool.witkit.gen]]` write it, from `{other.path}` and `{one.path}`"
                help = "give one of them another `out` or another `package`"
                raise WitkitError([error(ONE_PLACE, f"`{path}` would be overwritten: {tables}", help=help)])


def _united(
    paths: tuple[Path, ...],
    world: tuple[str, ...],
    *,
    names: ModuleNames,
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
    from witkit.componentize.target import build_target
    from witkit.componentize.underlay import typed_bindings

    if all_features or templates:
        option = "--templates" if templates else "--all-features"
        raise click.UsageError(f"{option} goes with one PATH and one world")
    root = Path() if paths else project_of(Path())
    wit = tuple(os.path.relpath(path.absolute(), root.absolute()) for path in paths)
    config = load_config(root, wit=wit, world=world, names=names, world_module=package, features=features or None)
    return typed_bindings(build_target(config, sdks=() if paths else None), allow=allow)


def _write(files: list[GeneratedFile], out: Path, check: bool, target: Target) -> int:
    from witkit.cli.files import apply, changes
    from witkit.cli.report import counted

    todo = changes(out, files, target.is_same, target.folders)
    if not todo:
        click.echo(f"{counted(len(files), 'file')} up to date")
        return 0
    if not check:
        apply(todo)
    for change in todo:
        click.echo(f"{change.path}: {'would be ' if check else ''}{change.verb}d")
    if check:
        click.echo(f"{counted(len(todo), 'file')} out of date; run without --check to update")
    return 1 if check else 0
