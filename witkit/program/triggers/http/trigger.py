"""The trigger `http`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from witkit import abi
from witkit.text import WitkitError

from ...application import GRACE
from ...exported import Exporting
from ...outline import Outline
from ...project import Configuration
from ...settings import RunSettings
from ..trigger import Start
from .addresses import Address
from .application import HttpApplication
from .cloudevents import described
from .opened import Prepared
from .running import DEFAULT, Running, running
from .settings import HttpSettings
from .spiderlightning.handlers import HTTP_HANDLER, SERVER_INIT
from .spiderlightning.opened import answers


@dataclass(frozen=True, slots=True)
class Configured:
    """How one guest answers requests, and what it gets for that."""

    settings: HttpSettings
    prepared: Prepared = field(default_factory=Prepared)


@dataclass(frozen=True, slots=True)
class Http:
    """Has the guest answer requests."""

    name: str = "http"

    @property
    def exports(self) -> Sequence[str]:
        """The handlers, and what begins a server."""
        return [f"{HTTP_HANDLER}@0.5.1", f"{SERVER_INIT}@0.5.1"]

    def read(self, project: Configuration, options: Mapping[str, Any]) -> Configured:
        """What the file says. The options `address` and `monitoring` have addresses, which go over it.

        With the option `worker`, this process is that one of several. They share the address, which is free before the
        `first` of them begins, and each has a port of its own for monitoring.
        """
        given = {name: options[name] for name in ("address", "monitoring") if options.get(name) is not None}
        if (worker := options.get("worker")) is not None:
            given["reuse_port"] = True
            if (watched := given.get("monitoring", project.http.monitoring)) is not None:
                given["monitoring"] = watched.nth(worker)
        if options.get("log_format") == "json" and project.http.access_log == "text":
            given["access_log"] = "json"
            given["is_alone"] = options.get("first", False) and not project.http.reuse_port
        return Configured(replace(project.http, **given))

    def prepared(self, path: Path, settings: RunSettings, configuration: Configured) -> RunSettings:
        """With the import `http-server`, and a time limit for calls."""
        try:
            fits = path.suffix == ".py" or answers(Outline(path))
        except WitkitError:
            fits = False  # opening it says what is wrong
        return configuration.prepared.over(settings, configuration.settings) if fits else settings

    def fits(self, exporting: Exporting) -> bool:
        """Whether something in the guest answers requests."""
        return answers(exporting)

    def lacks(self, configuration: Configured) -> str:
        """Nothing: there is a default address."""
        return ""

    def described(self, exporting: Exporting) -> Iterable[abi.Interface]:
        """That of the handler for events. Values of requests have the classes of the guest's own types."""
        return described(exporting)

    def capabilities(self, exporting: Exporting) -> Iterable[str]:
        """None."""
        return ()

    def start(self, start: Start) -> Served:
        """Let the guest start, and serve it."""
        configured: Configured = start.configuration
        application = configured.prepared.opened(start.application, configured.settings)
        address = configured.settings.address or configured.prepared.address or DEFAULT
        with ExitStack() as stack:
            stack.callback(application.close)
            found = stack.enter_context(running(application, configured.settings, address, GRACE, start.registry))
            start.announce(f"requests are answered at {found.url}")
            if found.monitoring is not None:
                start.announce(f"health and metrics are at http://{found.monitoring.address}/healthz and /metrics")
            return Served(application, found, stack.pop_all())


@dataclass(frozen=True, slots=True)
class Served:
    """A guest whose requests are answered."""

    application: HttpApplication
    running: Running
    _stack: ExitStack

    @property
    def address(self) -> Address:
        """Where it is served."""
        return self.running.server.address

    @property
    def busy(self) -> bool:
        """Whether requests wait for an instance or for their answer."""
        return self.application.running > 0

    def stop(self) -> None:
        """Accept nothing more."""
        self.running.server.stop_accepting(GRACE)

    def close(self) -> None:
        """Wait for the answers that are being sent, and stop the servers."""
        self._stack.close()


HTTP: Final = Http()
