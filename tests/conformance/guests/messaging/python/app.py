"""Every function of `spiderlightning:messaging`, over the broker with the name that the guest gets."""

from __future__ import annotations

import wit_world
from transcript import Transcript
from wit_world.imports.messaging import Pub, Sub


class WitWorld(wit_world.WitWorld):
    def run(self, name: str) -> list[str]:
        said = Transcript()
        with said.did("open a producer", Pub.open, name) as pub, said.did("open a consumer", Sub.open, name) as sub:
            said.did("publish before anybody subscribes", pub.publish, b"early", "orders")
            token = said.did("subscribe", sub.subscribe, "orders")
            said.got("receive when there is nothing", sub.receive, token)
            said.did("publish", pub.publish, b"tea", "orders")
            said.did("publish bytes", pub.publish, b"\0\xff", "orders")
            said.did("publish to another topic", pub.publish, b"late", "orders/late")
            said.got("receive", received, sub, token)
            said.got("receive bytes", received, sub, token)
            other = said.did("subscribe again", sub.subscribe, "orders")
            said.did("publish to both", pub.publish, b"milk", "orders")
            said.got("receive it", received, sub, token)
            said.got("receive a copy", received, sub, other)
            said.failed("publish nothing", pub.publish, b"", "orders")
            said.failed("receive with a token that nobody got", sub.receive, "nobody's")
            with Sub.open(name) as stranger:
                said.failed("receive with the token of another consumer", stranger.receive, token)
            with Pub.open(f"{name}-other") as elsewhere:
                said.did("publish over another broker", elsewhere.publish, b"coffee", "orders")
            said.got("receive what is of another broker", sub.receive, token)
        return said.lines


def received(sub: Sub, token: str) -> bytes:
    """The next message, which a server may take a while to bring."""
    for _ in range(50):
        if message := sub.receive(token):
            return message
    return b""
