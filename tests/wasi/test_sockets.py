"""Sockets of a guest and real peers on this machine.

There is nothing to compare with: the C library of wasmtime cannot let a guest have sockets.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.wasi.asking import Asked
from tests.wasi.peers import Peers, peers
from witkit.runtime import Wasi

EVERYTHING = Wasi(network=True)
BUSY, STATE, NO_START = "Err CONCURRENCY_CONFLICT", "Err INVALID_STATE", "Err NOT_IN_PROGRESS"
WRONG, CLOSED = "Err INVALID_ARGUMENT", "Err StreamError_Closed"
SECOND = 10**9


@pytest.fixture(scope="module")
def servers() -> Iterator[Peers]:
    with peers() as found:
        yield found


def answer(asked: Asked, servers: Peers, expression: str, granted: Wasi = EVERYTHING) -> Any:
    said = asked.ours(f"{servers.program}\nanswer = attempt(lambda: ({expression}))", granted)
    assert "Traceback" not in said, said
    return eval(said)


Cases = dict[str, tuple[str, list[tuple[str, Any]]]]
"""Name -> what a program begins with, and its steps with what they give."""

TCP_STATES: Cases = {
    "new": (
        "s = tcp4()",
        [
            ("s.local_address()", STATE), ("s.remote_address()", STATE), ("s.is_listening()", False),
            ("s.finish_bind()", NO_START), ("s.finish_connect()", NO_START), ("s.finish_listen()", NO_START),
            ("s.accept()", STATE), ("s.start_listen()", STATE), ("s.shutdown(tcp.ShutdownType.BOTH)", STATE),
            ("s.set_listen_backlog_size(5)", None), ("s.set_listen_backlog_size(0)", WRONG),
            ("s.subscribe().ready()", True),
        ],
    ),
    "bound": (
        "s = tcp4()",
        [
            ("s.start_bind(net, v4(0))", None), ("s.local_address()", BUSY), ("s.start_listen()", BUSY),
            ("s.start_connect(net, v4(PORT))", BUSY), ("s.start_bind(net, v4(0))", BUSY),
            ("s.finish_listen()", NO_START),
            ("s.finish_bind()", None), ("s.finish_bind()", NO_START), ("s.start_bind(net, v4(0))", STATE),
            ("s.local_address().value.address", (127, 0, 0, 1)), ("s.local_address().value.port > 0", True),
            ("s.remote_address()", STATE),
        ],
    ),
    "listening": (
        "s = bound(tcp4(), v4(0))",
        [
            ("s.start_listen()", None), ("s.accept()", STATE), ("s.start_listen()", BUSY), ("s.is_listening()", False),
            ("s.set_listen_backlog_size(5)", None), ("s.finish_listen()", None), ("s.is_listening()", True),
            ("s.finish_listen()", NO_START), ("s.accept()", "Err WOULD_BLOCK"), ("s.subscribe().ready()", False),
            ("s.start_listen()", STATE), ("s.start_connect(net, v4(PORT))", STATE), ("s.remote_address()", STATE),
            ("s.set_listen_backlog_size(2**64 - 1)", None), ("s.shutdown(tcp.ShutdownType.BOTH)", STATE),
        ],
    ),
    "connecting": (
        "s = tcp4()",
        [
            ("s.start_connect(net, v4(PORT))", None), ("s.start_connect(net, v4(PORT))", BUSY),
            ("s.remote_address()", BUSY), ("s.set_listen_backlog_size(5)", STATE), ("s.start_listen()", BUSY),
            ("s.start_bind(net, v4(0))", BUSY), ("s.shutdown(tcp.ShutdownType.BOTH)", STATE),
        ],
    ),
    "connected": (
        "s = connected()[0]",
        [
            ("s.start_connect(net, v4(PORT))", STATE), ("s.finish_connect()", NO_START),
            ("s.remote_address().value.port == PORT", True), ("s.local_address().value.address", (127, 0, 0, 1)),
            ("s.set_listen_backlog_size(5)", STATE), ("s.start_listen()", STATE), ("s.start_bind(net, v4(0))", STATE),
            ("s.accept()", STATE), ("s.is_listening()", False), ("s.subscribe().ready()", True),
        ],
    ),
    "refused": (
        "s = tcp4()",
        [
            ("s.start_connect(net, v4(CLOSED))", None), ("until(s.finish_connect, s)", "Err CONNECTION_REFUSED"),
            ("s.finish_connect()", NO_START), ("s.start_connect(net, v4(PORT))", STATE), ("s.local_address()", STATE),
            ("s.remote_address()", STATE), ("s.start_bind(net, v4(0))", STATE), ("s.set_listen_backlog_size(5)", STATE),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("state", TCP_STATES)
def test_a_tcp_socket_does_what_its_state_allows(state: str, asked: Asked, servers: Peers) -> None:
    check(asked, servers, *TCP_STATES[state])


FLOW = "network.IpSocketAddress_Ipv6(network.Ipv6SocketAddress(80, 1 << 20, (0, 0, 0, 0, 0, 0, 0, 1), 0))"
MAPPED = "0, 0, 0, 0, 0, 0xffff, 0x7f00, 1"
ADDRESSES = [
    ("tcp4().start_connect(net, {})", ["v4(0)", "v4(80, 0, 0, 0, 0)", "v4(80, 224, 0, 0, 1)", "v6(80)",
                                       "v4(80, 255, 255, 255, 255)"]),
    ("tcp6().start_connect(net, {})", ["v4(80)", "v6(0)", "v6(80, 0, 0, 0, 0, 0, 0, 0, 0)", f"v6(80, {MAPPED})",
                                       "v6(80, 0xff02, 0, 0, 0, 0, 0, 0, 1)", FLOW]),
    ("tcp4().start_bind(net, {})", ["v4(0, 224, 0, 0, 1)", "v4(0, 255, 255, 255, 255)", "v6(0)"]),
    ("tcp6().start_bind(net, {})", ["v4(0)", f"v6(0, {MAPPED})", "v6(0, 0xff02, 0, 0, 0, 0, 0, 0, 1)"]),
    ("udp4().start_bind(net, {})", ["v4(0, 224, 0, 0, 1)", "v4(0, 255, 255, 255, 255)", "v6(0)"]),
    ("bound(udp4(), v4(0)).stream({})", ["v4(0)", "v4(80, 0, 0, 0, 0)", "v6(80)", "v4(80, 255, 255, 255, 255)"]),
]  # fmt: skip


@pytest.mark.parametrize(("call", "addresses"), ADDRESSES, ids=[call for call, _ in ADDRESSES])
def test_an_address_that_has_no_sense_is_refused(call: str, addresses: list[str], asked: Asked, servers: Peers) -> None:
    calls = ", ".join(f"attempt(lambda: {call.format(address)})" for address in addresses)
    assert answer(asked, servers, f"[{calls}]") == [WRONG] * len(addresses)


ONE = "s, i, o = connected()"
PAIR = """
l, c = listening(), tcp4()
c.start_connect(net, l.local_address())
s, i, o = keep(until(l.accept, l))
ci, co = keep(until(c.finish_connect, c))
"""
CONVERSATIONS: Cases = {
    "what is sent comes back": (ONE, [("o.blocking_write_and_flush(b'hello')", None), ("got(i, 5)", b"hello")]),
    "the guest ends what it sends": (
        ONE,
        [
            ("o.blocking_write_and_flush(b'hello')", None), ("s.shutdown(tcp.ShutdownType.SEND)", None),
            ("got(i, 5)", b"hello"), ("i.blocking_read(1)", CLOSED), ("i.read(1)", CLOSED),
            ("o.blocking_write_and_flush(b'x')", CLOSED), ("o.check_write()", CLOSED),
        ],
    ),
    "the guest reads no more": (
        ONE,
        [
            ("o.blocking_write_and_flush(b'x')", None), ("s.shutdown(tcp.ShutdownType.RECEIVE)", None),
            ("i.blocking_read(1)", CLOSED), ("i.read(1)", CLOSED), ("o.blocking_write_and_flush(b'x')", None),
        ],
    ),
    "the guest ends both": (
        ONE,
        [
            ("s.shutdown(tcp.ShutdownType.BOTH)", None), ("i.blocking_read(1)", CLOSED),
            ("o.blocking_write_and_flush(b'x')", CLOSED),
        ],
    ),
    "step by step": (
        ONE,
        [
            ("i.read(5), i.read(0)", (b"", b"")), ("o.check_write() > 0", True), ("o.write(b'abc')", None),
            ("o.flush()", None), ("got(i, 3)", b"abc"), ("o.blocking_write_zeroes_and_flush(2)", None),
            ("o.blocking_flush()", None), ("got(i, 2)", b"\0\0"), ("o.splice(i, 5)", 0),
        ],
    ),
    "from one stream to the other": (
        ONE,
        [("o.blocking_write_and_flush(b'abc')", None), ("o.blocking_splice(i, 3)", 3), ("got(i, 3)", b"abc")],
    ),
    "much at once": (
        ONE,
        [("o.check_write() and o.write(bytes(1_000_000))", None), ("len(got(i, 1_000_000)) > 0", True)],
    ),
    "a guest with itself": (
        PAIR,
        [
            ("co.blocking_write_and_flush(b'ping')", None), ("got(i, 4)", b"ping"),
            ("o.blocking_write_and_flush(b'pong')", None), ("got(ci, 4)", b"pong"),
            ("c.local_address() == s.remote_address()", True), ("s.is_listening()", False),
            ("l.accept()", "Err WOULD_BLOCK"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONVERSATIONS)
def test_a_guest_talks_to_a_peer(case: str, asked: Asked, servers: Peers) -> None:
    check(asked, servers, *CONVERSATIONS[case])


VERSION_6: Cases = {
    "TCP": (
        """
