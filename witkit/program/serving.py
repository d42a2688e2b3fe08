"""`witkit serve` as a library call: every trigger whose exports a guest has, until a signal ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from witkit import abi
from witkit.text import WitkitError, error

from .application import GRACE, Application, open_application
from .exported import Exporting
from .pool import PoolSettings
from .settings import RunSettings
from .triggers.table import triggers
from .triggers.trigger import Running, Start, Trigger, drained

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from .triggers.http.addresses import Address

NO_TRIGGER: Final = "WIT0810"


@dataclass(frozen=True, slots=True)
class Triggers:
    """All triggers with their configurations: a `Caller` for guests that at least one of them fits."""

    configured: Mapping[str, Any]
    known: Sequence[Trigger]

    def of(self, component: Exporting, tracks: Sequence[str] = ()) -> None:
        """Raises WitkitError (WIT0810) if no trigger has anything to do."""
        fitting = self._fitting(component)
        if not fitting:
            raise WitkitError([_nothing_fits(component, self.known)])
        if not self.ready(component):
            lacking = "\n".join(each.lacks(self.configured[each.name]) for each in fitting)
            message = f"nothing would call `{component.name}`: it lacks {lacking}"
            raise WitkitError([error(NO_TRIGGER, message, file=component.name)])

    def ready(self, exporting: Exporting) -> list[Trigger]:
        """The triggers that fit and lack nothing."""
        return [each for each in self._fitting(exporting) if not each.lacks(self.configured[each.name])]

    def described(self, exporting: Exporting) -> Iterable[abi.Interface]:
        """The types of the exports of all triggers that fit."""
        return [interface for each in self._fitting(exporting) for interface in each.described(exporting)]

    def capabilities(self, exporting: Exporting) -> Iterable[str]:
        """What the triggers use themselves."""
        return dict.fromkeys(name for each in self.ready(exporting) for name in each.capabilities(exporting))

    def _fitting(self, exporting: Exporting) -> list[Trigger]:
        return [each for each in self.known if each.fits(exporting)]


def serve(
    path: Path,
    settings: RunSettings,
    pool: PoolSettings,
    configured: Mapping[str, Any],
    *,
    ended: Event | None = None,
    known: Sequence[Trigger] | None = None,
    started: Callable[[], object] = lambda: None,
    asked: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Serve a guest until `ended` is set or this thread is interrupted. `configured` has the configuration of each
    trigger, as its `read` gave it. `started` is called when everything is served. `asked` has options that were given,
    with the names of the triggers that they are for: those without effect are announced. `monitoring` of `[http]` is
    for every guest; a trigger that answers requests has that port itself.

    Then nothing more is accepted. What runs, and requests that wait for an instance, have `GRACE` seconds. Raises
    WitkitError with everything that prevents it.
    """
    callers = Triggers(configured, triggers() if known is None else known)
    until = ended or Event()
    running: list[Running] = []
    for trigger in callers.known:
        settings = trigger.prepared(path, settings, configured[trigger.name])
    with open_application(path, settings, pool, caller=callers) as application:
        try:
            ready = callers.ready(application)
            _announce_idle(asked, ready, settings.announce)
            for each in _started(ready, application, configured, settings.announce):
                running.append(each)
            settings.announce(f"serving {path}: end with Ctrl-C")
            started()
            while not until.wait(1.0):
                pass
        finally:
            for each in running:
                each.stop()
            application.pool.close(drained(running, GRACE))
            for each in running:
                each.close()


def _announce_idle(
    asked: Mapping[str, Sequence[str]], ready: Sequence[Trigger], announce: Callable[[str], None]
) -> None:
    idle = [f"`{option}`" for option, of in asked.items() if not any(each.name in of for each in ready)]
    if idle:
        announce(f"without effect for this guest: {', '.join(idle)}")


def _started(
    ready: Sequence[Trigger], application: Application, configured: Mapping[str, Any], announce: Callable[[str], None]
) -> Iterator[Running]:
    """Start one trigger after the other, and give each as soon as it runs: it has to be stopped if the next one fails.

    The last one is the port for those who watch the program, unless a trigger has it.
    """
    monitoring = _monitoring(configured)
    registry = None if monitoring is None else _registry()
    is_monitored = False
    for trigger in ready:
        running = trigger.start(Start(application, configured[trigger.name], announce, registry))
        is_monitored = is_monitored or _is_monitored(running)
        yield running
    if registry is not None and monitoring is not None and not is_monitored:
        yield _monitored(monitoring, registry, announce)


def _monitoring(configured: Mapping[str, Any]) -> Address | None:
    """Where health and figures can be asked for, as what reads `[http]` has found it."""
    found: Address | None = getattr(configured.get("events"), "monitoring", None)
    return found


def _registry() -> CollectorRegistry:
    from .triggers.meters import new_registry

    return new_registry()


def _is_monitored(running: Running) -> bool:
    from .triggers.http.trigger import Served

    return isinstance(running, Served) and running.running.monitoring is not None


def _monitored(address: Address, registry: CollectorRegistry, announce: Callable[[str], None]) -> Running:
    from .triggers.monitoring import Monitored

    return Monitored(address, registry, announce)


def _nothing_fits(component: Exporting, known: Sequence[Trigger]) -> Any:
    message = "there is nothing to serve: the component exports nothing that a trigger calls"
    lines = [f"{each.name}: {', '.join(f'`{name}`' for name in each.exports)}" for each in known]
    help = "\n".join(["export one of these interfaces:", *lines])
    return error(NO_TRIGGER, message, help=help, file=component.name)
