"""Counts and times of what a guest is called for besides requests, for Prometheus: messages and changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from witkit.text import WitkitError, error

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NO_SERVER: Final = "WIT0917"
HANDLED: Final = "handled"


@dataclass(slots=True)
class Outcome:
    """What became of one event: a label of the count."""

    said: str = HANDLED


class Meter:
    """Counts events of one kind, such as `messages`. `label` is what tells them apart, such as `topic`."""

    def __init__(self, registry: CollectorRegistry | None, kind: str, label: str) -> None:
        """Without a registry, nothing is counted."""
        self._is_idle = registry is None
        if registry is None:
            return
        from prometheus_client import Counter, Gauge, Histogram

        name = f"witkit_{kind}"
        self._events = Counter(name, f"{kind.capitalize()} by outcome", (label, "outcome"), registry=registry)
        self._seconds = Histogram(
            f"{name}_seconds", "Seconds until the outcome", (label,), buckets=BUCKETS, registry=registry
        )
        self._running = Gauge(f"{name}_running", f"{kind.capitalize()} being handled", registry=registry)

    def expect(self, name: str) -> None:
        """Begin with 0 for a topic or store, so that a rate can be computed from the first event on."""
        if not self._is_idle:
            self._events.labels(name, HANDLED)
            self._seconds.labels(name)

    @contextmanager
    def counted(self, name: str) -> Iterator[Outcome]:
        """Count what the `with` statement does. An exception means that nobody knows what became of it."""
        outcome = Outcome()
        if self._is_idle:
            yield outcome
            return
        began = time.monotonic()
        self._running.inc()
        try:
            yield outcome
        except BaseException:
            outcome.said = "unknown"
            raise
        finally:
            self._running.dec()
            self._seconds.labels(name).observe(time.monotonic() - began)
            self._events.labels(name, outcome.said).inc()  # Whoever sees it counted finds the other figures as well.


def new_registry() -> CollectorRegistry:
    """A registry for the figures of one program. Raises WitkitError (WIT0917) if the client library is missing."""
    try:
        from prometheus_client import CollectorRegistry
    except ImportError as missing:
        help = "pip install 'witkit[serve]'"
        raise WitkitError([error(NO_SERVER, f"`{missing.name}` is not installed", help=help)]) from None
    return CollectorRegistry()


def text_of(registry: CollectorRegistry) -> tuple[bytes, bytes]:
    """All figures in the text form of Prometheus, and its content type."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    return generate_latest(registry), CONTENT_TYPE_LATEST.encode()
