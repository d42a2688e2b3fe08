"""One message: call the guest, then acknowledge it, give it back, or put it with the dead letters."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Final

from witkit.backends.failure import Failure, Kind
from witkit.backends.messaging.handled import handling
from witkit.backends.messaging.protocol import Messages, Received
from witkit.backends.messaging.sending import bury

from ...application import Application
from ...call_ids import call_id
from ...pool import Busy, Closed
from ...telemetry.events import message_span
from ..meters import Meter, Outcome
from ..reasons import reason
from .handlers import Handler
from .settings import Subscription

LOG: Final = logging.getLogger("witkit.messages")

BUSY: Final = 0.1
"""The seconds after which a message comes back that found no free instance."""


class Unanswered(Exception):
    """Nobody has said what became of a message."""

    def __init__(self) -> None:
        super().__init__("the processes that got it have ended without an answer")


@dataclass(slots=True)
class Feed:
    """An open subscription. `token` is the backend's, for its group."""

    subscription: Subscription
    group: str
    messages: Messages
    token: str = ""
    refused: int = 0
    """How often no instance was free for a message: that counts as an attempt for the backend."""
    _has_dead: bool = field(default=False)

    def kills(self, received: Received) -> bool:
        """Whether a message was given out so often that those who got it must have died: a failure is counted once."""
        return received.attempt > 2 * self.subscription.attempts + self.refused

    def subscribe(self) -> None:
        """Begin, or begin again after the backend has forgotten it. Raises Failure."""
        self.token = self.messages.subscribe(self.subscription.name, self.subscription.topic, self.group)

    def receive(self, wait: float) -> Received | None:
        """The next message. Raises Failure."""
        try:
            return self.messages.receive(self.token, wait)
        except Failure as failure:
            if failure.kind is not Kind.MISSING:
                raise
            LOG.warning("the subscription to `%s` was gone, and begins again", self.subscription.topic)
            self.subscribe()
            return None

    def bury(self, received: Received) -> None:
        """Publish a message to the topic of dead letters, and have it kept for the group. Raises Failure."""
        dead, name = self.subscription.dead_topic, self.subscription.name
        if not dead:
            return
        if not self._has_dead:
            self.messages.keep(name, dead, self.group)
            self._has_dead = True
        bury(self.messages, name, dead, received)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers messages to one application."""

    application: Application
    handler: Handler
    meter: Meter

    def deliver(self, feed: Feed, received: Received) -> None:
        """Handle one message; the attempt has an id. Raises Failure if the backend does not take what became of it."""
        id = call_id.set(token_hex(8))
        try:
            with self.meter.counted(feed.subscription.topic) as outcome:
                self._spanned(feed, received, outcome)
        finally:
            call_id.reset(id)

    def _spanned(self, feed: Feed, received: Received, outcome: Outcome) -> None:
        try:
            with message_span(self.application.spans, received, feed.group) as failed:
                self._deliver(feed, received, failed, outcome)
        except Failure:
            raise
        except Exception as problem:
            # A mistake of witkit or of a backend, after the call: the message may be handled once more.
            LOG.debug("a message of `%s` failed", feed.subscription.topic, exc_info=problem)
            self._failed(feed, received, reason(problem), outcome)

    def _deliver(self, feed: Feed, received: Received, failed: Callable[[Exception], object], outcome: Outcome) -> None:
        """`failed` gets why a message was not handled."""
        if feed.kills(received):
            failed(unanswered := Unanswered())
            self._failed(feed, received, str(unanswered), outcome)
            return
        try:
            values = self.handler.arguments(received, feed.messages, feed.subscription.name)
            with handling(received, feed.messages, feed.subscription.name):
                self.application.call(self.handler.interface, self.handler.function, *values)
        except (Busy, Closed) as refused:
            failed(refused)
            outcome.said = "refused"
            feed.refused += isinstance(refused, Busy)
            feed.messages.give_back(feed.token, received, 0.0 if isinstance(refused, Closed) else BUSY)
        except Exception as problem:
            failed(problem)
            self._failed(feed, received, reason(problem), outcome)
        else:
            feed.messages.acknowledge(feed.token, received)

    def _failed(self, feed: Feed, received: Received, why: str, outcome: Outcome) -> None:
        subscription, topic = feed.subscription, feed.subscription.topic
        attempt, id = f"attempt {received.attempt} of {subscription.attempts}", call_id.get()
        said = f"a message of `{topic}` failed, {attempt}: {why}"
        if received.attempt < subscription.attempts:
            outcome.said = "failed"
            delay = subscription.delay(received.attempt)
            LOG.warning("%s; it comes again after %g s id=%s", said, delay, id)
            feed.messages.give_back(feed.token, received, delay)
            return
        try:
            feed.bury(received)
        except Failure as failure:
            LOG.error("%s; `%s` does not take it: %s id=%s", said, subscription.dead_topic, failure.shown, id)
            outcome.said = "failed"
            feed.messages.give_back(feed.token, received, subscription.delay(received.attempt))
            return
        outcome.said = "dead"
        left = f"it is in `{subscription.dead_topic}`" if subscription.dead_topic else "dropped"
        LOG.error("%s; %s id=%s", said, left, id)
        feed.messages.acknowledge(feed.token, received)
