"""The pytest fixture `wit_host`: bindings for a guest's imports that end with the test. Generated code is no test."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from witkit.guest import Bound

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Put real bindings behind those of SDKs before a test, or a conftest, imports them."""
    for folder in dict.fromkeys((early_config.invocation_params.dir, early_config.rootpath)):
        if _may_have_guest(folder):
            from witkit.program.sdks import connect_sdks
            from witkit.text import WitkitError

            # What is wrong is for `wit_host` to tell: not every session with a project in its folder has to do with it.
            with suppress(WitkitError):
                if connect_sdks(folder):
                    return


def _may_have_guest(folder: Path) -> bool:
    """Whether it is worth to look for a guest that uses an SDK; each session of pytest comes by here."""
    settings = folder / "pyproject.toml"
    if (folder / "app.py").is_file():
        return True
    return settings.is_file() and "tool.witkit" in settings.read_text(encoding="utf-8", errors="replace")


def pytest_pycollect_makeitem(obj: object) -> list[pytest.Item] | None:
    """Keep what WIT calls `test-…` from being taken for tests where a test module imports it."""
    module = sys.modules.get(getattr(obj, "__module__", None) or "")
    constants = (getattr(module, name, None) for name in ("INTERFACE", "WORLD", "_INTERFACE"))
    is_generated = any(type(constant).__module__ == "witkit.abi.types" for constant in constants)
    return [] if is_generated else None


@pytest.fixture
def wit_host(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Bound]]:
    """`wit_host(keyvalue="memory")` is `witkit.guest.bind` until the end of the test.

    Backends keep their data in a folder of this test alone, unless a `Choice` gives a `path`: never where the project
    has its own.

    The `witkit.toml` that counts is the one in the root folder of the tests, or in the nearest folder above that has
    one.
    """
    from contextlib import ExitStack

    from witkit.guest import bind
    from witkit.program.project import FILE, nearest
    from witkit.program.scratch import scratch
    from witkit.text import WitkitError

    file = nearest(FILE, request.config.rootpath)
    folder = tmp_path_factory.mktemp("wit_host")
    with ExitStack() as stack:

        def connect(world_module: str = "wit_world", /, **implementations: Any) -> Bound:
            _warn_once(world_module, request.config, request.path.parent)
            try:
                with scratch(folder):
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
