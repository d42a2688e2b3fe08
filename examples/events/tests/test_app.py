"""The guest as plain Python: a thread changes settings while the guest follows them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import app
import pytest
from change_log import WORLD
from change_log.types import Event
from componentize_py_types import Err
from host import Stores, Watching

from witkit.guest import Bound, Guest

PAUSE = 0.15
"""Seconds between two changes, in which each is seen."""
CHANGES = ("theme", b"dark"), ("size", b"12"), ("theme", b"light"), ("sound", b"off"), ("size", None)


@pytest.fixture
def stores() -> Stores:
    return Stores()


@pytest.fixture
def guest(wit_host: Callable[..., Bound], stores: Stores) -> Guest:
    def handle(event: Event) -> None:
        made.event_handler.handle_event(event)

    made = wit_host(keyvalue=stores, events=Watching(stores, handle)).load(app, WORLD)
    return made


@contextmanager
def changing(stores: Stores, *changes: tuple[str, bytes | None]) -> Iterator[None]:
    """A thread makes the changes, one after the other."""

    def change() -> None:
        settings = stores.Keyvalue.open("settings")
        for key, value in changes:
            time.sleep(PAUSE)
            settings.delete(key) if value is None else settings.set(key, value)

    thread = Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_every_change_of_what_is_followed_is_noted(guest: Guest, stores: Stores) -> None:
    with changing(stores, *CHANGES):
        guest.follow(["theme", "size"], 1)
    assert guest.changes() == ["theme = dark", "size = 12", "theme = light", "size is gone"]


def test_nothing_is_noted_where_nothing_is_followed(guest: Guest, stores: Stores) -> None:
    with changing(stores, *CHANGES):
        guest.follow([], 1)
    assert guest.changes() == []


def test_a_change_that_cannot_be_noted_ends_the_watch(guest: Guest, stores: Stores) -> None:
    changes = ("theme", b"dark"), ("theme", b"\xff"), ("theme", b"light")
    with changing(stores, *changes), pytest.raises(Err) as refused:
        guest.follow(["theme"], 1)
    assert refused.value.value == "the value of theme is not text"
    assert guest.changes() == ["theme = dark"]


def test_an_event_of_another_kind_is_refused(guest: Guest) -> None:
    event = Event("1.0", "weather.storm", "sky", "1", None, None, None, "Oslo", None)
    with pytest.raises(Err) as refused:
        guest.event_handler.handle_event(event)
    assert refused.value.value == "an event of the kind weather.storm is not a change of a setting"
    assert guest.changes() == []
