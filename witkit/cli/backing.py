"""Options for what is behind the imports of a program; they go over `witkit.toml`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from witkit.cli.machine import checked, machine_options
from witkit.cli.options import GivenPath

if TYPE_CHECKING:
    from witkit.cli.machine import Machine
    from witkit.program.project import Configuration
    from witkit.program.settings import RunSettings
    from witkit.runtime import Engine

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Backing:
    """The options, as they were given."""

    key_value: str | None
    key_value_path: Path | None
    backends: Sequence[str]
    values: Sequence[str]
    config: Path | None
    providers: Sequence[str]
    optional: Sequence[str]
    profile: Path | None
    machine: Machine

    def configuration(self) -> Configuration:
        """The project's file."""
        from witkit.program.project import examine_configuration

        return examine_configuration(self.config)

    def settings(self, project: Configuration, announce: Callable[[str], None], engine: Engine | None) -> RunSettings:
        """The settings of a program. Mistakes in the file and the options are its `problems`."""
        from witkit.program.choices import choices
        from witkit.program.providers import given
        from witkit.program.settings import RunSettings

        backends, values = self.backends, self.values
        if self.key_value is not None:
            backends = (*backends, f"key-value={self.key_value}")
        if self.key_value_path is not None:
            values = (*values, f"key-value.path={self.key_value_path}")
        behind = {**project.providers, **checked("--provider", given, self.providers)}
        chosen, wrong = choices(backends, values)
        grants, limits = self.machine(project)
        made = RunSettings(
            chosen, announce, engine, project.choices, behind, self.optional, self.profile, grants, limits
        )
        return replace(made, problems=[*project.problems, *wrong])


def backing_options(command: Command) -> Command:
    """Add the options; the command gets `backing`."""

    @wraps(command)
    def with_backing(
        *, key_value: str | None, key_value_path: Path | None, backends: Sequence[str], values: Sequence[str],
        config: Path | None, providers: Sequence[str], optional: Sequence[str], profile: Path | None,
        machine: Machine, **others: Any,
    ) -> Any:  # fmt: skip
        backing = Backing(key_value, key_value_path, backends, values, config, providers, optional, profile, machine)
        return command(backing=backing, **others)

    added: Any = machine_options(with_backing)
    for option in reversed(_OPTIONS):
        added = option(added)
    return added  # type: ignore[no-any-return]


_OPTIONS = (
    click.option(
        "--key-value", metavar="BACKEND", help="Backend for key-value, such as memory or redis (default: sqlite)."
    ),
    click.option(
        "--key-value-path",
        type=GivenPath(),
        help="File or folder of that backend (default: .witkit/key-value.db or .witkit/key-value).",
    ),
    click.option(
        "--backend",
        "backends",
        metavar="CAPABILITY=BACKEND",
        multiple=True,
        help="Backend for a capability, such as `configs=environment`. Repeatable.",
    ),
    click.option(
        "--set",
        "values",
        metavar="CAPABILITY.SETTING=VALUE",
        multiple=True,
        help="Setting of a backend, such as `key-value.timeout=10` or `configs.values.greeting=hello`. Repeatable.",
    ),
    click.option(
        "-c",
        "--config",
        type=GivenPath(),
        help="File with backends and settings, or slight's (default: the nearest witkit.toml, from here upwards).",
    ),
    click.option(
        "--provider",
        "providers",
        metavar="INTERFACE=MODULE:CLASS",
        multiple=True,
        help="Python class, object or module that provides an import, such as `my:api/store=store:Store`. Repeatable.",
    ),
    click.option(
        "--optional",
        metavar="IMPORT",
        multiple=True,
        help="Leave out this import: calling it stops the guest. Repeatable.",
    ),
    click.option(
        "--profile",
        type=GivenPath(),
        help="Folder of a world that this host promises: refuse a component that does not fit it.",
    ),
)
