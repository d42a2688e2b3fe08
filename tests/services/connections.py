"""What the system knows of TCP connections on this machine."""

from __future__ import annotations

import socket
import struct
import sys
from pathlib import Path

Address = tuple[str, int]

_ESTABLISHED = "01"


def other_end(connection: socket.socket) -> tuple[Address, Address] | None:
    """The addresses of the other end, its own first, or None if the connection has ended."""
    try:
        return connection.getpeername(), connection.getsockname()
    except OSError:
        return None


def open_ends() -> set[tuple[Address, Address]]:
    """The ends of all connections that have not been reset, each with its own address first.

    A reset arrives a moment after `close`, as the system delivers it when it has time. Nothing is known of other
    systems than Linux, and of connections with IPv6.
    """
    return {end for end, _ in _ends()}


def has_heard_of_the_end(end: tuple[Address, Address]) -> bool:
    """Whether an end knows that the other end is closed, or is closed itself."""
    return (end, _ESTABLISHED) not in _ends()


def _ends() -> set[tuple[tuple[Address, Address], str]]:
    """The ends and their states."""
    if not sys.platform.startswith("linux"):
        return set()
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return {((_address(own), _address(other)), state) for _, own, other, state, *_ in map(str.split, lines)}


def _address(written: str) -> Address:
    """The address in `0100007F:1F90`, whose first part is a number in the order of this machine's bytes."""
    host, _, port = written.partition(":")
    return socket.inet_ntoa(struct.pack("=I", int(host, 16))), int(port, 16)
