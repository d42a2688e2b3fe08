"""Real peers on this machine, and what guests need to talk to them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Peers:
    """The ports of a TCP and a UDP server that answer with what they get, and one where nobody listens."""

    tcp: int
    udp: int
    closed: int

    @property
    def program(self) -> str:
        """The beginning of a guest's program."""
        return f"PORT, UPORT, CLOSED = {self.tcp}, {self.udp}, {self.closed}\n{_PROGRAM}"


@contextmanager
def peers() -> Iterator[Peers]:
    """Servers, until the `with` ends."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp, socket.socket() as closed:
        for each in (tcp, udp, closed):
            each.bind(("127.0.0.1", 0))
        tcp.listen(50)
        has_ended = threading.Event()
        threads = [threading.Thread(target=_tcp, args=(tcp, has_ended)), threading.Thread(target=_udp, args=(udp,))]
        for thread in threads:
            thread.start()
        yield Peers(*(each.getsockname()[1] for each in (tcp, udp, closed)))
        has_ended.set()
        with socket.create_connection(tcp.getsockname()), socket.socket(type=socket.SOCK_DGRAM) as last:
            last.sendto(b"", udp.getsockname())
            for thread in threads:
                thread.join()


def _tcp(server: socket.socket, has_ended: threading.Event) -> None:
    while True:
        connection, _ = server.accept()
        if has_ended.is_set():
            connection.close()
            return
        threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    with connection, suppress(OSError):
        while data := connection.recv(1 << 16):
            connection.sendall(data)


def _udp(server: socket.socket) -> None:
    while True:
        data, address = server.recvfrom(1 << 16)
        if not data:
            return
        server.sendto(b"<" + data + b">", address)


_PROGRAM = """
import asking
kept = asking.__dict__.setdefault("kept", [])  # streams must not outlive their sockets: nothing is dropped
net = instance_network.instance_network()

def tcp4(): return keep(tcp_create_socket.create_tcp_socket(V4))
def tcp6(): return keep(tcp_create_socket.create_tcp_socket(V6))
def udp4(): return keep(udp_create_socket.create_udp_socket(V4))
def udp6(): return keep(udp_create_socket.create_udp_socket(V6))

def keep(value):
    kept.append(value)
    return value

def bound(socket, address):
    socket.start_bind(net, address)
    socket.finish_bind()
    return socket

def connected(address=None):
    socket = tcp4()
    socket.start_connect(net, address or v4(PORT))
    return keep((socket, *until(socket.finish_connect, socket)))

def listening(address=None):
    socket = bound(tcp4(), address or v4(0))
    socket.start_listen()
    socket.finish_listen()
    return socket

def datagrams(remote=None):
    socket = bound(udp4(), v4(0))
    return keep((socket, *socket.stream(remote)))

def got(stream, length):
    data = b""
    while len(data) < length:
        data += stream.blocking_read(length)
    return data

def received(stream, count=1):
    found = []
    while len(found) < count:
        with stream.subscribe() as pollable:
            pollable.block()
        found += stream.receive(count)
    return found

def out(data, address=None): return udp.OutgoingDatagram(data, address)

def resolved(name):
    stream = ip_name_lookup.resolve_addresses(net, name)
    first = until(stream.resolve_next_address, stream)
    return [first, *iter(stream.resolve_next_address, None)] if first else []
"""
