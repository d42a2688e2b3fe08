"""Guests that are served in a thread, and the broker that they share with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tests.run.in_thread import SOON, Noting, in_thread
from witkit.backends.connect import Choice
from witkit.backends.messaging.protocol import Messages, Received
from witkit.program.application import Application
from witkit.program.pool import PoolSettings
from witkit.program.settings import RunSettings
from witkit.program.triggers.http.settings import HttpSettings
from witkit.program.triggers.messages.settings import Subscription
from witkit.program.triggers.messages.trigger import MessagesTrigger
from witkit.runtime import Limits

BROKER = "broker"


@dataclass(frozen=True)
class Known(Noting, MessagesTrigger):
    """The trigger, which lets the test know that it has started."""


@dataclass
class Served:
    """A served guest. `end` ends it as a signal would, `raised` is what it has raised."""

    messages: Messages
    application: Application
    end: Event
    thread: Thread
    lines: list[str]
    _tokens: dict[str, str] = field(default_factory=dict)

    def listen(self, topic: str, name: str = BROKER, group: str | None = None) -> None:
        """Subscribe to a topic, for `received`."""
        self._tokens[topic] = self.messages.subscribe(name, topic, group)

    def publish(self, *messages: bytes, topic: str = "orders") -> None:
        for message in messages:
            self.messages.publish(BROKER, topic, message)

    def one(self, topic: str) -> Received:
        """The next message of a topic that the test listens to."""
        received = self.messages.receive(self._tokens[topic], SOON)
        assert received is not None, f"nothing came on {topic}"
        self.messages.acknowledge(self._tokens[topic], received)
        return received

    def received(self, topic: str, count: int) -> list[bytes]:
        return [self.one(topic).message for _ in range(count)]

    def nothing(self, topic: str, seconds: float = 0.3) -> bool:
        return self.messages.receive(self._tokens[topic], seconds) is None


def subscription(**settings: Any) -> Subscription:
    """A subscription of the tests: quick to try again."""
    return Subscription(**{"topic": "orders", "group": "workers", "name": BROKER, "backoff": 0.01, **settings})


@contextmanager
def served(
    path: Path,
    choice: Choice | None = None,
    *subscriptions: Subscription,
    limits: Limits | None = None,
    trace: Callable[[str], object] | None = None,
    spans: Any = None,
    http: HttpSettings | None = None,
    **pool: Any,
) -> Iterator[Served]:
    """Serve a guest in a thread until the `with` statement ends."""
    lines = list[str]()
    choices = {"messaging": choice or Choice("memory")}
    settings = RunSettings(choices, lines.append, limits=limits or Limits(), trace=trace, spans=spans)
    configured = {"messages": subscriptions or (subscription(),), "events": http}
    with in_thread(path, Known(), settings, PoolSettings(**pool), configured) as run:
        yield Served(run.application.selector("messaging")(BROKER), run.application, run.end, run.thread, lines)
