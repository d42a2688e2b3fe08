"""The subscriptions of `witkit.toml`:

[[messaging.subscriptions]]
topic = "orders"
group = "workers"      # by default the name of the guest's file, so that all hosts with this guest share the work
name = "shop"          # the broker, by default ""
parallel = 4           # messages that are handled at once; 1, the default, keeps their order
attempts = 5           # then a message goes to `dead`
backoff = 1.0          # seconds before the second attempt, doubled each time
dead = "orders.dead"   # a topic; "" drops the message
type = "shop:orders/types@0.1.0#order-placed"   # with `wit`, the type of its messages: see `witkit.program.topics`
"""

from __future__ import annotations

from typing import Final

from witkit.text import Span
from witkit.text.settings import SettingsTable
from witkit.text.values import value

LONGEST: Final = 300.0
"""The most seconds between two attempts."""

KEYS: Final = ("topic", "group", "name", "parallel", "attempts", "backoff", "dead", "type", "wit")


@value(frozen=True, slots=True)
class Subscription:
    """What is pushed. `group` None is the name of the guest's file, `dead` None is `<topic>.dead`."""

    topic: str
    group: str | None = None
    name: str = ""
    parallel: int = 1
    attempts: int = 5
    backoff: float = 1.0
    dead: str | None = None
    place: Span | None = None

    @property
    def dead_topic(self) -> str:
        """The topic for messages that failed too often; empty if they are dropped."""
        return f"{self.topic}.dead" if self.dead is None else self.dead

    def delay(self, attempt: int) -> float:
        """The seconds after this attempt has failed until the next one."""
        return float(min(self.backoff * 2 ** min(attempt - 1, 30), LONGEST))


def read_subscriptions(messaging: SettingsTable) -> tuple[Subscription, ...]:
    """Those of the table `[messaging]`. Mistakes are problems of the table. What is wrong has its default, so that
    nobody says that there is no subscription."""
    tables = messaging.tables("subscriptions")
    if not tables and not isinstance(messaging.values.get("subscriptions", []), list):
        return (Subscription(""),)
    found = [_read(each) for each in tables]
    seen = set[tuple[str, str, str | None]]()
    for table, each in zip(tables, found, strict=True):
        if each.topic and (each.name, each.topic, each.group) in seen:
            help = "give it another `group`, which gets each message, too; or set `parallel` to handle several at once"
            table.wrong("topic", f"`{each.topic}` is subscribed to twice for the same group", help)
        seen.add((each.name, each.topic, each.group))
    return tuple(found)


def _read(table: SettingsTable) -> Subscription:
    """One table."""
    table.reject_unknown_keys(*KEYS)
    table.require("topic")
    topic, group, dead = (table.text(key) for key in ("topic", "group", "dead"))
    for key in ("topic", "group"):
        if table.values.get(key) == "":
            table.wrong(key, f"`{key}` must not be empty")
    if dead is not None and dead == topic:
        table.wrong("dead", "`dead` must be another topic: messages that fail would come back at once")
    parallel, attempts = (_count(table, key, default) for key, default in (("parallel", 1), ("attempts", 5)))
    backoff = _seconds(table, "backoff", 1.0)
    name, place = table.text("name") or "", table.place("topic")
    return Subscription(topic or "", group, name, parallel, attempts, backoff, dead, place)


def _count(table: SettingsTable, key: str, default: int) -> int:
    found = table.integer(key)
    if found is not None and not 1 <= found <= 10_000:
        table.wrong(key, f"`{key}` must be a whole number from 1 to 10,000")
    return default if found is None else found


def _seconds(table: SettingsTable, key: str, default: float) -> float:
    found = table.values.get(key, default)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= LONGEST:
        table.wrong(key, f"`{key}` must be a number of seconds from 0 to {LONGEST:.0f}")
        return default
    return float(found)
