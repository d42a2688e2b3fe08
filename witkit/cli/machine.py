"""Options for what a program gets of this machine and what it may use up; they go over `witkit.toml`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import click

if TYPE_CHECKING:
    from witkit.program.grants import Grants
    from witkit.program.project import Configuration
    from witkit.runtime import Limits

Command = TypeVar("Command", bound=Callable[..., Any])

Machine: TypeAlias = "Callable[[Configuration], tuple[Grants, Limits]]"
"""The grants and limits of a run, from those of the project."""


def machine_options(command: Command) -> Command:
    """Add the options; the command gets `machine`."""

    @wraps(command)
    def with_machine(
        *, env: Sequence[str], folders: Sequence[str], network: bool | None, memory: str | None,
        timeout: float | None, **others: Any,
    ) -> Any:  # fmt: skip
        return command(machine=_machine(env, folders, network, memory, timeout), **others)

    added: Any = with_machine
    for option in reversed(_OPTIONS):
        added = option(added)
    return added  # type: ignore[no-any-return]


_OPTIONS = (
    click.option(
        "--env",
        metavar="NAME[=VALUE]",
        multiple=True,
        help="Environment variable for the program; without VALUE, the one that witkit has. Repeatable.",
    ),
    click.option(
        "--dir",
        "folders",
        metavar="HOST[::GUEST][:ro]",
        multiple=True,
        help="Folder for the program, under the name GUEST (default: HOST); `:ro` is read-only. Repeatable.",
    ),
    click.option("--network/--no-network", default=None, help="Let the program use the network (default: no)."),
    click.option("--memory", metavar="SIZE", help="The most memory for the program, such as 64MiB."),
    click.option("--timeout", metavar="SECONDS", type=float, help="The longest time that the program may run."),
)


def _machine(
    env: Sequence[str], folders: Sequence[str], network: bool | None, memory: str | None, timeout: float | None
) -> Machine:
    """Reads the options when the command runs, so that help stays cheap. A wrong one is wrong use."""

    def over(project: Configuration) -> tuple[Grants, Limits]:
        from witkit.program.grants import granted, limits_over, seconds, size
        from witkit.runtime import Limits

        grants = checked("--env", granted, env)
        grants = checked("--dir", granted, (), folders).over(grants)
        grants = granted(network=network).over(grants)
        limits = Limits(
            memory=None if memory is None else checked("--memory", size, memory),
            timeout=None if timeout is None else checked("--timeout", seconds, timeout),
        )
        return grants.over(project.grants), limits_over(limits, project.limits)

    return over


def checked(option: str, read: Callable[..., Any], *given: Any) -> Any:
    """What `read` returns. A ValueError is wrong use of an option."""
    try:
        return read(*given)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint=f"'{option}'") from None
