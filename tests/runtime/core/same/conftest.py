"""The other engine's tests, on the core engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.core import both
from witkit.runtime import Engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine of these tests, which match imports by what it reads of a component."""
    return Engine(cache=tmp_path_factory.mktemp("compiled"))


@pytest.fixture(autouse=True)
def _core_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "cache"))
    with both.core_engine():
        yield
