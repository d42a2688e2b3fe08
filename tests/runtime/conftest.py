"""One engine for all runtime tests; nothing of theirs lands in the user's cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.runtime import Engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine with a cache of its own."""
    return Engine(cache=tmp_path_factory.mktemp("compiled"))


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "cache"))
