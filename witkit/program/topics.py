"""The types of topics, in `witkit.toml`:

[messaging.topics."orders"]
type = "shop:orders/types@0.1.0#order-placed"
wit = "wit"            # where the type is: a package of WIT or a component; the default is `wit` beside this file
dead = "orders.dead"   # the topic for messages that do not fit; "" drops them

A table of `[[messaging.subscriptions]]` with the keys `type` and `wit` says the same about its topic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from witkit.backends.messaging.typed import Topic, TypedMessages
from witkit.backends.references import folder_of
from witkit.ir import model
from witkit.text import WitkitError
from witkit.text.settings import SettingsTable
from witkit.text.toml_places import dotted

from .payloads import UnknownType, payload

KEYS: Final = ("type", "wit", "dead")

WIT: Final = "wit"
"""The default for `wit`."""


@dataclass(frozen=True, slots=True)
class Typing:
    """What is put around a backend for messages: its topics with a type."""

    topics: Mapping[str, Topic]

    def __call__(self, messages: Any) -> TypedMessages:
        return TypedMessages(messages, self.topics)


def read_topics(messaging: SettingsTable) -> Callable[[Any], Any] | None:
    """The types of topics in `[messaging]`; None if there are none. Mistakes are problems of the table."""
    found: dict[str, Topic] = {}
    packages: dict[str, model.Resolve | None] = {}
    for each in messaging.tables("subscriptions") if "subscriptions" in messaging.values else ():
        name = each.values.get("topic")
        if isinstance(name, str) and (topic := _subscribed(name, each, packages)) is not None:
            _add(found, name, topic, each)
    table = messaging.table("topics")
    for name, value in table.values.items():
        if not isinstance(value, Mapping):
            table.wrong(
                name, f"`{name}` must be a table with the `type` of a topic", f"[{dotted((*table.path, name))}]"
            )
        elif (topic := _topic(name, below := table.table(name), packages)) is not None:
            _add(found, name, topic, below)
    return Typing(found) if found else None


def _add(found: dict[str, Topic], name: str, topic: Topic, table: SettingsTable) -> None:
    """One topic more. A topic has one type, wherever it is written."""
    if name in found and found[name].type != topic.type:
        table.wrong("type", f"`{name}` has two types: this one, and `{found[name].type}`", "remove one of them")
    found[name] = topic


def _subscribed(name: str, table: SettingsTable, packages: dict[str, model.Resolve | None]) -> Topic | None:
    """The type of a subscription's topic, if it has one. The trigger reads the other keys."""
    if "type" not in table.values:
        return None
    type_, dead = table.text("type"), table.values.get("dead")
    if type_ is None:
        return None
    return _made(name, type_, dead if isinstance(dead, str) else None, table, packages)


def _topic(name: str, table: SettingsTable, packages: dict[str, model.Resolve | None]) -> Topic | None:
    """The type of one topic, or None if it is wrong."""
    before = len(table.problems)
    table.reject_unknown_keys(*KEYS)
    table.require("type")
    type_, dead = table.text("type"), table.text("dead")
    if dead == name:
        table.wrong("dead", "`dead` must be another topic: what does not fit would come back at once")
    if len(table.problems) > before or type_ is None:
        return None
    return _made(name, type_, dead, table, packages)


def _made(
    name: str, type_: str, dead: str | None, table: SettingsTable, packages: dict[str, model.Resolve | None]
) -> Topic | None:
    resolve = _resolve(table, table.text("wit") or WIT, packages)
    if resolve is None:
        return None
    try:
        found = payload(type_, resolve)
    except UnknownType as unknown:
        table.wrong("type", str(unknown), unknown.help)
        return None
    return Topic(type_, found.mismatch, f"{name}.dead" if dead is None else dead)


def _resolve(table: SettingsTable, wit: str, packages: dict[str, model.Resolve | None]) -> model.Resolve | None:
    """The packages at a path, or None if they cannot be read."""
    if wit not in packages:
        from witkit.ir import load

        place = table.place("wit") or table.place("type")
        try:
            packages[wit] = load(folder_of(place) / wit).raise_for_errors().resolve
        except WitkitError as problem:
            table.wrong(
                "wit" if "wit" in table.values else "type", problem.diagnostics[0].message, problem.diagnostics[0].help
            )
            packages[wit] = None
    return packages[wit]
