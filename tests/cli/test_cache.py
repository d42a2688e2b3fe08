"""The cache folder: where it is, and that nothing needs it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.command_line import package, witkit
from witkit._kept import Shelf
from witkit._resources import cache_folder

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders" / "wit"
SMALL = Shelf(limit=1000)


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


def keep(folder: Path, names: Iterable[str], shelf: Shelf = SMALL) -> list[str]:
    """Keep files of 100 bytes, each an hour or more after the one before; what is there then."""
    for name in names:
        shelf.store(folder / name, bytes(100))
        for other in folder.iterdir():
            age(other, 2)
    return sorted(path.name for path in folder.iterdir())


def age(path: Path, hours: float) -> None:
    """Make a file's last use longer ago."""
    then = path.stat().st_mtime - hours * 3600
    os.utime(path, (then, then))


def names(count: int) -> list[str]:
    return [f"{number:08x}" for number in range(count)]


def test_what_was_not_used_for_longest_is_dropped_when_there_is_too_much(tmp_path: Path) -> None:
    assert keep(tmp_path, names(10)) == names(10)
    assert keep(tmp_path, names(11)[10:]) == names(11)[4:]


def test_what_was_used_is_not_dropped(tmp_path: Path) -> None:
    keep(tmp_path, names(10))
    first = tmp_path / names(1)[0]
    SMALL.used(first, first.stat())
    assert keep(tmp_path, names(11)[10:]) == [names(1)[0], *names(11)[5:]]


def test_a_file_that_is_being_written_is_not_dropped_but_one_left_behind_is(tmp_path: Path) -> None:
    for name, hours in ((".new-now", 0.5), (".new-left", 30)):
        (tmp_path / name).write_bytes(bytes(100))
        age(tmp_path / name, hours)
    Shelf(limit=150).store(tmp_path / names(1)[0], bytes(100))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".new-now", names(1)[0]]


def test_one_file_that_is_larger_than_the_limit_is_kept(tmp_path: Path) -> None:
    keep(tmp_path, names(3))
    assert keep(tmp_path, ["00000009"], Shelf(limit=50)) == ["00000009"]


def test_small_files_are_looked_after_now_and_then(tmp_path: Path) -> None:
    shelf = Shelf(limit=1000, every=32)
    assert len(keep(tmp_path, names(32)[1:], shelf)) == 31
    assert len(keep(tmp_path, ["00000020"], shelf)) == 7


def test_several_may_keep_and_drop_the_same_files(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(SMALL.store, tmp_path / name, bytes(100)) for name in names(40) * 10]:
            done.result()
    assert keep(tmp_path, ["ffffffff"])[-1] == "ffffffff"
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1000
