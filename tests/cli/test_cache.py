"""The cache folder: where it is, and that nothing needs it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import package, witkit
from witkit._resources import cache_folder

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders" / "wit"


@pytest.mark.parametrize("place", ["new", "a-file/below", "not-a-cache"])
def test_commands_work_whatever_the_cache_folder_is(place: str, tmp_path: Path) -> None:
    package(tmp_path / "wit")
    (tmp_path / "a-file").touch()
    (tmp_path / "not-a-cache").mkdir()
    for arguments in (["check", "wit"], ["gen", "host", "wit", "-o", "src"], ["gen", "guest", "wit", "-o", "src"]):
        done = witkit(*arguments, cwd=tmp_path, WITKIT_CACHE_DIR=str(tmp_path / place))
        assert (done.returncode, done.stderr) == (0, "")


def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    shutil.copytree(ORDERS, tmp_path / "wit")
    cache = tmp_path / "cache"
    first = witkit("gen", "host", "wit", "-o", "one", cwd=tmp_path, WITKIT_CACHE_DIR=str(cache))
    kept = [path for path in cache.rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        path.write_bytes(b"\0 not what it was")
    second = witkit("gen", "host", "wit", "-o", "two", cwd=tmp_path, WITKIT_CACHE_DIR=str(cache))
    assert (first.returncode, second.returncode, second.stderr) == (0, 0, "")
    texts = [{p.name: p.read_bytes() for p in (tmp_path / d / "orders").glob("*.py")} for d in ("one", "two")]
    assert texts[0] == texts[1]


def test_a_user_without_a_home_has_no_cache_and_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WITKIT_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 5)
    with pytest.raises(OSError, match="Not a directory"):
        cache_folder().mkdir(parents=True)
