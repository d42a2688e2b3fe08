"""Arguments of `bind`: each an object, or the choice of a backend; and the project's choices for those left out."""

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
from .scratch import harmless, placed

NO_IMPORT: Final = "WIT0821"
NO_BACKENDS: Final = "WIT0822"

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


def reject_unknown_arguments(given: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse arguments that `what`, the world or the component, imports nothing for (WIT0821)."""
    names = list(dict.fromkeys(known))
    problems = [
        error(
            NO_IMPORT,
            f"{what} imports nothing called `{name}`",
            help=did_you_mean(name, names) or f"its imports: {', '.join(names) or 'none'}",
        )
        for name in given
        if name not in names
    ]
    if problems:
        raise WitkitError(problems)


@dataclass(slots=True)
class Backends:
    """Backends opened for imports until `stack` is closed. What is chosen twice is opened once, as in `witkit run`."""

    project: Mapping[str, Choice]
    stack: ExitStack
    _opened: list[tuple[Capability, Choice, Connection]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.project = harmless(self.project)

    def chosen(self, interface: str) -> Choice | None:
        """What the project has chosen for an interface, if anything."""
        capability = capability_for(interface)
        return None if capability is None else self.project.get(capability.name)

    def connected(self, argument: str, interface: str, value: Any) -> Any:
        """An argument's implementation: the backend of this name, opened, or the object itself.

        Raises WitkitError: WIT0822 for an interface that has no backends, WIT0910 and WIT0802 as a backend does.
        """
        if not _is_choice(value):
            return value
        capability = capability_for(interface)
        if capability is None:
            message = f"witkit has no backends for `{interface}`"
            near = near_miss(interface)
            help = f"{near.name} has them for version {near.version}; or " if near else ""
            help += f"give `{argument}` an object with the interface's functions"
            raise WitkitError([error(NO_BACKENDS, message, help=help)])
        given = value if isinstance(value, Choice) else Choice(value)
        chosen = combined(self.project, {capability.name: given})[capability.name]
        return self._connection(capability, placed(chosen, capability))

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
