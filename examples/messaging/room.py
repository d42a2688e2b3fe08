"""The exported resource `member`: it has to be in a module that is called like its interface.

Every room is a topic, every member has a subscription of it, messages are JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Self

from componentize_py_types import Err
from wit_world.exports import room as exported
from wit_world.exports.room import Message
from wit_world.imports.messaging import Pub, Sub

BROKER = "chat"


class Member(exported.Member):
    """Somebody in a room."""

    def __init__(self, name: str, room: str, mouth: Pub, ears: Sub, token: str) -> None:
        self._name, self._room = name, room
        self._mouth, self._ears, self._token = mouth, ears, token

    @classmethod
    def join(cls, room: str, name: str) -> Self:
        with _failures_shown():
            ears = Sub.open(BROKER)
            return cls(name, room, Pub.open(BROKER), ears, ears.subscribe(room))

    def say(self, text: str) -> None:
        with _failures_shown():
            self._mouth.publish(json.dumps(asdict(Message(self._name, text))).encode(), self._room)

    def unread(self) -> list[Message]:
        with _failures_shown():
            return [message for message in self._waiting() if message.author != self._name]

    def _waiting(self) -> Iterator[Message]:
        while received := self._ears.receive(self._token):
            yield Message(**json.loads(received))


@contextmanager
def _failures_shown() -> Iterator[None]:
    """What the broker refuses, as the text that the interface has for it."""
    try:
        yield
    except Err as refused:
        raise Err(f"{type(refused.value).__name__.partition('_')[2]}: {refused.value.value}") from refused
