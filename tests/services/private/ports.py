"""Ports that stay free while a server is down."""

from __future__ import annotations

import os
import random
import socket

_FIRST, _EACH, _WORKERS = 20_000, 1_500, 8
"""Each worker of pytest-xdist has ports of its own, so that none takes the port of a server that another one is about
to start. All are below those that systems choose for outgoing connections: no client takes the port of a server that
is down."""

_given: set[int] = set()
"""What this process has given out: it may be the port of a server that is down."""


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens, and that nobody else gets."""
    first = _FIRST + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS * _EACH
    if len(_given) > _EACH // 2:
        _given.clear()
    for port in random.SystemRandom().sample(range(first, first + _EACH), _EACH):
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise RuntimeError(f"all ports from {first} on are taken")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
