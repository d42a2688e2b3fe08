"""Servers that send too much, too slowly, or something else than HTTP."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest

from tests.backends.http_client.servers import OK, Received, client, response, serving
from witkit.backends.failure import Failure, Kind
from witkit.backends.http_client.protocol import Request

LIMIT = 10_000
"""The bytes of a body that these tests permit."""

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def endless(head: bytes, piece: bytes) -> Any:
    """The answer of a server that does not stop before the client goes."""

    def answer(received: Received) -> Iterator[bytes]:
        yield head
        yield from repeat(piece)

    return answer


def slowly(head: bytes) -> Any:
    """The answer of a server that sends something all the time, and is never done."""

    def answer(received: Received) -> Iterator[bytes]:
        yield head
        while True:
            threading.Event().wait(0.02)
            yield b"x"

    return answer


def silent(received: Received) -> Iterator[bytes]:
    threading.Event().wait()
    yield b""


def failure(answer: Any, **settings: Any) -> Failure:
    with (
        serving(answer) as server,
        client(allow=[server.url], body=LIMIT, **settings) as http,
        pytest.raises(Failure) as refused,
    ):
        http.send(Request("GET", server.url))
    assert "127.0.0.1" not in refused.value.message
    return refused.value


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(response("200 OK", body=b"x" * (LIMIT + 1)), id="its length says so"),
        pytest.param(endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000), id="without a length"),
        pytest.param(
            endless(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n"),
            id="chunks",
        ),
    ],
)
def test_a_body_over_the_limit_is_not_read(answer: Any) -> None:
    found = failure(answer)
    assert (found.kind, found.message) == (Kind.FULL, "the body of the response has more than 10,000 bytes")


def test_a_body_of_just_the_limit_is_read() -> None:
    with serving(response("200 OK", body=b"x" * LIMIT)) as server, client(allow=[server.url], body=LIMIT) as http:
        assert len(http.send(Request("GET", server.url)).body) == LIMIT


def test_a_compressed_body_stays_compressed_however_large_it_would_be() -> None:
    bomb = gzip.compress(b"\0" * 1_000_000)
    answer = response("200 OK", "content-encoding: gzip", body=bomb)
    with serving(answer) as server, client(allow=[server.url], body=LIMIT) as http:
        found = http.send(Request("GET", server.url, [("accept-encoding", "gzip")]))
    assert found.body == bomb
    assert ("content-encoding", "gzip") in found.headers


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(silent, id="nothing"),
        pytest.param(slowly(b"HTTP/1.1 200 OK\r\nx: "), id="header by header"),
        pytest.param(slowly(b"HTTP/1.1 200 OK\r\n\r\n"), id="byte by byte"),
    ],
)
def test_the_time_of_a_request_is_bounded_as_a_whole(answer: Any) -> None:
    assert failure(answer, timeout=0.3).kind is Kind.TIMEOUT


def test_redirects_share_the_time_of_the_request() -> None:
    def answer(received: Received) -> Iterator[bytes]:
        threading.Event().wait(0.05)
        yield response("302 Found", "location: /")

    assert failure(answer, timeout=0.4, redirects=1_000_000).kind is Kind.TIMEOUT


def test_a_request_waits_for_a_connection_no_longer_than_it_may_take() -> None:
    release = threading.Event()

    def answer(received: Received) -> Iterator[bytes]:
        release.wait()
        yield OK

    with serving(answer) as server, client(allow=[server.url], connections=1, timeout=60) as patient:
        assert patient
        with client(allow=[server.url], connections=1, timeout=0.5) as http:
            kinds: list[Kind] = []

            def ask() -> None:
                with pytest.raises(Failure) as refused:
                    http.send(Request("GET", server.url))
                kinds.append(refused.value.kind)

            threads = [threading.Thread(target=ask) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert kinds == [Kind.TIMEOUT] * 3
            release.set()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 999999 X\r\n\r\n", id="a status that is not one"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello", id="two lengths"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", id="a negative length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nbad name: 1\r\ncontent-length: 0\r\n\r\n", id="a name that is not one"),
        pytest.param(b"HTTP/1.1 200 OK\r\na: b\0c\r\ncontent-length: 0\r\n\r\n", id="a control character"),
        pytest.param(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", id="a chunk without a size"),
        pytest.param(endless(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 500), id="headers without end"),
        pytest.param(endless(b"HTTP/1.1 200 OK\r\na: ", b"b" * 5000), id="one header without end"),
        pytest.param(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", id="an upgrade"),
    ],
)
def test_what_is_not_http_is_a_failure_of_the_protocol(answer: Any) -> None:
    assert failure(answer).kind is Kind.PROTOCOL


@pytest.mark.parametrize(
    "sent", [b"", b"HTTP/1.1 200 OK\r\ncontent-le", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel"]
)
def test_a_connection_that_is_cut_gives_no_half_of_a_response(sent: bytes) -> None:
    def answer(received: Received) -> Iterator[bytes]:
        yield sent
        raise OSError

    assert failure(answer).kind in (Kind.PROTOCOL, Kind.UNREACHABLE)


def test_a_server_that_closes_an_idle_connection_costs_no_request() -> None:
    answers = iter([OK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1), OK, OK])
    with serving(lambda received: next(answers)) as server, client(allow=[server.url]) as http:
        assert [http.send(Request("GET", server.url)).body for _ in range(3)] == [b"hello"] * 3
        assert server.connections == 2
