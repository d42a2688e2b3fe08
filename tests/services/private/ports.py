"""Ports that stay free while a server is down."""

from __future__ import annotations

import random
import socket

_RANGE = range(20_000, 30_000)
"""Below the ports that systems choose for outgoing connections: no client takes the port of a server that is down."""


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    for port in random.SystemRandom().sample(_RANGE, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("100 ports between 20000 and 29999 are taken")
