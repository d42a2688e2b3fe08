"""The port for those who watch a program that answers no requests: `/healthz`, and `/metrics` for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from .http.addresses import Address
from .http.metrics import Monitoring
from .http.server import Server
from .http.settings import HttpSettings
from .meters import text_of

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class Monitored:
    """The port, as a trigger that calls nothing."""

    def __init__(self, address: Address, registry: CollectorRegistry, announce: Callable[[str], None]) -> None:
        """Begin to answer. Raises WitkitError if the address cannot be used."""
        self._is_stopping = False
        watched = Monitoring(lambda: not self._is_stopping, partial(text_of, registry))
        self._server = Server(watched, HttpSettings(timeout=10.0), address)
        self._server.start()
        announce(f"health and metrics are at http://{self._server.address}/healthz and /metrics")

    @property
    def busy(self) -> bool:
        """Never."""
        return False

    def stop(self) -> None:
        """Say that the program stops."""
        self._is_stopping = True

    def close(self) -> None:
        """Stop, after everything else."""
        self._server.stop(1.0)
