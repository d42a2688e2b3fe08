"""Clients that mean harm, or that break: malformed and oversized requests, slow ones, and those that end early."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

import pytest

from tests.patience import LONG, eventually
from tests.program.http.serving import Site, received, serving
from witkit.program.triggers.http.application import HttpApplication
from witkit.program.triggers.http.exchange import Endpoint, Request, Response
from witkit.program.triggers.http.settings import HttpSettings
from witkit.program.triggers.http.watching import Exchange

LIMIT = 8192


class Echo:
    """A front without a guest, which remembers what reached it."""

    def __init__(self) -> None:
        self.seen: Queue[Request] = Queue()

    def find(self, method: str, path: str) -> Endpoint:
        return Endpoint("echo", "", self._answer)

    def _answer(self, request: Request) -> Response:
        self.seen.put(request)
        return Response(200, (), request.body)


class Hostile(Site):
    """A site with what reached its front, and what became of requests."""

    front: Echo
    exchanges: Queue[Exchange]


@contextmanager
def hostile(timeout: float) -> Iterator[Hostile]:
    front, exchanges = Echo(), Queue[Exchange]()
    settings = HttpSettings(body=1000, headers=LIMIT, timeout=timeout, concurrency=20, keep_alive=60.0)
    application = HttpApplication(front, settings, calls=2, wait=60.0, watchers=[exchanges.put])
    with serving(application, settings) as plain:
        found = Hostile(plain.server, plain.application, plain.settings)
        found.front, found.exchanges = front, exchanges
        yield found
    application.close()


@pytest.fixture(scope="module")
def patient() -> Iterator[Hostile]:
    with hostile(timeout=60.0) as found:
        yield found


@pytest.fixture(scope="module")
def hasty() -> Iterator[Hostile]:
    with hostile(timeout=1.0) as found:
        yield found


@pytest.fixture
def site(patient: Hostile) -> Iterator[Hostile]:
    """Whatever a test does: the next request is answered as if nothing had happened."""
    yield patient
    assert patient.ask("POST", "/after", b"fine").body == b"fine"
    # A client has its answer before watchers hear of it.
    while patient.exchanges.get(timeout=LONG).path != "/after":
        pass
    while not patient.front.seen.empty():
        patient.front.seen.get()


def request(*lines: str, body: str = "", host: bool = True) -> bytes:
    head = [lines[0], *(["Host: shop"] if host else []), *lines[1:]]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode("latin-1")


SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: shop\r\n\r\n"

AMBIGUOUS: dict[str, bytes] = {
    "length and encoding": request("POST / HTTP/1.1", "Content-Length: 6", "Transfer-Encoding: chunked",
                                   body="0\r\n\r\n" + SMUGGLED),
    "encoding and length": request("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 6",
                                   body="0\r\n\r\n" + SMUGGLED),
    "two lengths": request("POST / HTTP/1.1", "Content-Length: 6", "Content-Length: 0", body=SMUGGLED),
    "a list of lengths": request("POST / HTTP/1.1", "Content-Length: 0, 0", body=SMUGGLED),
    "a signed length": request("POST / HTTP/1.1", "Content-Length: +0", body=SMUGGLED),
    "a length in hexadecimal": request("POST / HTTP/1.1", "Content-Length: 0x0", body=SMUGGLED),
    "an encoding that is last but not chunked": request(
        "POST / HTTP/1.1", "Transfer-Encoding: chunked, identity", body="0\r\n\r\n" + SMUGGLED),
    "two encodings": request(
        "POST / HTTP/1.1", "Transfer-Encoding: chunked", "Transfer-Encoding: identity", body="0\r\n\r\n" + SMUGGLED),
    "a space before the colon": request("POST / HTTP/1.1", "Transfer-Encoding : chunked", body="0\r\n\r\n" + SMUGGLED),
    "a folded header": request("POST / HTTP/1.1", "X: a", " Transfer-Encoding: chunked", body="0\r\n\r\n" + SMUGGLED),
    "a line that ends with LF": b"GET / HTTP/1.1\nHost: shop\n\n",
    "a CR in a value": request("GET / HTTP/1.1", "X: a\rTransfer-Encoding: chunked"),
    "a NUL in a value": request("GET / HTTP/1.1", "X: a\0b"),
    "an encoding in HTTP/1.0": request("POST / HTTP/1.0", "Transfer-Encoding: chunked", body="0\r\n\r\n" + SMUGGLED),
    "no host": request("GET / HTTP/1.1", host=False),
    "two hosts": request("GET / HTTP/1.1", "Host: other"),
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "an unknown method": request("BREW / HTTP/1.1"),
    "a path with other bytes": request("GET /\xe9 HTTP/1.1"),
    "a header without a name": request("GET / HTTP/1.1", ": a"),
}  # fmt: skip


@pytest.mark.parametrize("case", AMBIGUOUS)
def test_what_two_servers_could_read_in_two_ways_is_refused(site: Hostile, case: str) -> None:
    answer = site.raw(AMBIGUOUS[case])
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert answer.count(b"HTTP/1.1 ") == 1  # the connection is closed: nothing is read after it
    assert site.front.seen.empty()


@pytest.mark.parametrize(
    "chunks", ["zz\r\nabc\r\n0\r\n\r\n", "-1\r\nabc\r\n", "f" * 17 + "\r\n", "3\nabc\n0\n\n", "3\r\nabcd"]
)
def test_a_broken_chunk_is_refused(site: Hostile, chunks: str) -> None:
    with site.open() as plain:
        plain.sendall(request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=chunks))
        plain.shutdown(socket.SHUT_WR)
        assert not received(plain).startswith(b"HTTP/1.1 200")
    assert site.exchanges.get(timeout=60).status in (0, 408)
    assert site.front.seen.empty()


@pytest.mark.parametrize(
    "head",
    [
        request("GET / HTTP/1.1", "X: " + "a" * LIMIT),
        request("GET / HTTP/1.1", *["a: b"] * (LIMIT // 6)),
        request("GET /" + "a" * LIMIT + " HTTP/1.1"),
        request("GET / HTTP/1.1", "a" * LIMIT + ": b"),
        b"GET / HTTP/1.1\r\nX: " + b"a" * LIMIT * 2,  # which never ends
        b"GET /" + b"a" * LIMIT * 2,
    ],
    ids=["value", "headers", "path", "name", "endless value", "endless path"],
)
@pytest.mark.parametrize("step", [1000, 1 << 20], ids=["in parts", "at once"])
def test_a_head_over_the_limit_is_refused(site: Hostile, head: bytes, step: int) -> None:
    with site.open() as plain:
        try:
            for at in range(0, len(head), step):
                plain.sendall(head[at : at + step])
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was refused before all of it was sent
        answer = received(plain)
    # A client that still sends may get a reset before it has read the answer.
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    assert site.front.seen.empty()


def test_a_head_within_the_limit_is_not(site: Hostile) -> None:
    answer = site.ask("POST", "/", b"x", x_long="a" * (LIMIT - 500))
    assert answer.status == 200


@pytest.mark.parametrize(
    "sent",
    [
        request("POST / HTTP/1.1", "Content-Length: 1001"),  # before any of it has come
        request("POST / HTTP/1.1", "Content-Length: " + "9" * 19),
        request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body="3e9\r\n" + "a" * 1001 + "\r\n0\r\n\r\n"),
    ],
    ids=["announced", "huge", "in chunks"],
)
def test_a_body_over_the_limit_is_refused_and_the_connection_ends(site: Hostile, sent: bytes) -> None:
    answer = site.raw(sent)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer
    assert site.front.seen.empty()


def test_a_body_of_the_limit_is_not_refused(site: Hostile) -> None:
    assert site.ask("POST", "/", b"a" * 1000).body == b"a" * 1000


@pytest.mark.parametrize("sent", [b"", b"GET / HT", request("GET / HTTP/1.1")[:-2]], ids=["nothing", "line", "head"])
def test_a_head_that_does_not_end_in_time_ends_the_connection(hasty: Hostile, sent: bytes) -> None:
    assert hasty.raw(sent).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_does_not_end_in_time_ends_the_connection(hasty: Hostile) -> None:
    answer = hasty.raw(request("POST / HTTP/1.1", "Content-Length: 10", body="abc"))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer
    assert hasty.front.seen.empty()


def test_a_client_that_leaves_in_its_body_reaches_nobody(site: Hostile) -> None:
    with site.open() as plain:
        plain.sendall(request("POST / HTTP/1.1", "Content-Length: 10", body="abc"))
    exchange = site.exchanges.get(timeout=60)
    assert (exchange.status, exchange.endpoint is not None) == (0, True)
    assert site.front.seen.empty()


def test_pipelined_requests_are_answered_in_order(site: Hostile) -> None:
    parts = [request("POST / HTTP/1.1", "Content-Length: 1", body=letter) for letter in "abc"]
    parts.append(request("POST / HTTP/1.1", "Content-Length: 1", "Connection: close", body="d"))
    answer = site.raw(b"".join(parts))
    assert [part.rpartition(b"\r\n")[2] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"a", b"b", b"c", b"d"]


def test_slow_clients_do_not_keep_others_waiting(site: Hostile) -> None:
    slow = [site.open() for _ in range(10)]
    for plain in slow:
        plain.sendall(request("POST / HTTP/1.1", "Content-Length: 10", body="abc"))
    try:
        assert site.ask("POST", "/", b"quick").body == b"quick"
    finally:
        for plain in slow:
            plain.close()
    for _ in (*slow, "quick"):
        site.exchanges.get(timeout=LONG)


def test_more_requests_than_the_limit_are_refused_for_now(site: Hostile) -> None:
    waiting = [site.open() for _ in range(20)]
    for plain in waiting:
        plain.sendall(request("POST / HTTP/1.1", "Content-Length: 1"))
    assert eventually(lambda: site.application._running == len(waiting))
    answer = site.ask("GET", "/")
    assert (answer.status, answer.header("retry-after")) == (503, ["1"])
    for plain in waiting:
        plain.sendall(b"x")
        assert plain.recv(4096).startswith(b"HTTP/1.1 200 ")
        plain.close()


def test_random_bytes_never_reach_anybody_and_never_stop_the_server(site: Hostile) -> None:
    chance = random.Random(13)
    good = request("POST /a HTTP/1.1", "Content-Length: 3", "Transfer: x", body="abc")
    for _ in range(150):
        broken = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(broken) - 3)
            broken[place] = chance.randrange(256)
        with site.open() as plain:
            plain.sendall(bytes(broken[: chance.randint(1, len(broken))]))
            plain.shutdown(socket.SHUT_WR)
            answer = received(plain)
        assert answer == b"" or answer[:12] in (
            b"HTTP/1.1 200",
            b"HTTP/1.1 400",
            b"HTTP/1.1 405",
            b"HTTP/1.1 408",
            b"HTTP/1.1 413",
        )
