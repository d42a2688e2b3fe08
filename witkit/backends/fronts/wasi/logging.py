"""`wasi:logging/logging` over backends for log messages."""

from __future__ import annotations

from witkit.backends.failure import Failure
from witkit.backends.fronts.failures import log
from witkit.backends.logs.protocol import Level, Logs
from witkit.backends.selector import Selector
from witkit.interfaces.wasi_logging import logging as api


class Logging:
    """`interface logging`: the implementation for an import. `logs` is its backend.

    The interface opens nothing by name: the backend is that of the import's label, or the default one.
    """

    def __init__(self, selector: Selector[Logs]) -> None:
        self._selector = selector

    @property
    def logs(self) -> Logs:
        """The backend. Raises Failure if none is configured for this import."""
        return self._selector(self._selector.label)

    def log(self, level: api.Level, context: str, message: str) -> None:
        """Write a message. A failure is in the operator's log only, because the interface has no error."""
        try:
            logs = self.logs
            if level.value >= logs.lowest:
                logs.write(Level(level.value), context, message)
        except Failure as failure:
            log("logging log", failure)
