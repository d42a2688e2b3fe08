"""The arguments of `bind`: each is an object or the choice of a backend. The project's choices are the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final, TypeGuard

from witkit import abi
from witkit.backends.connect import Choice
from witkit.backends.connection import Connection
from witkit.backends.fronts.table import Front, front_for, near_misses
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES
from witkit.native.binding import names
from witkit.text import Diagnostic, WitkitError, did_you_mean, error

from .project import Configuration
from .providers import chosen
from .providing import provided
from .scratch import for_tests, in_scratch_folder

NO_IMPORT: Final = "WIT0821"
NO_BACKENDS: Final = "WIT0822"

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


@dataclass(frozen=True, slots=True)
class NamedImport:
    """An import of a world: the name of its argument, its interface ("" for the world's own), and its label, if any.

    `described` has the interface's types and functions.
    """

    argument: str
    interface: str
    label: str | None = None
    described: abi.Interface = field(default_factory=lambda: abi.Interface(""), repr=False)

    @property
    def others(self) -> set[str]:
        """What else names it: the label, and the interface with or without package and version."""
        return {*names(self.interface), *([self.label] if self.label else [])}


def by_argument(given: Mapping[str, Any], imports: Sequence[NamedImport], what: str) -> dict[str, Any]:
    """What is given for imports of `what`, a world or a component, by the names of their arguments.

    Raises WitkitError (WIT0821) for names that do not mean exactly one import, or an import that has a value already.
    """
    found: dict[str, Any] = {}
    problems = []
    for name, value in given.items():
        meant = [each for each in imports if each.argument == name] or [each for each in imports if name in each.others]
        if len(meant) == 1 and meant[0].argument not in found:
            found[meant[0].argument] = value
        else:
            problems.append(_not_one(name, meant, imports, what))
    if problems:
        raise WitkitError(problems)
    return found


def _not_one(name: str, meant: Sequence[NamedImport], imports: Sequence[NamedImport], what: str) -> Diagnostic:
    if len(meant) == 1:
        return error(NO_IMPORT, f"`{name}` and another argument are the same import of {what}", help="give it once")
    if meant:
        arguments = ", ".join(f"`{each.argument}`" for each in meant)
        return error(NO_IMPORT, f"{what} has several imports of `{name}`", help=f"name one of them: {arguments}")
    known = list(dict.fromkeys(each.argument for each in imports))
    likely = did_you_mean(name, [*known, *(each.interface for each in imports if each.interface)])
    help = likely or f"its imports: {', '.join(known) or 'none'}"
    return error(NO_IMPORT, f"{what} does not import `{name}`", help=help)


@dataclass(slots=True)
class Backends:
    """What a configuration has for imports, until `stack` is closed: backends and providers.

    The same choice is opened once, as in `witkit run`.
    """

    configuration: Configuration
    stack: ExitStack
    project: Mapping[str, Choice] = field(init=False)
    _openings: Openings = field(init=False)
    _connected: list[tuple[tuple[Front, Choice, str, str], Connection]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.project = for_tests(self.configuration.choices)
        self._openings = Openings(self.stack)

    def chosen(self, wanted: NamedImport) -> Any:
        """What the configuration has for an import: its provider, or the choice of a backend for its label or else for
        its interface, or None. Raises WitkitError for a provider that cannot be loaded or lacks something."""
        if not wanted.interface:
            return self._functions(wanted.described.functions)
        name = wanted.label or wanted.interface
        if found := chosen(self.configuration.providers, {name: wanted.interface}):
            return provided(name, wanted.described, found[name], self.stack)
        front = front_for(wanted.interface)
        return None if front is None else self._project_choice(front, wanted.label)

    def _functions(self, functions: Iterable[abi.Func]) -> Any:
        """The functions of the world that have providers, as one object; None if there are none."""
        found = {}
        for func in functions:
            for name, provider in chosen(self.configuration.providers, {func.name: func.name}).items():
                made = provided(name, abi.Interface("", (func,)), provider, self.stack)
                found[func.attr] = getattr(made.implementation, func.attr)
        return SimpleNamespace(**found) if found else None

    def _project_choice(self, front: Front, label: str | None) -> Choice | None:
        found = self.project.get(front.capability)
        if found is None or label is None or label not in found.names:
            return found
        return found.effective_names(CAPABILITIES[front.capability])[label]

    def connected(self, argument: str, interface: str, value: Any, label: str | None = None) -> Any:
        """The implementation for an argument: an opened backend, or the object itself.

        `interface` is what the import asks for, with version, and `label` its own name if it has one.
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
        capability = CAPABILITIES[front.capability]
        given = value if isinstance(value, Choice) else Choice(value)
        chosen = given.over(self._project_choice(front, label) or Choice(), capability)
        return self._connection(front, in_scratch_folder(chosen, capability), interface, label or "")

    def _connection(self, front: Front, choice: Choice, interface: str, label: str) -> Connection:
        wanted = front, choice, interface, label
        for known, connection in self._connected:
            if known == wanted:
                return connection
        made = Connection.over(front, choice, self._openings, interface, label)
        self._connected.append((wanted, made))
        return made


def _is_choice(value: Any) -> TypeGuard[str | Choice]:
    return isinstance(value, str | Choice)
