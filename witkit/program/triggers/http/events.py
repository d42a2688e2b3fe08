"""The trigger `events`: a server for guests that handle CloudEvents and answer no other requests.

A guest that does both has one server, the one of the trigger `http`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from witkit import abi
from witkit.backends.fronts.spiderlightning.events import HANDLER

from ...application import GRACE
from ...exported import Exporting
from ...project import Configuration
from ...settings import RunSettings
from ..trigger import Start
from .application import HttpApplication
from .cloudevents import Events, described, handler_of
from .logs import access_log, log_failures
from .running import DEFAULT, running
from .settings import HttpSettings
from .spiderlightning.opened import answers
from .trigger import HTTP, Served


@dataclass(frozen=True, slots=True)
class EventServer:
    """Has the guest handle events that come by HTTP."""

    name: str = "events"

    @property
    def exports(self) -> Sequence[str]:
        """The handler."""
        return [HANDLER]

    def read(self, project: Configuration, options: Mapping[str, Any]) -> HttpSettings:
        """What the file and the options say about HTTP."""
        return HTTP.read(project, options).settings

    def fits(self, exporting: Exporting) -> bool:
        """Whether the guest handles events, and nothing in it answers requests."""
        return handler_of(exporting) is not None and not answers(exporting)

    def lacks(self, configuration: HttpSettings) -> str:
        """The path for events, if there is none."""
        return "" if configuration.events else "a path for CloudEvents: `events` in `[http]` in witkit.toml"

    def prepared(self, path: Path, settings: RunSettings, configuration: HttpSettings) -> RunSettings:
        """With a time limit for calls, if events come by HTTP. A guest under Python has none."""
        if not configuration.events or settings.limits.timeout is not None or path.suffix == ".py":
            return settings
        return replace(settings, limits=replace(settings.limits, timeout=configuration.timeout))

    def described(self, exporting: Exporting) -> Iterable[abi.Interface]:
        """The interface of the handler."""
        return described(exporting)

    def capabilities(self, exporting: Exporting) -> Iterable[str]:
        """None."""
        return ()

    def start(self, start: Start) -> Served:
        """Serve the path for events."""
        guest, settings = start.application, start.configuration
        handler = handler_of(guest)
        assert handler is not None
        front = Events(settings.events, handler, guest, None)
        watchers = [log_failures, *filter(None, [access_log(settings.access_log)])]
        pool = guest.pool.settings
        application = HttpApplication(
            front, settings, calls=pool.size, wait=pool.wait, watchers=watchers, spans=guest.spans
        )
        with ExitStack() as stack:
            stack.callback(application.close)
            found = stack.enter_context(
                running(application, settings, settings.address or DEFAULT, GRACE, start.registry)
            )
            start.announce(f"CloudEvents are handled at {found.url}{settings.events}")
            return Served(application, found, stack.pop_all())


EVENTS: Final = EventServer()
