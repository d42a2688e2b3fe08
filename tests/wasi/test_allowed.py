"""The list of what a guest may reach: closed by default, by address, by name, by port."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from tests.wasi.asking import Asked
from tests.wasi.peers import Peers, peers
from witkit.runtime import Wasi
from witkit.text import WitkitError
from witkit.wasi.allowed import Allowed

DENIED = "Err ACCESS_DENIED"


@pytest.fixture(scope="module")
def servers() -> Iterator[Peers]:
    with peers() as found:
        yield found


def answers(asked: Asked, servers: Peers, network: Any, *calls: str, first: str = "") -> list[Any]:
    steps = "".join(f"\nanswer.append(attempt(lambda: ({call})))" for call in calls)
    said = asked.ours(f"{servers.program}\n{first}\nanswer = []{steps}", Wasi(network=network))
    assert said.startswith("["), said
    return list(eval(said))


CONNECT = "connected() and 'connected'"
EXCHANGE = "(lambda s, i, o: (o.check_send(), o.send([out(b'hi', v4(UPORT))]), received(i)[0].data)[2])(*datagrams())"


def test_nothing_is_reached_without_a_grant(asked: Asked, servers: Peers) -> None:
    networks: list[Any] = [False, []]
    for network in networks:
        found = answers(
            asked, servers, network, "tcp4()", "tcp6()", "udp4()", "resolved('localhost')", "resolved('::1')"
        )
        assert found == [DENIED, DENIED, DENIED, *["Err PERMANENT_RESOLVER_FAILURE"] * 2]


@pytest.mark.parametrize(
    ("entry", "is_allowed"),
    [
        ("tcp://127.0.0.1:{tcp}", True), ("tcp://127.0.0.0/8:*", True), ("tcp://*:1-65535", True),
        ("tcp://127.0.0.1:1", False), ("tcp://127.0.0.2:*", False), ("tcp://10.0.0.0/8:*", False),
        ("tcp://[::1]:*", False),
        ("udp://*:*", False), ("tcp-listen://*:*", False), ("tcp://localhost:*", False), ("tcp://*.0.0.1:*", False),
    ],
)  # fmt: skip
def test_a_peer_is_reached_only_by_an_entry(entry: str, is_allowed: bool, asked: Asked, servers: Peers) -> None:
    found = answers(asked, servers, [entry.format(tcp=servers.tcp)], CONNECT)
    assert found == ["connected" if is_allowed else DENIED]


def test_a_name_means_the_addresses_that_the_guest_has_looked_up(asked: Asked, servers: Peers) -> None:
    network = [f"tcp://LOCALHOST:{servers.tcp}"]
    calls = [CONNECT, "bool(resolved('localhost'))", CONNECT, "connected(v4(CLOSED))", "resolved('example.invalid')"]
    assert answers(asked, servers, network, *calls) == [DENIED, True, "connected", DENIED, DENIED]


def test_pythons_own_sockets_keep_to_the_list(asked: Asked, servers: Peers) -> None:
    call = "keep(socket.socket()).connect(('127.0.0.1', {}))"
    found = answers(asked, servers, [f"tcp://127.0.0.1:{servers.tcp}"], call.format("PORT"), call.format("CLOSED"))
    assert found == [None, "OSError EACCES"]


def test_listening_needs_an_entry_of_its_own(asked: Asked, servers: Peers) -> None:
    outward = ["bound(tcp4(), v4(0)) and 1", "listening()", "bound(tcp4(), v4(CLOSED))"]
    assert answers(asked, servers, ["tcp://*:*"], *outward) == [1, DENIED, DENIED]
    inward = ["listening() and 1", "listening(v4(0, 0, 0, 0, 0))", CONNECT]
    assert answers(asked, servers, ["tcp-listen://127.0.0.1:*"], *inward) == [1, DENIED, DENIED]


def test_datagrams_go_to_those_that_are_allowed_and_come_from_them(asked: Asked, servers: Peers) -> None:
    only = [f"udp://127.0.0.1:{servers.udp}"]
    assert answers(asked, servers, only, EXCHANGE, EXCHANGE.replace("UPORT", "CLOSED")) == [b"<hi>", DENIED]
    assert answers(asked, servers, only, "bound(udp4(), v4(0)).stream(v4(CLOSED))") == [DENIED]
    assert answers(asked, servers, only, "bound(udp4(), v4(CLOSED))") == [DENIED]


@pytest.mark.parametrize("more", [[], ["udp-listen://127.0.0.1:*"]], ids=["not heard", "heard"])
def test_a_stranger_is_heard_only_where_the_guest_may_listen(more: list[str], asked: Asked, servers: Peers) -> None:
    """The stranger sends before the server that is allowed, so that the guest has both when it has the second one."""
    program = f"""{servers.program}
s, i, o = datagrams()
print(s.local_address().value.port)
o.check_send() and o.send([out(b'hi', v4(UPORT))])
answer = [d.data for d in received(i, {1 + len(more)})] + [d.data for d in i.receive(9)]
"""

    def say(data: bytes) -> None:
        if data.strip():
            with socket.socket(type=socket.SOCK_DGRAM) as stranger:
                stranger.sendto(b"stranger", ("127.0.0.1", int(data)))

    granted = Wasi(network=[f"udp://127.0.0.1:{servers.udp}", *more], stdout=say)
    assert eval(asked.ours(program, granted)) == [*(b"stranger" for _ in more), b"<hi>"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("db.example.com:5432", "is not an entry of `network`"), ("http://a:1", "is not an entry of `network`"),
        ("tcp://a", "is not an entry of `network`"), ("tcp://a:", "is not an entry of `network`"),
        ("tcp://::1:80", "is not an entry of `network`"), ("tcp://a:70000", "has no usable port"),
        ("tcp://a:9-5", "has no usable port"), ("tcp://a b:1", "has no usable host"),
        ("tcp://1.2.3:1", "has no usable host"),
        ("tcp://10.0.0.1/8:1", "has no usable host"), ("tcp://*a.b:1", "has no usable host"),
        ("tcp://[a]:1", "has no usable host"),
        ("tcp-listen://a.b:1", "a guest listens at an address"),
    ],
)  # fmt: skip
def test_an_entry_that_means_nothing_is_refused(entry: str, message: str) -> None:
    with pytest.raises(WitkitError, match=r"error\[WIT0721\]") as caught:
        Allowed([entry])
    assert message in str(caught.value)


def test_one_text_is_not_a_list() -> None:
    with pytest.raises(WitkitError, match="give a list of texts, or True"):
        Allowed("tcp://a:1")


def test_names_below_a_name_are_not_the_name_itself() -> None:
    allowed = Allowed(["tcp://*.example.com:443", "udp://[fd00::/8]:53", "tcp-listen://*:8080"])
    names = ["a.example.com", "a.b.Example.COM.", "example.com", "notexample.com", "example.com.evil.org"]
    assert [allowed.may_look_up(name) for name in names] == [True, True, False, False, False]
    allowed.learn("a.example.com", [ip_address("10.0.0.7")])
    assert allowed.may_reach("tcp", ip_address("10.0.0.7"), 443)
    assert not allowed.may_reach("tcp", ip_address("10.0.0.7"), 80)
    assert not allowed.may_reach("udp", ip_address("10.0.0.7"), 443)
    assert allowed.may_reach("udp", ip_address("fd12::1"), 53)
    assert allowed.may_bind("udp", ip_address("::"), 0)
    assert allowed.may_bind("tcp", ip_address("::"), 8080)
    assert not allowed.may_bind("tcp", ip_address("::"), 8081)
