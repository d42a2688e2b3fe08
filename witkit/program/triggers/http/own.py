"""The servers that a program starts itself, by its import `http-server`: for `witkit run`.

The program lives as long as they do. Its handlers are called on instances of their own, which share its backends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from ...ending import Ending
from ...pool import PoolSettings
from ...providers import Provider
from ...settings import RunSettings
from .settings import HttpSettings

if TYPE_CHECKING:
    from ...application import Application
    from ...telemetry.spans import Spans
    from .addresses import Address
    from .running import Running
    from .spiderlightning.handlers import Handler
    from .spiderlightning.routes import Routes

SERVER_IMPORT: Final = "spiderlightning:http/http-server@0.5.1"
GRACE: Final = 5.0
"""The seconds that requests have to be answered when a server stops: less than `ending.CLOSING`."""
CHECKS: Final = 1.0
"""The seconds between two looks whether a server has ended by itself."""


class OwnServers:
    """The servers of one run. Most programs have none, so that what they need is imported late."""

    def __init__(
        self,
        http: HttpSettings,
        pool: PoolSettings,
        announce: Callable[[str], None] = lambda line: None,
        log: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`log` is entered while there are servers."""
        self._http, self._pool, self._announce, self._log = http, pool, announce, log
        self._is_imported, self._stopped = False, Event()
        self._guest: Application | None = None
        self._handlers: dict[str, Handler] = {}
        self._running: dict[Running, ExitStack] = {}

    def over(self, settings: RunSettings) -> RunSettings:
        """The settings of the program, with the import `http-server`."""
        given = Provider("", is_offered=True, make=self._provider)
        return replace(settings, providers={SERVER_IMPORT: given, **settings.providers}, servers=self)

    def _provider(self) -> Any:
        from .spiderlightning.router import http_server

        self._is_imported = True
        return http_server(self)

    @contextmanager
    def connected(self, host: Any, spans: Spans | None = None) -> Iterator[None]:
        """The imports of the program are connected until the `with` statement ends; then its servers end, too."""
        if not self._is_imported:
            yield
            return
        from ...application import Application
        from ...instances import of_host
        from ...pool import InstancePool
        from .spiderlightning.handlers import handlers

        source = of_host(host, self._pool, self._http.timeout)
        self._guest = guest = Application(source.path, spans)
        guest.ready(source, InstancePool(source.make, source.settings, source.interrupt))
        self._handlers = handlers(guest)
        try:
            with self._log():
                yield
        finally:
            self._end(guest)

    def wait(self, ending: Ending) -> None:
        """Wait until all servers have been stopped. A signal that ends the wait lets calls end."""
        with ending.sparing():
            while any(each.server.running for each in self._running):
                self._stopped.wait(CHECKS)

    def handler(self, name: str) -> Handler | None:
        return self._handlers.get(name)

    def serve(self, address: Address, routes: Routes) -> Callable[[], object]:
        """Start a server. The address in `witkit.toml` goes over that of the program."""
        from .application import HttpApplication
        from .logs import access_log, log_failures
        from .running import running
        from .spiderlightning.front import Routed

        assert self._guest is not None
        # A second server leaves the port for those who watch to the first one.
        http = replace(self._http, monitoring=None) if self._running else self._http
        pool = self._guest.pool.settings
        watchers = [log_failures, *filter(None, [access_log(http.access_log)])]
        front = Routed(routes, self._handlers, self._guest.call)
        spans = self._guest.spans
        application = HttpApplication(front, http, calls=pool.size, wait=pool.wait, watchers=watchers, spans=spans)
        with ExitStack() as stack:
            stack.callback(application.close)
            found = stack.enter_context(running(application, http, http.address or address, GRACE))
            self._running[found] = stack.pop_all()
        self._announce(f"requests are answered at {found.url}")
        return lambda: self._stop(found)

    def _stop(self, server: Running) -> None:
        if (stack := self._running.pop(server, None)) is not None:
            stack.close()
            self._stopped.set()

    def _end(self, guest: Application) -> None:
        """Accept nothing more, let calls end, and stop the servers."""
        from ..trigger import drained
        from .trigger import Served

        running = [Served(each.application, each, stack) for each, stack in self._running.items()]
        for each in running:
            each.stop()
        guest.close(drained(running, GRACE))
        for each in running:
            each.close()
