"""The pytest fixture `wit_host`: bindings for a guest's imports that end with the test."""

from __future__ import annotations

import warnings
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
            _warn_once(world_module, pytestconfig)
            try:
                return stack.enter_context(bind(world_module, file, **implementations))
            except WitkitError as wrong:
                # Its message says it all: pytest would show the lines that found it.
                raise wrong.with_traceback(None) from None

        yield connect


_looked_at = pytest.StashKey[set[str]]()


def _warn_once(world_module: str, config: pytest.Config) -> None:
    """Warn of bindings that are older than their interface, the first time that a session uses them."""
    seen = config.stash.setdefault(_looked_at, set())
    if world_module not in seen:
        from witkit.program.outdated import outdated

        seen.add(world_module)
        if problem := outdated(world_module):
            warnings.warn(problem, stacklevel=3)