l, c = bound(tcp6(), v6(0)), tcp6()
l.start_listen()
l.finish_listen()
c.start_connect(net, l.local_address())
s, i, o = keep(until(l.accept, l))
ci, co = keep(until(c.finish_connect, c))
""",
        [
            ("co.blocking_write_and_flush(b'ping')", None), ("got(i, 4)", b"ping"),
            ("l.local_address().value.address", (0, 0, 0, 0, 0, 0, 0, 1)),
            ("c.local_address() == s.remote_address()", True), ("s.address_family().name", "IPV6"),
        ],
    ),
    "UDP": (
        """
a, b = bound(udp6(), v6(0)), bound(udp6(), v6(0))
ai, ao = keep(a.stream(b.local_address()))
bi, bo = keep(b.stream(None))
""",
        [
            ("ao.check_send() and ao.send([out(b'hi')])", 1),
            ("[(d.data, d.remote_address == a.local_address()) for d in received(bi)]", [(b"hi", True)]),
            ("bo.check_send() and bo.send([out(b'ho', a.local_address())])", 1), ("received(ai)[0].data", b"ho"),
        ],
    ),
}  # fmt: skip


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no version 6 of the Internet Protocol")
@pytest.mark.parametrize("case", VERSION_6)
def test_a_guest_talks_in_version_6(case: str, asked: Asked, servers: Peers) -> None:
    check(asked, servers, *VERSION_6[case])


UDP: Cases = {
    "states": (
        "s = udp4()",
        [
            ("s.local_address()", STATE), ("s.remote_address()", STATE), ("s.finish_bind()", NO_START),
            ("s.stream(None)", STATE), ("s.start_bind(net, v4(0))", None), ("s.local_address()", BUSY),
            ("s.start_bind(net, v4(0))", BUSY), ("s.stream(None)", STATE), ("s.finish_bind()", None),
            ("s.finish_bind()", NO_START), ("s.local_address().value.address", (127, 0, 0, 1)),
            ("s.remote_address()", STATE), ("s.start_bind(net, v4(0))", STATE), ("s.subscribe().ready()", True),
        ],
    ),
    "any peer": (
        "s, i, o = datagrams()",
        [
            ("o.subscribe().block()", None), ("o.check_send() > 0", True), ("i.receive(5)", []),
            ("o.send([out(b'hi', v4(UPORT)), out(b'ho', v4(UPORT))])", 2),
            ("[(d.data, d.remote_address == v4(UPORT)) for d in received(i, 2)]", [(b"<hi>", True), (b"<ho>", True)]),
            ("i.receive(0)", []), ("i.subscribe().ready()", False),
        ],
    ),
    "a fixed peer": (
        "s, i, o = datagrams(v4(UPORT))",
        [
            ("s.remote_address() == v4(UPORT)", True), ("o.check_send() > 0", True),
            ("o.send([out(b'hi'), out(b'ho', v4(UPORT))])", 2),
            ("[d.data for d in received(i, 2)]", [b"<hi>", b"<ho>"]),
            ("o.check_send() and o.send([out(b'x', v4(CLOSED))])", WRONG),
        ],
    ),
    "what cannot be sent": (
        "s, i, o = datagrams()",
        [
            ("o.send([])", 0), ("o.check_send() and o.send([out(b'x')])", WRONG),
            ("o.check_send() and o.send([out(b'x', v4(0))])", WRONG),
            ("o.check_send() and o.send([out(b'x', v6(80))])", WRONG),
            ("o.check_send() and o.send([out(bytes(65508), v4(UPORT))])", "Err DATAGRAM_TOO_LARGE"),
            ("o.check_send() and o.send([out(b'x', v4(UPORT)), out(b'x')])", 1),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UDP)
def test_a_udp_socket_does_what_the_interface_says(case: str, asked: Asked, servers: Peers) -> None:
    check(asked, servers, *UDP[case])


OPTIONS: Cases = {
    "keep-alive": (
        "s = tcp4()",
        [
            ("s.keep_alive_enabled()", False),
            ("s.set_keep_alive_enabled(True)", None), ("s.keep_alive_enabled()", True),
            ("s.set_keep_alive_idle_time(0)", WRONG), ("s.set_keep_alive_idle_time(1)", None),
            ("s.keep_alive_idle_time()", SECOND), ("s.set_keep_alive_idle_time(2**64 - 1)", None),
            ("s.keep_alive_idle_time()", 32767 * SECOND), ("s.set_keep_alive_interval(0)", WRONG),
            ("s.set_keep_alive_interval(3 * 10**9 // 2)", None), ("s.keep_alive_interval()", 2 * SECOND),
            ("s.set_keep_alive_count(0)", WRONG), ("s.set_keep_alive_count(3)", None), ("s.keep_alive_count()", 3),
            ("s.set_keep_alive_count(2**32 - 1)", None), ("s.keep_alive_count()", 127),
        ],
    ),
    **{
        f"hops of {make}": (
            f"s = {make}()",
            [
                (f"s.{name}() > 0", True), (f"s.set_{name}(0)", WRONG), (f"s.set_{name}(42)", None),
                (f"s.{name}()", 42), (f"s.set_{name}(255)", None), (f"s.{name}()", 255),
            ],
        )
        for make, name in [
            ("tcp4", "hop_limit"), ("tcp6", "hop_limit"), ("udp4", "unicast_hop_limit"), ("udp6", "unicast_hop_limit")
        ]
    },
    **{
        f"{which} of {make}": (
            f"s = {make}()",
            [
                (f"s.set_{which}_buffer_size(0)", WRONG), (f"s.set_{which}_buffer_size(8192)", None),
                (f"s.{which}_buffer_size()", 8192), (f"s.set_{which}_buffer_size(2**64 - 1)", None),
                (f"s.{which}_buffer_size() > 8192", True), (f"s.set_{which}_buffer_size(1)", None),
                (f"s.{which}_buffer_size() > 0", True),
            ],
        )
        for make in ("tcp4", "udp6")
        for which in ("receive", "send")
    },
    "families": (
        "", [("[s.address_family().name for s in (tcp4(), tcp6(), udp4(), udp6())]", ["IPV4", "IPV6", "IPV4", "IPV6"])]
    ),
    "addresses in use": (
        "l, u = listening(), bound(udp4(), v4(0))",
        [
            ("bound(tcp4(), l.local_address())", "Err ADDRESS_IN_USE"),
            ("bound(udp4(), u.local_address())", "Err ADDRESS_IN_USE"),
            ("bound(tcp4(), v4(0, 8, 8, 8, 8))", "Err ADDRESS_NOT_BINDABLE"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OPTIONS)
def test_an_option_is_set_and_read(case: str, asked: Asked, servers: Peers) -> None:
    check(asked, servers, *OPTIONS[case])


TRAPS = {
    "a socket with streams": "s.__exit__(None, None, None)",
    "a UDP socket with streams": "u.__exit__(None, None, None)",
    "streams while there are streams": "u.stream(None)",
    "datagrams without a permit": "o.send([out(b'x', v4(UPORT))])",
    "more datagrams than are allowed": "o.check_send(), o.send([out(b'x', v4(UPORT))] * 17)",
}


@pytest.mark.parametrize("case", TRAPS)
def test_what_breaks_a_rule_traps(case: str, asked: Asked, servers: Peers) -> None:
    program = f"{servers.program}\ns, _, _ = connected()\nu, i, o = datagrams()\n{TRAPS[case]}"
    assert asked.ours(program, EVERYTHING) == "trap"


NAMES = {
    "localhost": ["(127, 0, 0, 1)"], "LOCALHOST": ["(127, 0, 0, 1)"], "127.0.0.1": ["(127, 0, 0, 1)"],
    "::1": ["(0, 0, 0, 0, 0, 0, 0, 1)"], "[::1]": ["(0, 0, 0, 0, 0, 0, 0, 1)"],
    **dict.fromkeys(["no-such-name.invalid", "x" * 300, "a..b", "é.invalid"], "Err NAME_UNRESOLVABLE"),
    **dict.fromkeys(["", " ", "a b", "a/b", "a:1", "http://x", "a\0b"], WRONG),
}  # fmt: skip


def test_names_are_looked_up(asked: Asked, servers: Peers) -> None:
    look_up = "attempt(lambda: sorted({str(a.value) for a in resolved(name)} - {'(0, 0, 0, 0, 0, 0, 0, 1)'}))"
    literal = "attempt(lambda: [str(a.value) for a in resolved(name)])"
    program = f"[{literal} if ':' in name else {look_up} for name in {list(NAMES)!r}]"
    assert dict(zip(NAMES, answer(asked, servers, program), strict=True)) == NAMES


def test_pythons_own_sockets_work_in_the_guest(asked: Asked, servers: Peers) -> None:
    program = "(lambda s: (s.connect(('127.0.0.1', PORT)), s.sendall(b'python'), s.recv(6)))(keep(socket.socket()))"
    assert answer(asked, servers, program) == (None, None, b"python")


def test_what_a_guest_has_written_arrives_after_it_has_gone(asked: Asked, servers: Peers) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        program = f"s, i, o = connected(v4({server.getsockname()[1]}))\no.check_write()\no.write(bytes(10**6))\n"
        with asked.running(EVERYTHING) as instance:
            instance.function(None, "ask")(f"{servers.program}\n{program}kept.clear()\ndel o, i\ndel s")
        connection, _ = server.accept()
        with connection:
            total = 0
            while data := connection.recv(1 << 16):
                total += len(data)
    assert total == 10**6


def check(asked: Asked, servers: Peers, first: str, steps: list[tuple[str, Any]]) -> None:
    """Each step of a program gives what it should."""
    calls = "".join(f"\nanswer.append(attempt(lambda: ({call})))" for call, _ in steps)
    said = asked.ours(f"{servers.program}\n{first}\nanswer = []{calls}", EVERYTHING)
    assert said.startswith("["), said
    assert list(zip((call for call, _ in steps), eval(said), strict=True)) == steps
