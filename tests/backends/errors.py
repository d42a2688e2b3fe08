"""What tests of backends expect of errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import pytest

from tests.patience import LONG
from witkit.abi import Err
from witkit.backends.failure import Failure, Kind

T = TypeVar("T")

AWAY: Final = (Kind.UNREACHABLE, Kind.TIMEOUT)
"""What calls are while a server is away."""


@contextmanager
def fails_with(case: type) -> Iterator[list[str]]:
    """The error is of this case; the list gets its payload."""
    payload: list[str] = []
    with pytest.raises(Err) as caught:
        yield payload
    error: Any = caught.value.value
    found: type = error.__class__
    assert found is case
    payload.append(error.value)


@contextmanager
def fails(*kinds: Kind) -> Iterator[None]:
    """It raises a Failure of one of these kinds, whose message does not say where the server is."""
    with pytest.raises(Failure) as caught:
        yield
    assert caught.value.kind in kinds, (caught.value.kind, caught.value.detail)
    assert "127.0.0.1" not in caught.value.message


def soon(call: Callable[[], T]) -> T:
    """What a call gives as soon as the server is back."""
    end = time.monotonic() + LONG
    while True:
        try:
            return call()
        except Failure as failure:
            if time.monotonic() > end or failure.kind not in AWAY:
                raise
            time.sleep(0.05)
