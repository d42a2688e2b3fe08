"""Connect the imports of a component with backends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from witkit.text import Diagnostic, Span, WitkitError, closest, error
from witkit.text.secrets import MASK, learn, masked
from witkit.text.toml_places import dotted

from .backend import Backend
from .errors import WrongSettings
from .fronts.callee import Callee
from .fronts.table import FRONTS, Front, front_for, near_misses
from .openings import Location, Openings
from .plugins import BackendPlugin
from .selector import Selector
from .table import CAPABILITIES, Capability

UNMET = "WIT0803"

PROVIDED: Final = "a Python class can provide it:"

NONE: Final = "none"
"""In place of a backend: names that are not configured are refused."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The user's choice for one capability: a backend (None for the default) and its settings.

    `names` has the choices for what a guest opens by these names, or imports under these labels; settings that they
    leave out are those of the choice itself if the backend is the same. `places` has the spans of the settings that
    come from a file, including `backend`, and of what is in their tables (`values.greeting`). `wrap` is put around the
    opened backend. `name` is the one that this choice is for, among the `names` of another one.
    """

    backend: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)
    names: Mapping[str, Choice] = field(default_factory=dict)
    wrap: Callable[[Any], Any] | None = None
    name: str | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        # Values may be secrets, and pytest and debuggers show this string.
        settings = ", ".join(f"{masked(str(name))!r}: {MASK}" for name in self.settings)
        names = f", names={dict(self.names)!r}" if self.names else ""
        return f"Choice({self.backend and masked(self.backend)!r}, {{{settings}}}{names})"

    @property
    def refuses(self) -> bool:
        """Whether only the configured names can be opened."""
        return self.backend == NONE

    def over(self, base: Choice, capability: Capability) -> Choice:
        """This choice, with the settings of `base` that it leaves out.

        If it has another backend, the settings of `base` are ignored, because they are for that backend.
        """
        names = {**base.names, **self.names}
        for name in base.names.keys() & self.names.keys():
            names[name] = self.names[name].over(base.names[name], capability)
        wrap = self.wrap or base.wrap
        if self.backend not in (None, base.backend or capability.default):
            return Choice(self.backend, self.settings, self.places, names, wrap)
        settings = dict(base.settings)
        for name, value in self.settings.items():
            settings[name] = _merged(settings.get(name), value)
        places = {name: place for name, place in base.places.items() if name.partition(".")[0] not in self.settings}
        return Choice(base.backend, settings, {**places, **self.places}, names, wrap)

    def effective_names(self, capability: Capability) -> dict[str, Choice]:
        """The choice for each configured name, with what it takes over from this one.

        If this one refuses, that is nothing: a name without backend then has the default one.
        """
        own = Choice(wrap=self.wrap) if self.refuses else replace(self, names={})
        return {name: replace(each.over(own, capability), name=name) for name, each in self.names.items()}

    def table(self, capability: Capability) -> str:
        """The table of `witkit.toml` that has the settings of this choice."""
        return dotted((capability.name,) if self.name is None else (capability.name, "names", self.name))

    def backend_of(self, capability: Capability) -> Backend[Any] | BackendPlugin:
        """The backend, without opening it. Raises WitkitError."""
        learn(self.settings)
        with self.placed():
            return capability.backend(self.backend)

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Add the places in the file to the error for wrong settings."""
        try:
            yield
        except WrongSettings as wrong:
            if wrong.diagnostics[0].primary is not None:
                raise
            raise wrong.placed(self.places) from None


def _merged(before: Any, value: Any) -> Any:
    """The value, which overrides the one before: tables key by key."""
    return {**before, **value} if isinstance(before, Mapping) and isinstance(value, Mapping) else value


def matched(imports: Mapping[str, str], component: str = "") -> tuple[dict[str, Front], list[Diagnostic]]:
    """The front of each import that has one, and findings (WIT0803) for those that do not.

    `imports` maps the names of imports to interfaces: a label to its interface, any other name to itself. It does not
    have the imports that the runtime provides, such as WASI. `component` is the file that messages name. Imports with
    the same help share a finding.
    """
    found = {name: front_for(interface) for name, interface in imports.items()}
    unmet: dict[str, list[tuple[str, str]]] = {}
    for name in [name for name, front in found.items() if front is None]:
        shown = f"`{name}`" if name == imports[name] else f"`{name}`, which is `{imports[name]}`"
        unmet.setdefault(_way_out(imports[name]), []).append((name, shown))
    problems = [
        error(UNMET, _nothing_provides([shown for _, shown in names]), help=_example(help, names), file=component)
        for help, names in unmet.items()
    ]
    return {name: front for name, front in found.items() if front is not None}, problems


