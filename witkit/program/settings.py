"""The settings of one run of a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from witkit import abi
from witkit.backends.connect import Choice
from witkit.backends.fronts.callee import Callee
from witkit.backends.openings import Location
from witkit.backends.table import CAPABILITIES
from witkit.runtime import Engine, Limits
from witkit.text import Diagnostic
from witkit.text.values import value

from .ending import Ending
from .grants import Grants
from .project import combined
from .providers import Provider
from .within import Servers

if TYPE_CHECKING:
    from .telemetry.spans import Spans


@value(frozen=True, slots=True)
class RunSettings:
    """How to run a program.

    `choices` are those for this run by capability, `project` those of the project (`read_configuration`). `announce`
    is called with one line for each location of data, before the component starts. `engine` compiles the component.
    `providers` are plain Python behind imports; they, `grants` and `limits` are those of the project with those of this
    run over them.
    `optional` names imports that are left out, `profile` is the folder of the world that the host promises.
    `trace` is called with one line for each call of an import, `spans` makes spans of OpenTelemetry. `ending` closes
    the backends if a signal ends the run.
    `problems` are mistakes in the configuration and the options, with which nothing runs.
    `callee` is the guest itself, if imports can have it called, and `servers` are those that it starts. `more` names
    capabilities that are opened without an import.
    """

    choices: Mapping[str, Choice] = field(default_factory=dict)
    announce: Callable[[str], None] = lambda line: None
    engine: Engine | None = None
    project: Mapping[str, Choice] = field(default_factory=dict)
    providers: Mapping[str, Provider] = field(default_factory=dict)
    optional: Sequence[str] = ()
    profile: Path | None = None
    grants: Grants = field(default_factory=Grants)
    limits: Limits = field(default_factory=Limits)
    trace: Callable[[str], object] | None = None
    spans: Spans | None = None
    ending: Ending = field(default_factory=Ending)
    problems: Sequence[Diagnostic] = ()
    callee: Callee | None = None
    servers: Servers | None = None
    more: Sequence[str] = ()

    @property
    def observe(self) -> abi.Observer | None:
        """What sees the calls of imports, or None without `trace` and `spans`."""
        inner = None if self.spans is None else self.spans.observe
        if self.trace is None:
            return inner
        from .trace import Trace

        outer = Trace(self.trace).observe
        if inner is None:
            return outer
        return lambda imported, func, target: outer(imported, func, inner(imported, func, target))

    @property
    def effective(self) -> Mapping[str, Choice]:
        """The project's choices, overridden by those for this run. With `spans`, what goes out has their contexts."""
        found = combined(self.project, self.choices)
        if self.spans is None:
            return found
        from .telemetry.outgoing import propagating

        return propagating(found)


def announce_locations(settings: RunSettings, locations: Sequence[Location]) -> None:
    """Announce where data is stored, and which choices and grants have no effect."""
    for each in locations:
        named = "" if each.name is None else f" under the name `{each.name}`"
        settings.announce(f"{each.capability.plural}{named} {each.capability.verb} {each.place}")
    used = {each.capability.name for each in locations}
    for name, choice in settings.choices.items():
        if name not in used:
            CAPABILITIES[name].backend(choice.backend)
            plural = CAPABILITIES[name].plural
            settings.announce(f"ignoring the choice for {name}: the component does not import {plural}")
    for name in settings.grants.unset:
        settings.announce(f"the environment variable `{name}` is not set, so the program does not get it")
