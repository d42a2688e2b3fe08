"""How far a group is in one partition: what Kafka keeps for it is one offset, and a short text.

The offset is that of the first message that is not done. The text has what is known about it and later ones: how
often each was given out, 0 for those that are done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 4000
"""The most characters of the text: Kafka takes 4,096 bytes by default."""

_TEXT: Final = re.compile(r"witkit(?: \d+:\d+)*")


@dataclass(slots=True)
class Progress:
    """`end` is the offset after the last message that was seen, `attempts` how often those before it that are not done
    were given out, and `done` those that are done although an earlier one is not."""

    end: int
    attempts: dict[int, int] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    is_changed: bool = True

    @property
    def first(self) -> int:
        """The offset of the first message that is not done."""
        return min(self.attempts, default=self.end)

    @property
    def text(self) -> str:
        """What Kafka keeps beside `first`. It leaves out what has no room, which may then come again too often."""
        first, words = self.first, "witkit"
        given = (offset for offset, attempts in self.attempts.items() if attempts)
        for offset in sorted((*given, *(self.done if self.attempts else ()))):
            word = f" {offset - first}:{self.attempts.get(offset, 0)}"
            if len(words) + len(word) > LONGEST:
                break
            words += word
        return words

    def see(self, offset: int, known: dict[int, int]) -> int:
        """How often a message that has come was given out, with this time; 0 if it is done."""
        before = known.get(offset)
        self.end, self.is_changed = max(self.end, offset + 1), True
        if before == 0:
            self.done.add(offset)
            return 0
        self.attempts[offset] = (before or 0) + 1
        return self.attempts[offset]

    def count(self, offset: int, attempts: int) -> None:
        """Say how often a message was given out."""
        if self.attempts.get(offset, attempts) != attempts:
            self.attempts[offset], self.is_changed = attempts, True

    def finish(self, offset: int) -> None:
        """Be done with a message."""
        if self.attempts.pop(offset, None) is not None:
            self.done.add(offset)
            self.done = {each for each in self.done if each > self.first}
            self.is_changed = True


def known(first: int, text: str | None) -> dict[int, int]:
    """What a text says: how often messages were given out, by offset. Nothing if it is somebody else's."""
    if not text or not _TEXT.fullmatch(text):
        return {}
    pairs = (word.split(":") for word in text.split()[1:])
    return {first + int(offset): int(count) for offset, count in pairs}
