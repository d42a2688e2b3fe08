"""The arguments of `bind`: each is an object or the choice of a backend. The project's choices are the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard

from witkit.backends.connect import Choice
from witkit.backends.connection import Connection
from witkit.backends.table import Capability, capability_for, near_miss
from witkit.text import WitkitError, did_you_mean, error

from .project import combined
from .scratch import for_tests, in_scratch_folder

NO_IMPORT: Final = "WIT0821"
NO_BACKENDS: Final = "WIT0822"

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


def reject_unknown_arguments(given: Iterable[str], known: Iterable[str], what: str) -> None:
    """Raise WitkitError (WIT0821) for arguments that are not imports of `what`, a world or a component."""
    names = list(dict.fromkeys(known))
    problems = [
        error(
            NO_IMPORT,
            f"{what} does not import `{name}`",
            help=did_you_mean(name, names) or f"its imports: {', '.join(names) or 'none'}",
        )
        for name in given
        if name not in names
    ]
    if problems:
        raise WitkitError(problems)


@dataclass(slots=True)
class Backends:
    """The backends opened for imports, until `stack` is closed. The same choice is opened once, as in `witkit run`."""

    project: Mapping[str, Choice]
    stack: ExitStack
    _opened: list[tuple[Capability, Choice, Connection]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.project = for_tests(self.project)

    def chosen(self, interface: str) -> Choice | None:
        """The project's choice for an interface, if any."""
        capability = capability_for(interface)
        return None if capability is None else self.project.get(capability.name)

    def connected(self, argument: str, interface: str, value: Any) -> Any:
        """The implementation for an argument: an opened backend, or the object itself.

        Raises WitkitError: WIT0822 for an interface without backends; WIT0910 and WIT0802 as a backend does.
        """
        if not _is_choice(value):
            return value
        capability = capability_for(interface)
        if capability is None:
            message = f"witkit has no backends for `{interface}`"
            near = near_miss(interface)
            help = f"{near.name} has backends for version {near.version}; or " if near else ""
            help += f"give `{argument}` an object with the interface's functions"
            raise WitkitError([error(NO_BACKENDS, message, help=help)])
        given = value if isinstance(value, Choice) else Choice(value)
        chosen = combined(self.project, {capability.name: given})[capability.name]
        return self._connection(capability, in_scratch_folder(chosen, capability))

    def _connection(self, capability: Capability, choice: Choice) -> Connection:
        for known, same, connection in self._opened:
            if known is capability and same == choice:
                return connection
        made = Connection.of(capability, choice)
        self.stack.callback(made.close)
        self._opened.append((capability, choice, made))
        return made


def _is_choice(value: Any) -> TypeGuard[str | Choice]:
    return isinstance(value, str | Choice)
