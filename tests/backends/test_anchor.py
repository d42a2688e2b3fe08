"""Files of a database are found to be gone, also if their folder has not changed for long."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from witkit.backends.sqlite_file import Anchor, Moved


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "data"
    folder.mkdir()
    made = [folder / name for name in ("stores.db", "stores.db-wal", "stores.db-shm")]
    for file in made:
        file.touch()
    return made


@pytest.fixture
def anchor(files: list[Path]) -> Anchor:
    """Of files in a folder that has not changed for an hour."""
    past = time.time() - 3600
    os.utime(files[0].parent, (past, past))
    made = Anchor(*files)
    made.check()
    return made


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("change", [Path.unlink, lambda file: file.rename(file.with_name("elsewhere"))])
def test_a_file_that_is_gone_is_noticed(
    anchor: Anchor, files: list[Path], change: Callable[[Path], object], number: int
) -> None:
    anchor.check()
    change(files[number])
    with pytest.raises(Moved):
        anchor.check()


def test_a_file_that_was_replaced_is_noticed(anchor: Anchor, files: list[Path]) -> None:
    other = files[0].with_name("other")
    other.touch()
    anchor.check()
    other.replace(files[0])
    with pytest.raises(Moved):
        anchor.check()


def test_a_folder_that_is_another_one_is_noticed(anchor: Anchor, files: list[Path]) -> None:
    folder = files[0].parent
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(Moved):
        anchor.check()
    folder.mkdir()
    for file in files:
        file.touch()
    past = time.time() - 3600
    os.utime(folder, (past, past))
    with pytest.raises(Moved):
        anchor.check()


def test_what_happens_in_the_moment_of_the_last_look_is_noticed(files: list[Path]) -> None:
    """The clock of a file system may stand still for some milliseconds: here it stands still for good."""
    folder = files[0].parent
    anchor = Anchor(*files)
    anchor.check()
    before = folder.stat()
    files[0].unlink()
    os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(Moved):
        anchor.check()


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a right on Windows")
def test_a_link_to_a_file_elsewhere_is_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real.db", tmp_path / "links" / "stores.db"
    real.touch()
    link.parent.mkdir()
    link.symlink_to(real)
    past = time.time() - 3600
    os.utime(link.parent, (past, past))
    anchor = Anchor(link)
    anchor.check()
    real.unlink()
    with pytest.raises(Moved):
        anchor.check()
