"""One host for all runtime tests; nothing of theirs lands in the user's cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.runtime import Host


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A host with a cache of its own."""
    return Host(cache=tmp_path_factory.mktemp("compiled"))


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "cache"))
