"""The guest as plain Python, over a broker in memory that each test has for itself."""

from collections.abc import Callable

import app
import pytest
from componentize_py_types import Err
from wit_world.exports.room import Message

from witkit.guest import Bound, Guest


@pytest.fixture
def guest(wit_host: Callable[..., Bound]) -> Guest:
    return wit_host().load(app)


def test_everyone_else_hears_what_somebody_says(guest: Guest) -> None:
    ada, grace, alan = (guest.room.Member.join("garden", name) for name in ("Ada", "Grace", "Alan"))
    ada.say("hello")
    assert grace.unread() == alan.unread() == [Message("Ada", "hello")]
    assert ada.unread() == []


def test_a_message_is_read_once_and_in_order(guest: Guest) -> None:
    ada, grace = guest.room.Member.join("garden", "Ada"), guest.room.Member.join("garden", "Grace")
    for text in ("one", "", "three"):
        ada.say(text)
    assert [message.text for message in grace.unread()] == ["one", "", "three"]
    assert grace.unread() == []


def test_what_was_said_before_is_not_heard(guest: Guest) -> None:
    ada = guest.room.Member.join("garden", "Ada")
    ada.say("anybody?")
    grace = guest.room.Member.join("garden", "Grace")
    assert grace.unread() == []


def test_rooms_do_not_hear_each_other(guest: Guest) -> None:
    ada, grace = guest.room.Member.join("garden", "Ada"), guest.room.Member.join("kitchen", "Grace")
    ada.say("hello")
    assert grace.unread() == []


def test_a_member_who_does_not_listen_stops_the_room(guest: Guest) -> None:
    ada, grace = guest.room.Member.join("garden", "Ada"), guest.room.Member.join("garden", "Grace")
    for _ in range(10_000):
        ada.say("hello?")
        ada.unread()
    with pytest.raises(Err, match="DeliveryFailed: a subscription of the topic already holds 10000 messages"):
        ada.say("hello?")
    assert len(grace.unread()) == 10_000


def test_the_demonstration_prints_what_each_hears(guest: Guest, capsys: pytest.CaptureFixture[str]) -> None:
    guest.run.run()
    assert capsys.readouterr().out.splitlines() == [
        "Ada hears Grace: I am. Nice weather.",
        "Grace hears Ada: Is anybody here?",
        "Grace hears Ada: It will rain.",
    ]
