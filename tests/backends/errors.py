"""What tests of backends expect of errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from witkit.abi import Err


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
