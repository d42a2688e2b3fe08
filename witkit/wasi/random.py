"""`wasi:random`: random numbers, secure and insecure."""

from __future__ import annotations

import os
import random
import secrets
from functools import cached_property
from typing import Final

from witkit.abi.traps import GuestTrap

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_MOST: Final = 64 << 20
"""The most bytes of one call, as in wasmtime."""


class Random:
    """The interface `wasi:random/random`."""

    def get_random_bytes(self, length: int, /) -> bytes:
        return os.urandom(_checked(length))

    def get_random_u64(self) -> int:
        return int.from_bytes(os.urandom(8), "little")


class Insecure:
    """The interface `wasi:random/insecure`."""

    def get_insecure_random_bytes(self, length: int, /) -> bytes:
        return self._random.randbytes(_checked(length))

    def get_insecure_random_u64(self) -> int:
        return self._random.getrandbits(64)

    @cached_property
    def _random(self) -> random.Random:
        """A generator of its own: a guest takes nothing from what this program has seeded."""
        return random.Random()


class InsecureSeed:
    """The interface `wasi:random/insecure-seed`: one seed per machine, as in wasmtime."""

    def __init__(self) -> None:
        self._seed = secrets.randbits(64), secrets.randbits(64)

    def insecure_seed(self) -> tuple[int, int]:
        return self._seed

    get_insecure_seed = insecure_seed  # its name in WASI 0.3


def _checked(length: int) -> int:
    if length > _MOST:
        raise GuestTrap(f"{length} random bytes are more than the limit of {_MOST} per call")
    return length
