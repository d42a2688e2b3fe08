"""Nothing that another user could have put there is read, whatever it looks like and whenever it comes."""

from __future__ import annotations

import os
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.patience import eventually
from witkit._kept import DiskCache

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can act as several users"
)

CACHE = DiskCache(limit=1 << 20)
NAME = "0123456789abcdef"
OWN, OTHER = 12_345, 23_456


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Path]:
    """A folder that every user can reach; this process acts as the user `OWN` until the end of the test."""
    folder = Path("/tmp") / f"witkit-{tmp_path.parent.name}-{tmp_path.name}-{os.getpid()}"
    folder.mkdir(mode=0o755)
    os.seteuid(OWN)
    yield folder
    os.seteuid(0)
    shutil.rmtree(folder)


def start_as(user: int, action: Callable[[], object]) -> int:
    """Do something in a process of another user; gives the process."""
    before = os.geteuid()
    os.seteuid(0)
    process = os.fork()
    if not process:
        try:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
            action()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.seteuid(before)
    return process


def acting_as(user: int, action: Callable[[], object]) -> None:
    assert os.waitpid(start_as(user, action), 0)[1] == 0


def folder_of(user: int, path: Path, mode: int) -> Path:
    before = os.geteuid()
    os.seteuid(0)
    path.mkdir()
    os.chown(path, user, user)
    path.chmod(mode)
    os.seteuid(before)
    return path


def used(cache: Path) -> bool:
    """Whether a file is kept and found below a folder."""
    CACHE.put(cache / "kind" / NAME, b"mine")
    return CACHE.get(cache / "kind" / NAME) == b"mine"


@pytest.mark.parametrize(
    ("owner", "mode", "expected"),
    [
        (OWN, 0o700, True), (OWN, 0o755, True), (OWN, 0o777, False), (OWN, 0o757, False), (OWN, 0o775, False),
        (OWN, 0o1777, True), (OTHER, 0o777, False), (OTHER, 0o755, False), (OTHER, 0o1777, False),
        (0, 0o1777, True), (0, 0o777, False), (0, 0o757, False),
    ],
)  # fmt: skip
def test_a_folder_counts_if_nobody_else_can_change_what_is_in_it(
    owner: int, mode: int, expected: bool, shared: Path
) -> None:
    assert used(folder_of(owner, shared / "cache", mode)) is expected


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o1777])
def test_the_folder_of_the_files_itself_must_be_the_users_alone(mode: int, shared: Path) -> None:
    cache = folder_of(OWN, shared / "cache", 0o700)
    folder_of(OWN, cache / "kind", mode)
    assert used(cache) is False


@pytest.mark.parametrize("mode", [0o777, 0o757])
def test_every_folder_on_the_way_counts(mode: int, shared: Path) -> None:
    way = folder_of(OWN, folder_of(OWN, shared / "open", mode) / "cache", 0o700)
    assert used(way) is False


def test_a_folder_that_another_user_made_first_is_not_used(shared: Path) -> None:
    public = folder_of(0, shared / "public", 0o1777)

    def make() -> None:
        (public / "kind").mkdir()
        (public / "kind").chmod(0o777)

    acting_as(OTHER, make)
    CACHE.put(public / "kind" / NAME, b"mine")
    assert CACHE.get(public / "kind" / NAME) is None
    assert list((public / "kind").iterdir()) == []


@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_a_link_that_another_user_made_is_not_followed(mode: int, shared: Path) -> None:
    """It could lead to a folder of this user's with files that came from elsewhere, such as a clone."""
    clone = folder_of(OWN, shared / "clone", 0o755)
    assert used(clone) is True
    public = folder_of(0, shared / "public", mode)
    acting_as(OTHER, lambda: (public / "cache").symlink_to(clone))
    assert CACHE.get(public / "cache" / "kind" / NAME) is None


@pytest.mark.parametrize("mode", [0o666, 0o606, 0o660])
def test_a_file_that_others_can_write_is_not_read_and_replaced(mode: int, shared: Path) -> None:
    cache = folder_of(OWN, shared / "cache", 0o755)
    assert used(cache)
    path = cache / "kind" / NAME
    path.chmod(mode)
    assert CACHE.get(path) is None
    CACHE.put(path, b"again")
    assert (CACHE.get(path), path.stat().st_mode & 0o777) == (b"again", 0o600)


def test_a_file_of_another_user_is_not_read(shared: Path) -> None:
    cache = folder_of(OWN, shared / "cache", 0o755)
    assert used(cache)
    path = cache / "kind" / NAME
    os.seteuid(0)
    os.chown(path, OTHER, OTHER)
    path.chmod(0o644)
    os.seteuid(OWN)
    assert CACHE.get(path) is None


def test_root_does_not_use_what_a_user_owns(shared: Path) -> None:
    """As with `sudo`, which may keep HOME."""
    cache = folder_of(OWN, shared / "cache", 0o755)
    assert used(cache)
    os.seteuid(0)
    assert CACHE.get(cache / "kind" / NAME) is None
    assert used(cache) is False


def swap(public: Path, planted: Path) -> None:
    """Swap the folder `kind` with one that holds what was planted, until killed."""
    good, evil, aside = (public / name for name in ("kind", "evil", "aside"))
    evil.mkdir(mode=0o755)
    shutil.copy(planted, evil / NAME)
    (public / "ready").touch()
    while True:
        for old, new in ((good, aside), (evil, good), (good, evil), (aside, good)):
            with suppress(OSError):
                old.rename(new)


def test_folders_that_are_swapped_all_the_time_are_never_read(shared: Path) -> None:
    """What lies in the other user's folder is whole: it was kept by the same rules, elsewhere."""
    planted = folder_of(OWN, shared / "theirs", 0o755) / "kind" / NAME
    CACHE.put(planted, b"evil")
    planted.parent.chmod(0o755)
    planted.chmod(0o644)
    public = folder_of(0, shared / "public", 0o777)
    (public / "kind").mkdir(mode=0o700)
    swapper = start_as(OTHER, lambda: swap(public, planted))
    try:
        assert eventually((public / "ready").exists)
        for _ in range(2000):
            CACHE.put(public / "kind" / NAME, b"mine")
            assert CACHE.get(public / "kind" / NAME) is None
            with CACHE.opened(public / "kind" / NAME) as file:
                assert file is None
    finally:
        os.seteuid(0)
        os.kill(swapper, signal.SIGKILL)
        os.waitpid(swapper, 0)


def test_a_group_of_the_users_own_is_nobody_else(shared: Path) -> None:
    os.seteuid(0)
    assert used(folder_of(0, shared / "cache", 0o775))
