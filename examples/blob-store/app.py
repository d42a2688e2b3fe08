"""A journal in a blob store: one object per day, one line per entry. Objects are read and written piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import wit_world
from componentize_py_types import Err
from wit_world import Day, exports
from wit_world.imports.blob_store import Container

PIECE = 64 * 1024
"""Bytes that are read at once."""


class WitWorld(wit_world.WitWorld):
    """The functions that the world exports itself."""

    def note(self, day: str, entry: str) -> None:
        if not entry or "\n" in entry:
            raise Err("an entry is one line of text")
        with _journal() as journal, journal.write_object(day) as new:
            # Readers see the day as it was until `close`; an error before it leaves the day as it was.
            for piece in _pieces(journal, day) if journal.has_object(day) else ():
                new.write(piece)
            new.write(f"{entry}\n".encode())
            new.close()

    def search(self, word: str) -> list[str]:
        with _journal() as journal:
            days = sorted(journal.list_objects())
            return [f"{day}: {line}" for day in days for line in _lines(journal, day) if word in line]

    def days(self) -> list[Day]:
        with _journal() as journal:
            return [Day(name, journal.object_info(name).size) for name in sorted(journal.list_objects())]


class Run(exports.Run):
    """`witkit run`: writes some entries, and finds them again."""

    def run(self) -> None:
        journal = WitWorld()
        journal.note("2026-05-02", "Sowed peas. Rain.")
        journal.note("2026-05-03", "Rain all day.")
        journal.note("2026-05-03", "The peas are up!")
        for found in journal.search("peas"):
            print(found)
        for day in journal.days():
            print(f"{day.name} has {day.size} bytes")


@contextmanager
def _journal() -> Iterator[Container]:
    """The container; what it refuses is passed on as text."""
    try:
        with Container.open("journal") as journal:
            yield journal
    except Err as refused:
        raise Err(refused.value.value) from refused


def _pieces(journal: Container, day: str) -> Iterator[bytes]:
    with journal.read_object(day) as stream:
        while (piece := stream.read(PIECE)) is not None:
            yield piece


def _lines(journal: Container, day: str) -> Iterator[str]:
    """The lines of a day, however they lie across pieces."""
    rest = b""
    for piece in _pieces(journal, day):
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in lines)
