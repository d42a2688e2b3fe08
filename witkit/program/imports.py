"""The arguments of `bind`: each is an object or the choice of a backend. The project's choices are the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard

from witkit.backends.connect import Choice
from witkit.backends.connection import Connection
from witkit.backends.fronts.table import Front, front_for, near_misses
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES
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
    _openings: Openings = field(init=False)
    _connected: list[tuple[Front, Choice, Connection]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.project = for_tests(self.project)
        self._openings = Openings(self.stack)

    def chosen(self, interface: str) -> Choice | None:
        """The project's choice for an interface, if any."""
        front = front_for(interface)
        return None if front is None else self.project.get(front.capability)

    def connected(self, argument: str, interface: str, value: Any) -> Any:
        """The implementation for an argument: an opened backend, or the object itself.

        Raises WitkitError: WIT0822 for an interface without backends; WIT0910 and WIT0802 as a backend does.
        """
        if not _is_choice(value):
            return value
        front = front_for(interface)
        if front is None:
            message = f"witkit has no backends for `{interface}`"
            near = near_misses(interface)
            help = f"{near[0].capability} has backends for version {near[0].versions[0]}; or " if near else ""
            help += f"give `{argument}` an object with the interface's functions"
            raise WitkitError([error(NO_BACKENDS, message, help=help)])
        given = value if isinstance(value, Choice) else Choice(value)
        chosen = combined(self.project, {front.capability: given})[front.capability]
        return self._connection(front, in_scratch_folder(chosen, CAPABILITIES[front.capability]))

    def _connection(self, front: Front, choice: Choice) -> Connection:
        for known, same, connection in self._connected:
            if known is front and same == choice:
                return connection
        made = Connection.over(front, choice, self._openings)
        self._connected.append((front, choice, made))
        return made


def _is_choice(value: Any) -> TypeGuard[str | Choice]:
    return isinstance(value, str | Choice)