def _example(help: str, names: Sequence[tuple[str, str]]) -> str:
    """The help, with the lines of `witkit.toml` that would provide these imports."""
    if help != PROVIDED:
        return help
    return "\n".join([help, "[providers]", *(f'"{name}" = "MODULE:CLASS"' for name, _ in names)])


def _nothing_provides(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"nothing provides the import {names[0]}"
    return f"nothing provides {len(names)} imports: {', '.join(names)}"


def _way_out(name: str) -> str:
    interface, _, version = name.partition("@")
    near = near_misses(name)
    if near:
        asked = version or "a name without version"
        has = " or ".join(version for front in near for version in front.versions)
        return f"`witkit run` provides version {has}, which does not fit {asked}; build against that one"
    if interface.startswith("wasi:"):
        return (
            "`witkit run` has cli, clocks, filesystem, io, random and sockets of WASI 0.2;"
            " anything else needs a program that provides it (`witkit gen host`)"
        )
    likely = closest(interface, [front.interface for front in FRONTS])
    # Interfaces of all kinds are called `store` or `types`: the package counts, too.
    if likely and closest(interface.partition("/")[0], [likely.partition("/")[0]]):
        return f"did you mean `{likely}`?"
    return PROVIDED


class Connections:
    """The backends for a component's imports, open until the `with` statement ends.

    `implementations` has the import as key. `locations` says where data is stored, `blame` has the distribution of a
    backend that is not witkit's own, by capability. `callee` is the guest, for fronts that call it.
    `more` names capabilities that are needed without an import, and `selectors` has the backends of each capability.
    """

    def __init__(
        self,
        needs: Mapping[str, Front],
        choices: Mapping[str, Choice],
        callee: Callee | None = None,
        more: Iterable[str] = (),
    ) -> None:
        self._needs, self._choices, self._callee, self._more = needs, choices, callee, tuple(more)
        self._stack = ExitStack()
        self.implementations: dict[str, Any] = {}
        self.selectors: dict[str, Selector[Any]] = {}
        self.locations: list[Location] = []
        self.blame: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Open every backend once. If some fail, raises WitkitError with all errors, and closes the others."""
        problems: list[Diagnostic] = []
        selectors: dict[str, Selector[Any]] = {}
        with ExitStack() as stack:
            openings = Openings(stack, only_look=True)
            for capability, choice in self._chosen():
                try:
                    selectors[capability.name] = openings.selector(capability, choice)
                except WitkitError as problem:
                    problems += problem.diagnostics
            # If one server is down, nothing is created on the others.
            problems = problems or openings.prepare()
            if problems:
                raise WitkitError(problems)
            self._stack = stack.pop_all()
        self.implementations = {
            name: front.bind(selectors[front.capability].of_import(name), self._callee)
            for name, front in self._needs.items()
        }
        self.selectors, self.locations, self.blame = selectors, openings.locations, openings.blame
        return self

    def problems(self) -> list[Diagnostic]:
        """Everything that prevents the backends from being opened, found without creating data."""
        with ExitStack() as stack:
            openings = Openings(stack, only_look=True)
            return [said for capability, choice in self._chosen() for said in openings.problems(capability, choice)]

    def miswritten(self) -> list[Diagnostic]:
        """The mistakes in choices that are not needed, found without opening anything."""
        needed = {capability.name for capability, _ in self._chosen()}
        others = {name: choice for name, choice in self._choices.items() if name not in needed}
        found = [said for name, each in others.items() for said in Openings.miswritten(CAPABILITIES[name], each)]
        return sorted(found, key=lambda said: said.primary.start if said.primary else sys.maxsize)

    def _chosen(self) -> Iterator[tuple[Capability, Choice]]:
        """The capabilities that are needed, each with what is chosen for it."""
        for name in dict.fromkeys([*(front.capability for front in self._needs.values()), *self._more]):
            yield CAPABILITIES[name], self._choices.get(name, Choice())

    def close(self) -> None:
        """Close every backend. A second time does nothing."""
        self._stack.close()

    def __exit__(self, *raised: object) -> None:
        self.close()
