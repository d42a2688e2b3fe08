"""Several files that are opened at once are read only if the system does not say that they are still the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from witkit import _kept
from witkit._kept import SEAL, DiskCache

CACHE = DiskCache(limit=1 << 20)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose seals were checked."""
    names: list[str] = []
    check = _kept._is_whole

    def noted(file: object, path: Path) -> bool:
        names.append(path.name)
        return check(file, path)  # type: ignore[arg-type]

    monkeypatch.setattr(_kept, "_is_whole", noted)
    return names


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file that says when the machine was started."""
    boot = tmp_path / "boot_id"
    boot.write_text("one\n")
    monkeypatch.setattr(_kept, "_BOOT", boot)
    _kept._boot.cache_clear()
    yield boot
    _kept._boot.cache_clear()


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "kind" / name for name in ("0000000a", "0000000b")]
    for path in made:
        CACHE.put(path, path.name.encode() * 9)
    return made


def opened(paths: list[Path]) -> list[bytes | None]:
    with CACHE.all_opened(paths, paths[0].parent / "0000000c") as files:
        return [None if file is None else file.read()[:-SEAL] for file in files]


def contents(paths: list[Path]) -> list[bytes]:
    return [path.name.encode() * 9 for path in paths]


def test_files_are_read_once(paths: list[Path], read: list[str]) -> None:
    for _ in range(3):
        assert opened(paths) == contents(paths)
    assert read == ["0000000a", "0000000b"]


def test_files_that_were_written_again_are_read_again(paths: list[Path], read: list[str]) -> None:
    opened(paths)
    CACHE.put(paths[0], b"new")
    assert opened(paths) == [b"new", contents(paths)[1]]
    assert len(read) == 4


def test_every_change_of_a_file_is_noticed(paths: list[Path]) -> None:
    opened(paths)
    good, status = paths[1].read_bytes(), paths[1].stat()
    paths[1].write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    os.utime(paths[1], ns=(status.st_atime_ns, status.st_mtime_ns))
    assert opened(paths) == [contents(paths)[0], None]
    paths[1].write_bytes(good)
    assert opened(paths) == contents(paths)


def test_a_file_in_place_of_another_is_noticed(paths: list[Path]) -> None:
    opened(paths)
    paths[0].replace(paths[1])
    assert opened(paths) == [None, None]


def test_files_are_read_again_after_the_machine_was_started(paths: list[Path], read: list[str], machine: Path) -> None:
    opened(paths)
    machine.write_text("two\n")
    _kept._boot.cache_clear()
    assert opened(paths) == contents(paths)
    assert len(read) == 4


def test_files_are_always_read_where_the_system_does_not_tell_when_it_was_started(
    paths: list[Path], read: list[str], machine: Path
) -> None:
    machine.unlink()
    for _ in range(3):
        assert opened(paths) == contents(paths)
    assert len(read) == 6


def test_files_are_read_once_for_a_use_that_is_noted(paths: list[Path], read: list[str]) -> None:
    opened(paths)
    for path in paths:
        then = path.stat().st_mtime - 7200
        os.utime(path, (then, then))
    before = paths[0].stat().st_mtime
    opened(paths)
    assert paths[0].stat().st_mtime > before + 3600
    opened(paths)
    assert len(read) == 4


def test_nothing_is_noted_of_files_that_are_not_all_there(paths: list[Path], read: list[str]) -> None:
    paths[1].unlink()
    assert opened(paths) == [contents(paths)[0], None]
    assert opened(paths) == [contents(paths)[0], None]
    assert read == ["0000000a"] * 2


def test_a_note_that_is_damaged_counts_for_nothing(paths: list[Path], read: list[str]) -> None:
    opened(paths)
    note = paths[0].parent / "0000000c"
    note.write_bytes(note.read_bytes()[:-1])
    opened(paths)
    assert len(read) == 4
    assert opened(paths) == contents(paths)
    assert len(read) == 4
