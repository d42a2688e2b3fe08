"""A chat over the topics of a message broker. What a member of a room does is in `room.py`."""

from __future__ import annotations

from room import Member
from wit_world import exports


class Run(exports.Run):
    """`witkit run`: two members talk."""

    def run(self) -> None:
        ada, grace = Member.join("garden", "Ada"), Member.join("garden", "Grace")
        ada.say("Is anybody here?")
        grace.say("I am. Nice weather.")
        ada.say("It will rain.")
        for name, member in (("Ada", ada), ("Grace", grace)):
            for message in member.unread():
                print(f"{name} hears {message.author}: {message.text}")
