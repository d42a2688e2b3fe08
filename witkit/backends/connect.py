"""Connect the imports of a component with backends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Self

from witkit.text import Diagnostic, Span, WitkitError, closest, error
from witkit.text.secrets import MASK, learn, masked

from .base import Backend, Opened, Settings, WrongSetting
from .plugins import blame
from .table import CAPABILITIES, Capability, capability_for, near_miss

UNMET = "WIT0803"


@dataclass(frozen=True, slots=True)
class Choice:
    """The user's choice for one capability: a backend (None for the default) and its settings.

    `places` has the spans of the settings that come from a file, including `backend`.
    """

    backend: str | None = None
    settings: Settings = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)

    def __repr__(self) -> str:
        # Values may be secrets, and pytest and debuggers show this string.
        settings = ", ".join(f"{masked(str(name))!r}: {MASK}" for name in self.settings)
        return f"Choice({self.backend and masked(self.backend)!r}, {{{settings}}})"

    def open(self, capability: Capability) -> tuple[Backend, Opened]:
        """Open the backend. Raises WitkitError, at the setting's place if it comes from a file."""
        backend = self.backend_of(capability)
        with self._placed():
            opened = backend.open(self.settings)
        return backend, replace(opened, location=masked(opened.location))

    def backend_of(self, capability: Capability) -> Backend:
        """The backend, without opening it. Raises WitkitError as `open` does."""
        learn(self.settings)
        with self._placed():
            return capability.backend(self.backend)

    @contextmanager
    def _placed(self) -> Iterator[None]:
        """Add the place in the file to the error for a wrong setting."""
        try:
            yield
        except WrongSetting as wrong:
            place = self.places.get(wrong.setting) or self.places.get(wrong.setting.partition(".")[0])
            raise (wrong.at(place) if place else wrong) from None


def matched(imports: Mapping[str, str], component: str = "") -> tuple[dict[str, Capability], list[Diagnostic]]:
    """The capability of each import that has one, and findings (WIT0803) for those that do not.

    `imports` maps the names of imports to interfaces: a label to its interface, any other name to itself. It does not
    have the imports that the runtime provides, such as WASI. `component` is the file that messages name. Imports with
    the same help share a finding.
    """
    found = {name: capability_for(interface) for name, interface in imports.items()}
    unmet: dict[str, list[str]] = {}
    for name in [name for name, capability in found.items() if capability is None]:
        shown = f"`{name}`" if name == imports[name] else f"`{name}`, which is `{imports[name]}`"
        unmet.setdefault(_way_out(imports[name]), []).append(shown)
    problems = [error(UNMET, _nothing_provides(names), help=help, file=component) for help, names in unmet.items()]
    return {name: capability for name, capability in found.items() if capability is not None}, problems


def _nothing_provides(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"nothing provides the import {names[0]}"
    return f"nothing provides {len(names)} imports: {', '.join(names)}"


def _way_out(name: str) -> str:
    interface, _, version = name.partition("@")
    near = near_miss(name)
    if near is not None:
        asked = version or "a name without version"
        return f"`witkit run` provides version {near.version}, which does not fit {asked}; build against that one"
    if interface.startswith("wasi:"):
        return (
            "`witkit run` has cli, clocks, filesystem, io, random and sockets of WASI 0.2;"
            " anything else needs a program that provides it (`witkit gen host`)"
        )
    likely = closest(interface, [capability.interface for capability in CAPABILITIES.values()])
    if likely:
        return f"did you mean `{likely}`?"
    return "a Python program can provide it: `witkit gen host` writes a typed package for the world"


class Connections:
    """The backends for a component's imports, open until the `with` statement ends.

    `implementations` has the import as key. `locations` (where data is stored) and `blame` (the distribution of a
    backend that is not witkit's own) have the capability as key. A capability that is imported twice is opened once.
    """

    def __init__(
        self, needs: Mapping[str, Capability], choices: Mapping[str, Choice], unmet: Iterable[Diagnostic] = ()
    ) -> None:
        self._needs, self._choices, self._unmet = needs, choices, list(unmet)
        self._stack = ExitStack()
        self.implementations: dict[str, Any] = {}
        self.locations: dict[str, str] = {}
        self.blame: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Open every backend once.

        If some fail, raises WitkitError with all errors, and closes the others. If an import has no backend, nothing is
        opened, so that no data is created; the error then also lists backends that cannot be loaded.
        """
        opened: dict[str, Opened] = {}
        problems = list(self._unmet)
        with ExitStack() as stack:
            for need in dict.fromkeys(self._needs.values()):
                try:
                    if self._unmet:
                        self._choice(need).backend_of(need)
                    else:
                        opened[need.name] = self._open(need, stack)
                except WitkitError as problem:
                    problems += problem.diagnostics
            if problems:
                raise WitkitError(problems)
            self._stack = stack.pop_all()
        self.implementations = {name: opened[need.name].implementation for name, need in self._needs.items()}
        self.locations = {name: each.location for name, each in opened.items()}
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def _choice(self, capability: Capability) -> Choice:
        return self._choices.get(capability.name, Choice())

    def _open(self, capability: Capability, stack: ExitStack) -> Opened:
        backend, opened = self._choice(capability).open(capability)
        stack.callback(backend.close, opened)
        self.blame[capability.name] = blame(backend)
        return opened
