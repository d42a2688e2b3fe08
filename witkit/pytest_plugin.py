"""The pytest fixture `wit_host`: bindings for a guest's imports that end with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from witkit.guest import Bound


@pytest.fixture
def wit_host() -> Iterator[Callable[..., Bound]]:
    """`wit_host(keyvalue="memory")` is `witkit.guest.bind` until the end of the test."""
    from contextlib import ExitStack

    from witkit.guest import bind

    with ExitStack() as stack:
        yield lambda *names, **implementations: stack.enter_context(bind(*names, **implementations))
