"""Connections whose clients send what belongs to no request, ask for other protocols, leave, or take no answers."""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event

import pytest

from tests.patience import eventually
from tests.program.http.serving import Site, received, serving
from tests.program.http.test_hostile import LIMIT, Hostile, hostile, request
from witkit.program.triggers.http.application import HttpApplication
from witkit.program.triggers.http.exchange import Endpoint, Refused, Request, Response
from witkit.program.triggers.http.protocol import SPARE
from witkit.program.triggers.http.settings import HttpSettings

LARGE = 8_000_000
CHUNKED = ("POST /chunked HTTP/1.1", "Transfer-Encoding: chunked")


class Paths:
    """A front without a guest: `/large` has a body of that size, `/held` waits for `let`, and the rest is 404."""

    def __init__(self) -> None:
        self.begun, self.let = Event(), Event()

    def find(self, method: str, path: str) -> Endpoint:
        if path not in ("/large", "/held"):
            raise Refused(404)
        return Endpoint(path, path, self._answer)

    def _answer(self, request: Request) -> Response:
        if request.path == "/held":
            self.begun.set()
            assert self.let.wait(60)
        return Response(200, (), b"x" * LARGE if request.path == "/large" else b"held")


@contextmanager
def paths(timeout: float, keep_alive: float = 60.0) -> Iterator[tuple[Site, Paths]]:
    front, settings = Paths(), HttpSettings(timeout=timeout, keep_alive=keep_alive)
    application = HttpApplication(front, HttpSettings(), calls=2, wait=60.0)
    with serving(application, settings) as site:
        yield site, front
    application.close()


def connections(site: Site) -> int:
    return len(site.server._server.server_state.connections)


@pytest.fixture(scope="module")
def patient() -> Iterator[Hostile]:
    with hostile(timeout=60.0) as found:
        yield found


@pytest.fixture
def site(patient: Hostile) -> Hostile:
    """Nothing is left of other tests in its queues."""
    for queue in (patient.front.seen, patient.exchanges):
        while not queue.empty():
            queue.get()
    return patient


TRAILERS = "X-Admin: yes\r\nHost: other\r\nX-Request-Id: mine\r\n"


def test_trailers_do_not_become_headers(site: Hostile) -> None:
    answer = site.raw(request(*CHUNKED, "Connection: close", body=f"1\r\nx\r\n0\r\n{TRAILERS}\r\n"))
    assert answer.startswith(b"HTTP/1.1 200 ")
    seen = site.front.seen.get(timeout=60)
    assert (seen.body, [name for name, _ in seen.headers]) == (
        b"x",
        ["host", "transfer-encoding", "connection", "x-request-id"],
    )
    assert ("x-request-id", "mine") not in seen.headers


@pytest.mark.parametrize(
    "endless",
    ["1\r\nx\r\n0\r\n" + "a: b\r\n" * LIMIT, "1\r\nx\r\n0\r\na: " + "b" * LIMIT * 2, "1;" + "a" * LIMIT * 2],
    ids=["trailers", "a trailer", "an extension"],
)
@pytest.mark.parametrize("step", [1000, 1 << 20], ids=["in parts", "at once"])
def test_what_is_around_a_body_has_the_limit_of_a_head(site: Hostile, endless: str, step: int) -> None:
    sent = request(*CHUNKED, body=endless)
    with site.open() as plain:
        try:
            for at in range(0, len(sent), step):
                plain.sendall(sent[at : at + step])
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was refused before all of it was sent
        answer = received(plain)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    assert site.exchanges.get(timeout=60).status == 0
    assert site.front.seen.empty()


def test_many_small_chunks_count_as_their_content(site: Hostile) -> None:
    body = "1;a=b\r\nx\r\n" * 1000 + "0\r\n\r\n"
    assert len(body) > LIMIT
    answer = site.raw(request(*CHUNKED, "Connection: close", body=body))
    assert answer.endswith(b"\r\n\r\n" + b"x" * 1000)
    site.front.seen.get(timeout=60)


