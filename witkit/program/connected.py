"""A component whose imports are connected to backends and providers, to be instantiated once or often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from witkit.backends.connect import Connections
from witkit.backends.fronts.table import Front
from witkit.runtime import (
    Component,
    Instance,
    MissingImport,
    Prepared,
    Provided,
    Trap,
    UntypedComponent,
    Wasi,
    default_engine,
)
from witkit.runtime.wasi import provides
from witkit.text import WitkitError, error
from witkit.text.values import value

from . import exported, preflight
from .failures import explained
from .preflight import WantedExports
from .providers import chosen
from .providing import providing
from .replacing import Replacing
from .settings import RunSettings, announce_locations
from .stopped import STOPPED, stopped
from .stubs import import_names, stubbed


@value(frozen=True, slots=True)
class Connected:
    """A component with its connected imports."""

    component: UntypedComponent
    settings: RunSettings
    connections: Connections
    _explained: Replacing
    _prepared: Prepared[Instance]
    _wasi: Wasi

    def instance(self) -> Instance:
        """A new instance. All instances share the backends. Raises Trap if its start fails."""
        return self._prepared.instantiate(wasi=self._wasi, limits=self.settings.limits)

    def explained(self) -> Replacing:
        """Raise WitkitError for what a backend or a provider does wrong while the guest runs."""
        return self._explained

    def diagnosed(self) -> Replacing:
        """As `explained`, and raise WitkitError for a trap."""
        return Replacing(self._instead)

    def _instead(self, problem: BaseException) -> BaseException | None:
        if isinstance(problem, Trap):
            return WitkitError([stopped(problem, self.component.name, self.settings.limits)])
        return self._explained.other(problem)


@contextmanager
def connected(
    component: UntypedComponent, needs: Mapping[str, Front], settings: RunSettings, argv: Sequence[str]
) -> Iterator[Connected]:
    """Open the backends and providers of a component until the `with` statement ends. Raises WitkitError."""
    left_out = stubbed(import_names(component), settings.optional)
    wanted = {name: each for name, each in needed(component).items() if name not in left_out}
    wasi = settings.grants.wasi(exported.texts(argv))
    with Connections(needs, settings.effective, settings.callee, settings.more) as connections:
        announce_locations(settings, connections.locations)
        observe = settings.observe
        provided = [
            replace(_provided(name, front, component, connections), observe=observe) for name, front in needs.items()
        ]
        with (
            settings.ending.closing(connections.close),
            providing(component, chosen(settings.providers, wanted)) as given,
        ):
            imports = [*provided, *(replace(each, observe=observe) for each in given)]
            explaining = _explaining(needs, connections, component.name)
            with explaining:
                prepared = component.prepare(imports, optional=left_out)
            yield Connected(component, settings, connections, explaining, prepared, wasi)


def _explaining(needs: Mapping[str, Front], connections: Connections, file: str) -> Replacing:
    """What backends, providers and imports that are left out do wrong, as WitkitError."""
    of_backends = explained(needs, connections, file)

    def other(problem: BaseException) -> BaseException | None:
        if isinstance(problem, MissingImport):
            return WitkitError([error(STOPPED, str(problem), file=file)])
        return of_backends.other(problem)

    return Replacing(other)


def loaded(path: Path, settings: RunSettings, wanted: WantedExports) -> UntypedComponent:
    """Compile the component in a file. Raises WitkitError, if possible before compiling."""
    engine = settings.engine or default_engine()
    preflight.check(path, engine, settings, wanted)
    return engine.load(path)


def needed(component: Component) -> dict[str, str]:
    """The imports that need a backend, with their interfaces.

    Without WASI, which the runtime provides, and interfaces with only types or resources of other interfaces.
    """
    labels = component.labels
    return {name: labels.get(name, name) for name in component.required_imports if not provides(name)}


def _provided(name: str, front: Front, component: UntypedComponent, connections: Connections) -> Provided:
    """What the import of this name gets."""
    labelled = component.labels.get(name)
    description = front.described(labelled or name)
    return Provided(description, connections.implementations[name], label=name if labelled else None)
