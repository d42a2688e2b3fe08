"""The trigger `messages`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from witkit import abi
from witkit.backends.errors import cannot_open
from witkit.backends.failure import Failure

from ...exported import Exporting
from ...pool import InstancePool
from ...project import Configuration
from ...settings import RunSettings
from ..meters import Meter
from ..trigger import Start
from .delivery import LOG, Delivery, Feed
from .dispatcher import WAIT, Dispatcher
from .handlers import HANDLERS, handler_of
from .settings import Subscription

CAPABILITY: Final = "messaging"


@dataclass(frozen=True, slots=True)
class MessagesTrigger:
    """Calls the guest for each message of its subscriptions."""

    name: str = "messages"

    @property
    def exports(self) -> Sequence[str]:
        """The handlers."""
        return [each.interface for each in HANDLERS]

    def read(self, project: Configuration, options: Mapping[str, Any]) -> tuple[Subscription, ...]:
        """The subscriptions of the file, and those to the topics of the option `subscribe`."""
        known = {each.topic for each in project.subscriptions}
        topics = dict.fromkeys(options.get("subscribe", ()))
        return (*project.subscriptions, *(Subscription(topic) for topic in topics if topic not in known))

    def fits(self, exporting: Exporting) -> bool:
        """Whether the guest exports a handler."""
        return handler_of(exporting) is not None

    def lacks(self, configuration: Sequence[Subscription]) -> str:
        """A subscription, if there is none."""
        return "" if configuration else "a topic: `--subscribe TOPIC`, or `[[messaging.subscriptions]]` in witkit.toml"

    def prepared(self, path: Path, settings: RunSettings, configuration: Sequence[Subscription]) -> RunSettings:
        """The settings as they are."""
        return settings

    def described(self, exporting: Exporting) -> Iterable[abi.Interface]:
        """The interface of the handler."""
        found = handler_of(exporting)
        return [] if found is None else [found.described()]

    def capabilities(self, exporting: Exporting) -> Iterable[str]:
        """Messaging."""
        return [CAPABILITY]

    def start(self, start: Start) -> Running:
        """Subscribe to all topics, and begin."""
        application, subscriptions = start.application, start.configuration
        handler = handler_of(application)
        assert handler is not None
        feeds = [_feed(application, each) for each in subscriptions]
        for feed in feeds:
            start.announce(f"messages of `{feed.subscription.topic}` go to `{handler.function}`, group `{feed.group}`")
        pool: InstancePool = application.pool
        delivery = Delivery(application, handler, _meter(start, feeds))
        made = Dispatcher(feeds, delivery.deliver, pool.settings.size, pool.settings.bytes)
        made.start()
        return Running(feeds, made)


@dataclass(frozen=True, slots=True)
class Running:
    """The subscriptions and the threads."""

    feeds: Sequence[Feed]
    dispatcher: Dispatcher

    @property
    def busy(self) -> bool:
        """Never: a message whose handler has not been called is for another host."""
        return False

    def stop(self) -> None:
        """Receive nothing more."""
        self.dispatcher.stop()

    def close(self) -> None:
        """Wait for the threads. A message that a guest does not let go of comes again to another host."""
        if not self.dispatcher.join(2 * WAIT):
            LOG.warning("a message is still being handled; another host gets it later")
        for feed in self.feeds:
            feed.messages.unsubscribe(feed.token)


def _meter(start: Start, feeds: Sequence[Feed]) -> Meter:
    meter = Meter(start.registry, "messages", "topic")
    for feed in feeds:
        meter.expect(feed.subscription.topic)
    return meter


def _feed(application: Any, subscription: Subscription) -> Feed:
    """The open subscription. Raises WitkitError."""
    group = subscription.group or Path(application.name).stem
    try:
        messages = application.selector(CAPABILITY)(subscription.name)
        messages.limits.check_key(subscription.topic)
        feed = Feed(subscription, group, messages)
        feed.subscribe()
    except Failure as failure:
        message = f"there is no subscription to `{subscription.topic}`: {failure.shown}"
        raise cannot_open(message, place=subscription.place) from None
    return feed


MESSAGES: Final = MessagesTrigger()
