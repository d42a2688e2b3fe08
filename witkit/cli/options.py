"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from witkit.ir import Features

Command = TypeVar("Command", bound=Callable[..., Any])


class GivenPath(click.Path):
    """The path of a file or folder. An empty text, as from a variable that is not set, is not the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            self.fail("the path is empty; the current folder is `.`", param, ctx)
        return super().convert(value, param, ctx)


def features_options(command: Command) -> Command:
    """Add `--features` and `--all-features`; the command gets `features` and `all_features`."""
    every = click.option("--all-features", is_flag=True, help="Include all `@unstable` items.")
    some = click.option(
        "--features",
        multiple=True,
        metavar="NAME[,NAME…]",
        help="Include the items that are `@unstable` with these features.",
    )
    return some(every(command))


def features_of(names: Sequence[str], everything: bool) -> Features:
    """The features that the two options turn on."""
    from witkit.ir import Features

    return Features(names=frozenset(names_of(names)), all=everything)


def module_names_options(command: Command) -> Command:
    """Add the options for module names; the command gets `import_names`, `export_names` and `full_names`."""
    for direction in ("import", "export"):
        what = f"Name the module of an {direction}ed interface. Repeatable."
        flag, name = f"--{direction}-interface-name", f"{direction}_names"
        command = click.option(flag, name, multiple=True, metavar="INTERFACE=NAME", help=what)(command)
    what = "Name each module by package, interface and version."
    return click.option("--full-names", is_flag=True, help=what)(command)


def format_option(command: Command) -> Command:
    """Add `--format` for diagnostics. The names are those of `witkit.text.formats`."""
    option = click.option(
        "--format",
        type=click.Choice(["text", "json", "github", "gitlab", "junit", "markdown", "sarif"]),
        default="text",
        show_default=True,
        help="Output format.",
    )
    return option(command)


def rules_options(command: Command) -> Command:
    """Add `--preset`, `--select` and `--ignore`; the command gets `preset`, `select` and `ignore`."""
    for name, what in (("ignore", "Leave rules out"), ("select", "Add rules to those of the preset")):
        help = f"{what}: names, codes or categories."
        command = click.option(f"--{name}", multiple=True, metavar="RULE[,RULE…]", help=help)(command)
    presets = click.Choice(["none", "minimal", "standard", "wasi", "strict"])
    return click.option("--preset", type=presets, help="The rules to run; `standard` unless the project says more.")(
        command
    )


def names_of(given: Sequence[str]) -> tuple[str, ...]:
    """The names of an option that takes several, once or with commas."""
    return tuple(name.strip() for each in given for name in each.split(",") if name.strip())


def checked_target(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The value of `--target`. A target that witkit does not know is wrong use."""
    from witkit.checks.settings import known_targets, target_version

    if value is not None and target_version(value) is None:
        raise click.BadParameter(f"there is no target `{value}`; known targets: {known_targets()}")
    return value


def checked_release(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The value of `--wasi`. A release that witkit does not know is wrong use."""
    from witkit.checks.settings import RELEASES

    if value is not None and value not in RELEASES:
        raise click.BadParameter(f"there is no release `{value}`; known releases: {', '.join(RELEASES)}")
    return value
