"""An application behind its servers: one for requests, and one for those who watch it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from ..meters import new_registry, text_of
from .addresses import Address
from .application import HttpApplication
from .metrics import Metrics, Monitoring
from .server import Server
from .settings import HttpSettings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

DEFAULT: Final = Address("127.0.0.1", 8080)


@dataclass(frozen=True, slots=True)
class Running:
    """What runs, and where."""

    server: Server
    monitoring: Server | None
    application: HttpApplication

    @property
    def url(self) -> str:
        """The address of the application."""
        return f"{'https' if self.server.is_secure else 'http'}://{self.server.address}"


@contextmanager
def running(
    application: HttpApplication,
    settings: HttpSettings,
    address: Address,
    grace: float,
    registry: CollectorRegistry | None = None,
) -> Iterator[Running]:
    """Serve an application until the `with` statement ends; requests that are being answered have `grace` seconds then.

    `registry` has the program's other figures. `/healthz` says that the application stops before it accepts no more.
    Raises WitkitError if it cannot be served.
    """
    if settings.is_alone:
        address.listen().close()
    with ExitStack() as stack:
        server = Server(application, settings, address)
        monitoring = None
        try:
            if settings.monitoring is not None:
                # It is stopped last, so that it can say that the other one is stopping.
                monitoring = _monitoring(application, settings.monitoring, server, registry or new_registry())
                stack.callback(monitoring.stop, 1.0)
                monitoring.start()
            server.start()
        finally:
            stack.callback(server.stop, grace)
        yield Running(server, monitoring, application)


def _monitoring(application: HttpApplication, address: Address, server: Server, registry: CollectorRegistry) -> Server:
    application.watch(Metrics(lambda: application.running, registry))
    watched = Monitoring(lambda: server.running, partial(text_of, registry))
    return Server(watched, HttpSettings(timeout=10.0), address)
