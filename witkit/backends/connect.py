"""A component's imports, joined with the backends that answer them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

from witkit.text import Diagnostic, Span, WitkitError, closest, error
from witkit.text.secrets import learn

from .base import Backend, Opened, Settings, WrongSetting
from .plugins import blame
from .table import CAPABILITIES, Capability, capability_for, near_miss

UNMET = "WIT0803"


@dataclass(frozen=True, slots=True)
class Choice:
    """The user's choice for one capability: a backend (None is the default one) and its settings.

    `places` says where the settings of a file are written, `backend` among them.
    """

    backend: str | None = None
    settings: Settings = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)

    def open(self, capability: Capability) -> tuple[Backend, Opened]:
        """The backend, opened. Raises WitkitError, at the setting's place where it is in a file."""
        learn(self.settings)
        try:
            backend = capability.backend(self.backend)
            return backend, backend.open(self.settings)
        except WrongSetting as wrong:
            place = self.places.get(wrong.setting) or self.places.get(wrong.setting.partition(".")[0])
            raise (wrong.at(place) if place else wrong) from None


def answered(imports: Mapping[str, str], component: str = "") -> dict[str, Capability]:
    """The capability for each import. `imports` maps names to the interfaces they stand for (a label to its
    interface, any other name to itself), and leaves out what the runtime links itself, such as WASI.

    Raises WitkitError with a WIT0803 for the imports that nothing answers; `component` is the file the messages name.
    """
    found, unmet = matched(imports, component)
    if unmet:
        raise WitkitError(unmet)
    return found


def matched(imports: Mapping[str, str], component: str = "") -> tuple[dict[str, Capability], list[Diagnostic]]:
    """The capability for each import that has one, and a WIT0803 for those that have none.

    Imports for which the same is to be done share a finding.
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
    """The backends behind a component's imports, open until the `with` statement ends.

    `implementations` are by name of the import, `places` (where data goes) and `blame` (of which distribution a
    backend is, if not witkit's own) by name of the capability. A capability that is imported twice is opened once.
    """

    def __init__(self, needs: Mapping[str, Capability], choices: Mapping[str, Choice]) -> None:
        self._needs, self._choices = needs, choices
        self._stack = ExitStack()
        self.implementations: dict[str, Any] = {}
        self.places: dict[str, str] = {}
        self.blame: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Open every backend once. Raises WitkitError where one does not open; the others are closed again."""
        with ExitStack() as stack:
            opened = {need.name: self._open(need, stack) for need in dict.fromkeys(self._needs.values())}
            self._stack = stack.pop_all()
        self.implementations = {name: opened[need.name].implementation for name, need in self._needs.items()}
        self.places = {name: each.place for name, each in opened.items()}
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def _open(self, capability: Capability, stack: ExitStack) -> Opened:
        choice = self._choices.get(capability.name, Choice())
        backend, opened = choice.open(capability)
        stack.callback(backend.close, opened)
        self.blame[capability.name] = blame(backend)
        return opened
