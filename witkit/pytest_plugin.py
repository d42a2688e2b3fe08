"""The pytest fixture `wit_host`: bindings for a guest's imports that end with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from witkit.guest import Bound

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


@pytest.fixture
def wit_host(pytestconfig: pytest.Config) -> Iterator[Callable[..., Bound]]:
    """`wit_host(keyvalue="memory")` is `witkit.guest.bind` until the end of the test.

    The `witkit.toml` that counts is the one in the root folder of the tests, or in the nearest folder above that has
    one.
    """
    from contextlib import ExitStack

    from witkit.guest import bind
    from witkit.program.project import FILE, nearest
    from witkit.text import WitkitError

    file = nearest(FILE, pytestconfig.rootpath)
    with ExitStack() as stack:

        def connect(world_module: str = "wit_world", /, **implementations: Any) -> Bound:
            try:
                return stack.enter_context(bind(world_module, file, **implementations))
            except WitkitError as wrong:
                # Its message says it all: pytest would show the lines that found it.
                raise wrong.with_traceback(None) from None

        yield connect
