"""The pytest fixture `wit_host`: bindings for a guest's imports that end with the test."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from witkit.guest import Bound

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


@pytest.fixture
def wit_host(request: pytest.FixtureRequest) -> Iterator[Callable[..., Bound]]:
    """`wit_host(keyvalue="memory")` is `witkit.guest.bind` until the end of the test.

    The `witkit.toml` that counts is the one in the root folder of the tests, or in the nearest folder above that has
    one.
    """
    from contextlib import ExitStack

    from witkit.guest import bind
    from witkit.program.project import FILE, nearest
    from witkit.text import WitkitError

    file = nearest(FILE, request.config.rootpath)
    with ExitStack() as stack:

        def connect(world_module: str = "wit_world", /, **implementations: Any) -> Bound:
            _warn_once(world_module, request.config, request.path.parent)
            try:
                return stack.enter_context(bind(world_module, file, **implementations))
            except WitkitError as wrong:
                # Its message says it all: pytest would show the lines that found it.
                raise wrong.with_traceback(None) from None

        yield connect


_looked_at = pytest.StashKey[set[tuple[str, Path]]]()


def _warn_once(world_module: str, config: pytest.Config, tests: Path) -> None:
    """Warn of bindings that are not those of the tests' project or its interface, once for each folder of tests."""
    seen = config.stash.setdefault(_looked_at, set())
    if (world_module, tests) in seen:
        return
    from witkit.program.outdated import mixed_up, outdated

    is_first = all(name != world_module for name, _ in seen)
    seen.add((world_module, tests))
    for problem in (mixed_up(world_module, tests), outdated(world_module) if is_first else None):
        if problem:
            warnings.warn(problem, stacklevel=3)
