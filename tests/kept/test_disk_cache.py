"""What is kept on disk, for how long, and that it is whole."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from witkit._kept import SEAL, DiskCache

SMALL = DiskCache(limit=1000)
NAME = "0123456789abcdef"


def keep(folder: Path, names: Iterable[str], cache: DiskCache = SMALL) -> list[str]:
    """Keep files of 100 bytes, each an hour or more after the one before; what is there then."""
    for name in names:
        cache.put(folder / name, bytes(100 - SEAL))
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
    assert SMALL.get(first) is not None
    assert keep(tmp_path, names(11)[10:]) == [names(1)[0], *names(11)[5:]]


def test_a_file_that_is_being_written_is_not_dropped_but_one_left_behind_is(tmp_path: Path) -> None:
    for name, hours in ((".new-now", 0.5), (".new-left", 30)):
        (tmp_path / name).write_bytes(bytes(100))
        age(tmp_path / name, hours)
    DiskCache(limit=150).put(tmp_path / names(1)[0], bytes(100 - SEAL))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".new-now", names(1)[0]]


def test_one_file_that_is_larger_than_the_limit_is_kept(tmp_path: Path) -> None:
    keep(tmp_path, names(3))
    assert keep(tmp_path, ["00000009"], DiskCache(limit=50)) == ["00000009"]


def test_small_files_are_looked_after_now_and_then(tmp_path: Path) -> None:
    cache = DiskCache(limit=1000, every=32)
    assert len(keep(tmp_path, names(32)[1:], cache)) == 31
    assert len(keep(tmp_path, ["00000020"], cache)) == 7


def test_several_may_keep_and_drop_the_same_files(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(SMALL.put, tmp_path / name, bytes(100 - SEAL)) for name in names(40) * 10]:
            done.result()
    assert keep(tmp_path, ["ffffffff"])[-1] == "ffffffff"
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1000


# Damage -------------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "kind" / NAME
    SMALL.put(path, b"content " * 9)
    return path


def found(path: Path) -> list[bool]:
    """Whether there is something for either way of reading."""
    with SMALL.opened(path) as file:
        return [SMALL.get(path) is not None, file is not None]


def test_what_was_put_is_got(kept: Path) -> None:
    assert SMALL.get(kept) == b"content " * 9
    with SMALL.opened(kept) as file:
        assert file is not None
        assert file.read()[:-SEAL] == b"content " * 9


def test_nothing_is_something(tmp_path: Path) -> None:
    SMALL.put(tmp_path / NAME, b"")
    assert SMALL.get(tmp_path / NAME) == b""
    assert found(tmp_path / NAME) == [True, True]


def test_every_flipped_bit_is_noticed(kept: Path) -> None:
    good = kept.read_bytes()
    for at in range(len(good)):
        kept.write_bytes(good[:at] + bytes([good[at] ^ 1 << at % 8]) + good[at + 1 :])
        assert found(kept) == [False, False]


def test_every_other_length_is_noticed(kept: Path) -> None:
    good = kept.read_bytes()
    for size in range(len(good)):
        kept.write_bytes(good[:size])
        assert found(kept) == [False, False]
    kept.write_bytes(good + b"\0")
    assert found(kept) == [False, False]


@pytest.mark.parametrize("other", ["kind/fedcba9876543210", f"other/{NAME}"])
def test_a_file_in_place_of_another_is_noticed(kept: Path, other: str, tmp_path: Path) -> None:
    SMALL.put(tmp_path / other, b"another")
    (tmp_path / other).replace(kept)
    assert found(kept) == [False, False]


def test_a_damaged_file_is_written_again(kept: Path) -> None:
    kept.write_bytes(b"garbage")
    SMALL.put(kept, b"new")
    assert SMALL.get(kept) == b"new"


# What is not a file, or not a folder --------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
@pytest.mark.parametrize("thing", ["pipe", "folder", "link", "dangling link", "link to a device"])
def test_what_is_not_a_file_is_not_read_and_replaced_if_it_can_be(thing: str, kept: Path, tmp_path: Path) -> None:
    kept.replace(tmp_path / "real")
    ways: dict[str, Callable[[], object]] = {
        "pipe": lambda: os.mkfifo(kept), "folder": kept.mkdir, "link": lambda: kept.symlink_to(tmp_path / "real"),
        "dangling link": lambda: kept.symlink_to(tmp_path / "nowhere"),
        "link to a device": lambda: kept.symlink_to("/dev/zero"),
    }  # fmt: skip
    ways[thing]()
    assert found(kept) == [False, False]
    SMALL.put(kept, b"new")
    assert SMALL.get(kept) == (None if thing == "folder" else b"new")
    assert not [path for path in kept.parent.iterdir() if path.name.startswith(".new-")]
    assert (tmp_path / "real").stat().st_size == 72 + SEAL, "the link was replaced, not what it leads to"


@pytest.mark.skipif(not hasattr(os, "mknod") or os.geteuid() != 0, reason="only root makes devices")
def test_a_device_is_not_read(kept: Path) -> None:
    kept.unlink()
    try:
        os.mknod(kept, 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("devices cannot be made here")
    assert found(kept) == [False, False]


def test_a_folder_that_is_a_file_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / NAME, tmp_path / "file" / "below" / NAME):
        SMALL.put(path, b"data")
        assert found(path) == [False, False]


def test_a_folder_that_is_a_link_to_itself_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    SMALL.put(tmp_path / "loop" / NAME, b"data")
    assert found(tmp_path / "loop" / NAME) == [False, False]


@pytest.mark.parametrize("target", ["real", "./real", "../{here}/real", "{path}/real", "{path}/./real/../real"])
def test_own_links_are_followed(target: str, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(target.format(here=tmp_path.name, path=tmp_path))
    SMALL.put(tmp_path / "link" / "kind" / NAME, b"data")
    assert SMALL.get(tmp_path / "real" / "kind" / NAME) == b"data"
    assert SMALL.get(tmp_path / "link" / "kind" / NAME) == b"data"


def test_a_relative_folder_is_below_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    SMALL.put(Path("../there/kind") / NAME, b"data")
    assert SMALL.get(tmp_path / "there" / "kind" / NAME) == b"data"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs limits of processes")
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    program = (
        "import resource, sys\nfrom pathlib import Path\nfrom witkit._kept import DiskCache\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        f"DiskCache(limit=10**6).put(Path(sys.argv[1]) / '{NAME}', bytes(100_000))\n"
    )
    # Without bytecode, of which Python would keep a part for others.
    done = subprocess.run(
        [sys.executable, "-B", "-c", program, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owner here")
def test_what_is_kept_is_for_this_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        SMALL.put(tmp_path / "new" / "kind" / NAME, b"data")
    finally:
        os.umask(before)
    assert [(tmp_path / p).stat().st_mode & 0o777 for p in ("new", "new/kind", f"new/kind/{NAME}")] == [
        0o700, 0o700, 0o600,
    ]  # fmt: skip
