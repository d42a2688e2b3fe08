"""A proxy that disturbs connections, in front of a server that sends back what it gets."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.patience import eventually
from tests.services.proxy import Proxy, proxy


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with suppress(ConnectionError):  # The proxy resets connections.
            while piece := self.request.recv(4096):
                self.request.sendall(piece)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture
def echo() -> Iterator[Proxy]:
    with _Server(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with proxy(f"tcp://bob:secret@127.0.0.1:{server.server_address[1]}/name?a=b") as made:
            yield made
        server.shutdown()


def _connect(echo: Proxy) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", echo.port), 5)
    connection.settimeout(5)
    return connection


def _ask(connection: socket.socket, text: bytes) -> bytes:
    connection.sendall(text)
    return connection.recv(4096)


def test_the_url_is_the_server_s_with_another_port(echo: Proxy) -> None:
    assert echo.url == f"tcp://bob:secret@127.0.0.1:{echo.port}/name?a=b"


def test_what_arrives_is_passed_on_both_ways(echo: Proxy) -> None:
    with _connect(echo) as connection:
        assert _ask(connection, b"one") == b"one"
        assert _ask(connection, b"two") == b"two"
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert echo.connections == 1


def test_a_cut_resets_what_is_open_and_not_what_comes_later(echo: Proxy) -> None:
    with _connect(echo) as connection, _connect(echo) as other:
        assert _ask(connection, b"one") == b"one"
        assert _ask(other, b"one") == b"one"
        echo.cut()
        for lost in (connection, other):
            with pytest.raises(ConnectionError):
                _ask(lost, b"two")
    with _connect(echo) as connection:
        assert _ask(connection, b"three") == b"three"


def test_after_a_cut_the_other_ends_get_to_know_it(echo: Proxy) -> None:
    for _ in range(50):
        with _connect(echo) as connection:
            assert _ask(connection, b"one") == b"one"
            echo.cut()
            with pytest.raises(ConnectionResetError):
                connection.recv(1)


def test_an_answer_is_cut_in_its_middle_once(echo: Proxy) -> None:
    with _connect(echo) as connection:
        assert _ask(connection, b"before") == b"before"
        echo.cut_after(3)
        assert _ask(connection, b"answer") == b"ans"
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with _connect(echo) as connection:
        assert _ask(connection, b"answer") == b"answer"


def test_a_cut_may_come_in_a_later_answer(echo: Proxy) -> None:
    echo.cut_after(8)
    with _connect(echo) as connection:
        assert _ask(connection, b"answer") == b"answer"
        assert _ask(connection, b"answer") == b"an"
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_an_answer_comes_after_the_delay(echo: Proxy) -> None:
    with _connect(echo) as connection:
        echo.delay(0.3)
        before = time.monotonic()
        assert _ask(connection, b"one") == b"one"
        assert time.monotonic() - before >= 0.3


def test_what_is_swallowed_gets_no_answer_until_it_is_passed_on(echo: Proxy) -> None:
    with _connect(echo) as open_before:
        assert _ask(open_before, b"one") == b"one"
        echo.swallow()
        with _connect(echo) as connection:
            for silent in (open_before, connection):
                silent.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    _ask(silent, b"two")
            echo.pass_on()
            for silent in (open_before, connection):
                silent.settimeout(60)
                assert silent.recv(4096) == b"two"


def test_a_refused_connection_is_accepted_again_on_the_same_port(echo: Proxy) -> None:
    with _connect(echo) as connection:
        assert _ask(connection, b"one") == b"one"
        echo.refuse()
        with pytest.raises(ConnectionError):
            _ask(connection, b"two")
        with pytest.raises(ConnectionRefusedError):
            _connect(echo)
        echo.pass_on()
    with _connect(echo) as connection:
        assert _ask(connection, b"three") == b"three"


def test_a_connection_that_is_cut_before_it_has_reached_the_server_is_reset_too() -> None:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as server,
        proxy(f"tcp://127.0.0.1:{server.getsockname()[1]}") as between,
    ):
        waiting = [_connect(between) for _ in range(8)]  # The server accepts none, and its system only a few.
        assert eventually(lambda: between.connections == len(waiting))
        between.cut()
        for connection in waiting:
            with connection, pytest.raises(ConnectionResetError):
                connection.recv(1)