def test_the_head_of_a_request_is_counted_without_those_before_it(site: Hostile) -> None:
    many = request("GET / HTTP/1.1") * (LIMIT // 20)
    with site.open() as plain:
        plain.sendall(many + request("GET / HTTP/1.1", "Connection: close")[:-2])
        plain.sendall(b"\r\n")
        assert received(plain).count(b"HTTP/1.1 200 ") == LIMIT // 20 + 1
    for _ in range(LIMIT // 20 + 1):
        site.front.seen.get(timeout=60)


@pytest.mark.parametrize("protocol", ["h2c", "websocket", "TLS/1.0"])
def test_who_asks_for_another_protocol_is_answered_in_this_one(site: Hostile, protocol: str) -> None:
    upgrade = (
        f"Upgrade: {protocol}",
        "Connection: upgrade, HTTP2-Settings",
        "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
    )
    with site.open() as plain:
        plain.sendall(
            request("POST /length HTTP/1.1", *upgrade, "Content-Length: 3", body="abc")
            + request(*CHUNKED, *upgrade, body="2\r\nde\r\n0\r\n\r\n")
            + request("GET /none HTTP/1.1", *upgrade)
            + request("GET /last HTTP/1.1", "Connection: close")
        )
        assert received(plain).count(b"HTTP/1.1 200 ") == 4
    seen = [site.front.seen.get(timeout=60) for _ in range(4)]
    assert [(each.path, each.body) for each in seen] == [
        ("/length", b"abc"),
        ("/chunked", b"de"),
        ("/none", b""),
        ("/last", b""),
    ]
    assert ("content-length", "3") in seen[0].headers


def test_a_body_may_come_after_the_head_that_asks_for_another_protocol(site: Hostile) -> None:
    with site.open() as plain:
        plain.sendall(request("POST / HTTP/1.1", "Upgrade: h2c", "Connection: upgrade, close", "Content-Length: 3"))
        plain.sendall(b"a")
        plain.sendall(b"bc")
        assert received(plain).endswith(b"\r\n\r\nabc")
    assert site.front.seen.get(timeout=60).body == b"abc"


def test_http_1_0_has_no_other_protocols(site: Hostile) -> None:
    upgrade = b"POST / HTTP/1.0\r\nUpgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 3\r\n\r\nabc"
    assert site.raw(upgrade).endswith(b"\r\n\r\nabc")
    seen = site.front.seen.get(timeout=60)
    assert (seen.path, seen.body) == ("/", b"abc")


@pytest.mark.parametrize(
    ("line", "headers", "status"),
    [
        ("POST / HTTP/1.1", ["Transfer-Encoding: gzip, chunked"], b"501"),
        ("POST / HTTP/1.1", ["Transfer-Encoding: xchunked"], b"501"),
        ("GET http://other/ HTTP/1.1", [], b"400"),
        ("GET http://user@shop/ HTTP/1.1", [], b"400"),
        ("GET * HTTP/1.1", [], b"400"),
        ("CONNECT shop:443 HTTP/1.1", [], b"400"),
        ("CONNECT / HTTP/1.1", [], b"400"),
    ],
)
def test_a_head_that_means_another_server_or_body_is_refused(
    site: Hostile, line: str, headers: list[str], status: bytes
) -> None:
    answer = site.raw(request(line, *headers))
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert site.front.seen.empty()


@pytest.mark.parametrize("host", ["a b", "shop/admin", "a@b", "a\x01b", "sh\xf6p"])
def test_a_host_with_other_characters_is_refused(site: Hostile, host: str) -> None:
    answer = site.raw(request("GET / HTTP/1.1", f"Host: {host}", host=False))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert site.front.seen.empty()


def test_the_address_of_a_request_may_have_its_host(site: Hostile) -> None:
    assert site.raw(request("GET http://SHOP/a?b HTTP/1.1", "Connection: close")).startswith(b"HTTP/1.1 200 ")
    assert site.front.seen.get(timeout=60).uri == "/a?b"


def test_a_client_of_http_1_0_gets_no_100(site: Hostile) -> None:
    sent = request("POST / HTTP/1.0", "Expect: 100-continue", "Content-Length: 1", body="x")
    assert site.raw(sent).startswith(b"HTTP/1.1 200 ")
    site.front.seen.get(timeout=60)


def test_a_client_that_takes_no_response_loses_its_connection() -> None:
    with paths(timeout=1.0) as (site, _):
        plain = _deaf(site)
        plain.sendall(request("GET /large HTTP/1.1"))
        assert eventually(lambda: connections(site) == 1)
        assert eventually(lambda: connections(site) == 0)
        assert len(received(plain)) < LARGE
        plain.close()


@pytest.mark.thorough
def test_a_client_that_takes_a_response_slowly_gets_it() -> None:
    with paths(timeout=1.0) as (site, _), _deaf(site, 65536) as plain:
        plain.sendall(request("GET /large HTTP/1.1", "Connection: close"))
        length, pause = 0, Event()
        while more := plain.recv(65536):
            length += len(more)
            pause.wait(0.1)  # so that the system, which holds megabytes, asks for no more within the time limit
        assert length > LARGE


def test_a_client_that_takes_no_responses_is_not_read_any_more(site: Hostile) -> None:
    with _deaf(site) as plain:
        plain.settimeout(3.0)
        many = request("POST / HTTP/1.1", "Content-Length: 100", body="x" * 100) * 100_000
        with pytest.raises(TimeoutError):
            plain.sendall(many)


@pytest.mark.parametrize("sent", [b"\r\n", b"0123456789"], ids=["an empty line", "a body that was not read"])
def test_an_idle_connection_is_closed_whatever_came_after_the_last_answer(sent: bytes) -> None:
    with paths(timeout=60.0, keep_alive=0.5) as (site, _), site.open() as plain:
        length = f"Content-Length: {len(sent) if sent.isdigit() else 0}"
        plain.sendall(request("POST /nowhere HTTP/1.1", length))
        assert plain.recv(4096).startswith(b"HTTP/1.1 404 ")
        plain.sendall(sent)
        assert received(plain) == b""


def test_a_client_that_resets_an_idle_connection_leaves_nothing_to_close(caplog: pytest.LogCaptureFixture) -> None:
    with paths(timeout=60.0, keep_alive=0.5) as (site, _):
        for ends in (True, False):
            with site.open() as plain:
                plain.sendall(request("GET /nowhere HTTP/1.1"))
                assert plain.recv(4096).startswith(b"HTTP/1.1 404 ")
                if ends:
                    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:  # the time of the first connection, which is lost, is over before that of this one
                    assert received(plain) == b""
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_body_that_nobody_reads_has_to_end_in_time() -> None:
    with paths(timeout=1.0) as (site, _), site.open() as plain:
        plain.sendall(request("POST /nowhere HTTP/1.1", "Content-Length: 1000000"))
        assert plain.recv(4096).startswith(b"HTTP/1.1 404 ")
        pause = Event()

        def is_closed() -> bool:
            try:
                plain.sendall(b"x")
            except OSError:
                return True
            return pause.wait(0.1)

        assert eventually(is_closed)


def test_requests_beyond_the_limit_of_connections_get_503_and_more_are_closed() -> None:
    front, settings = Paths(), HttpSettings(timeout=60.0, keep_alive=60.0, connections=3)
    application = HttpApplication(front, HttpSettings(), calls=1, wait=60.0)
    with serving(application, settings) as site, ExitStack() as stack:
        idle = [stack.enter_context(site.open()) for _ in range(2)]
        assert eventually(lambda: connections(site) == 2)
        assert site.ask("GET", "/nowhere").status == 404  # the third one
        assert eventually(lambda: connections(site) == 2)
        idle.append(stack.enter_context(site.open()))
        assert eventually(lambda: connections(site) == 3)
        assert site.ask("GET", "/nowhere").status == 503
        idle += [stack.enter_context(site.open()) for _ in range(SPARE + 5)]
        assert received(idle[-1]) == b""
        assert eventually(lambda: connections(site) == 3 + SPARE)
    application.close()


def test_a_connection_has_one_answer_for_each_request(caplog: pytest.LogCaptureFixture) -> None:
    with paths(timeout=60.0) as (site, front), site.open() as plain:
        plain.sendall(request("GET /held HTTP/1.1"))
        assert front.begun.wait(60)
        plain.sendall(b"what is this\r\n\r\n")
        assert received(plain) == b""  # a 400 would be the answer to the first request
        front.let.set()
        plain.close()
        with site.open() as plain:
            plain.sendall(request("POST /nowhere HTTP/1.1", "Transfer-Encoding: chunked", body="1\r\nx\r\n"))
            assert plain.recv(4096).startswith(b"HTTP/1.1 404 ")
            plain.sendall(b"zz\r\n")
            assert received(plain) == b""
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def _deaf(site: Site, size: int = 4096) -> socket.socket:
    """A connection of a client whose system takes little without being asked."""
    plain = socket.socket()
    plain.settimeout(60)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
    plain.connect((site.server.address.host, site.server.address.port))
    return plain
