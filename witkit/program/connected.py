"""A component whose imports are connected to backends and providers, to be instantiated once or often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from witkit import abi
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

from . import exported, preflight
from .failures import explained
from .preflight import Wanted
from .providers import chosen
from .providing import providing
from .settings import RunSettings, announce_locations
from .stopped import STOPPED, stopped
from .stubs import import_names, stubbed


@dataclass(frozen=True, slots=True)
class Connected:
    """A component with its connected imports."""

    component: UntypedComponent
    settings: RunSettings
    connections: Connections
    _needs: Mapping[str, Front]
    _prepared: Prepared[Instance]
    _wasi: Wasi

    def instance(self) -> Instance:
        """A new instance. All instances share the backends. Raises Trap if its start fails."""
        return self._prepared.instantiate(wasi=self._wasi, limits=self.settings.limits)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Raise WitkitError for what a backend or a provider does wrong while the guest runs."""
        try:
            with explained(self._needs, self.connections, self.component.name):
                yield
        except MissingImport as missing:
            raise WitkitError([error(STOPPED, str(missing), file=self.component.name)]) from None

    @contextmanager
    def diagnosed(self) -> Iterator[None]:
        """As `explained`, and raise WitkitError for a trap."""
        try:
            with self.explained():
                yield
        except Trap as trap:
            raise WitkitError([stopped(trap, self.component.name, self.settings.limits)]) from None


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
            with explained(needs, connections, component.name):
                prepared = component.prepare(imports, optional=left_out)
            yield Connected(component, settings, connections, needs, prepared, wasi)


def loaded(path: Path, settings: RunSettings, wanted: Wanted) -> UntypedComponent:
    """Compile the component in a file. Raises WitkitError, if possible before compiling."""
    engine = settings.engine or default_engine()
    preflight.check(path, engine, settings, wanted)
    return engine.load(path)


def needed(component: Component) -> dict[str, str]:
    """The imports that need a backend, with their interfaces.

    Without WASI, which the runtime provides, and interfaces with only types or resources of other interfaces.
    """
    functions = {func.name for func in component.interface("", imported=True).functions}
    known = set[abi.Resource]()
    found = {}
    for name in component.imports:
        if name not in functions:
            interface = component.interface(name, imported=True)
            own = set(interface.resources) - known
            known |= own
            if not (interface.functions or own):
                continue
        if not provides(name):
            found[name] = component.labels.get(name, name)
    return found


def _provided(name: str, front: Front, component: UntypedComponent, connections: Connections) -> Provided:
    """What the import of this name gets."""
    labelled = component.labels.get(name)
    description = front.described(labelled or name)
    return Provided(description, connections.implementations[name], label=name if labelled else None)
