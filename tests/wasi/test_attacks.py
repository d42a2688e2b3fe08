"""Folders that change while a guest uses them, and a guest that tries very much: nothing leads out."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.wasi.asking import Asked
from tests.wasi.tree import planted
from witkit.runtime import Wasi
from witkit.wasi import Machine
from witkit.wasi.paths import resolved

TRIES = 5_000
SECONDS = 60.0
"""The most seconds until both of the allowed outcomes have come: other programs may keep the swapping thread back."""


@contextmanager
def swapping(root: Path) -> Iterator[None]:
    """A folder `swap` that others turn into a link to the outside and back, again and again."""
    (root / "swap").mkdir()
    (root / "swap" / "secret").write_text("harmless!")
    folder = os.open(root, os.O_RDONLY)
    has_ended = threading.Event()

    def swap() -> None:
        while not has_ended.is_set():
            os.rename("swap", "real", src_dir_fd=folder, dst_dir_fd=folder)
            os.symlink("../outside", "swap", dir_fd=folder)
            os.unlink("swap", dir_fd=folder)
            os.rename("real", "swap", src_dir_fd=folder, dst_dir_fd=folder)

    thread = threading.Thread(target=swap)
    thread.start()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        has_ended.set()
        thread.join()
        os.close(folder)


def test_a_folder_that_is_swapped_for_a_link_does_not_lead_out(tmp_path: Path) -> None:
    root = planted(tmp_path)
    folder = os.open(root, os.O_RDONLY)
    outcomes = {b"harmless!": 0, b"forbidden": 0, b"": 0}
    end = time.monotonic() + SECONDS
    with swapping(root):
        while (sum(outcomes.values()) < TRIES or rarest(outcomes) < TRIES // 100) and time.monotonic() < end:
            try:
                with resolved(folder, "swap/secret", follow=True) as place:
                    number = os.open(place.name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=place.folder)
                outcomes[os.read(number, 9)] += 1
                os.close(number)
            except OSError:
                outcomes[b""] += 1
    os.close(folder)
    assert outcomes[b"forbidden"] == 0
    assert rarest(outcomes) >= TRIES // 100, outcomes


def rarest(outcomes: dict[bytes, int]) -> int:
    """How often came what came least often of the two outcomes that are allowed."""
    return min(outcomes[b"harmless!"], outcomes[b""])


def test_a_guest_reads_and_writes_nothing_outside_while_a_folder_is_swapped(asked: Asked, tmp_path: Path) -> None:
    root = planted(tmp_path)
    program = """
seen = set()
for number in range(60):
    seen.add(attempt(lambda: content('swap/secret')))
    attempt(lambda: opened('swap/made', WRITE, O.CREATE).write(b'x', 0))
    attempt(lambda: folder().create_directory_at('swap/folder'))
    attempt(lambda: folder().rename_at('sub/inner', folder(), 'swap/moved'))
    attempt(lambda: folder().rename_at('swap/moved', folder(), 'sub/inner'))
    attempt(lambda: folder().link_at(NEVER, 'note', folder(), 'swap/linked'))
    attempt(lambda: folder().unlink_file_at('swap/linked'))
    attempt(lambda: folder().link_at(NEVER, 'swap/secret', folder(), 'stolen'))
    seen.add(attempt(lambda: content('stolen')))
    attempt(lambda: folder().unlink_file_at('stolen'))
answer = b'forbidden' in seen
"""
    with swapping(root):
        assert asked.ours(program, Wasi(dirs={"/data": root})) == "False"
    assert [path.name for path in (tmp_path / "outside").iterdir()] == ["secret"]
    assert (tmp_path / "outside" / "secret").read_text() == "forbidden"


def test_a_folder_that_moves_out_while_it_is_open_takes_the_guest_nowhere_else(asked: Asked, tmp_path: Path) -> None:
    """The guest keeps what it has opened, but `..` is what its path came through, not where the folder is now."""
    root = planted(tmp_path)
    folder = os.open(root, os.O_RDONLY)
    with resolved(folder, "sub/deep/leaf", follow=True) as place:
        (root / "sub").rename(tmp_path / "outside" / "sub")
        assert os.stat(place.name, dir_fd=place.folder).st_size == 4
    os.close(folder)
    granted = Wasi(dirs={"/data": root})
    program = "answer = [attempt(lambda: opened(p).get_type().name) for p in ('sub', '../outside', '../outside/sub')]"
    assert asked.ours(program, granted) == "['Err NO_ENTRY', 'Err NOT_PERMITTED', 'Err NOT_PERMITTED']"


def test_a_granted_folder_stays_the_same_when_another_takes_its_name(asked: Asked, tmp_path: Path) -> None:
    root = planted(tmp_path)
    with Machine(Wasi(dirs={"/data": root})) as machine, asked.running(machine=machine) as instance:
        root.rename(tmp_path / "elsewhere")
        root.symlink_to(tmp_path / "outside")
        ask = instance.function(None, "ask")
        assert ask("answer = [content('note'), attempt(lambda: content('secret'))]") == (
            "[b'a note\\n', 'Err NOT_PERMITTED']"
        )


@pytest.mark.parametrize(
    ("links", "answer"), [(40, "b'end'"), (41, "'Err LOOP'")], ids=["as many links as are allowed", "one more"]
)
def test_a_chain_of_links_has_an_end(links: int, answer: str, asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "0").write_text("end")
    for number in range(links):
        (tmp_path / str(number + 1)).symlink_to(str(number))
    assert asked.ours(f"answer = attempt(lambda: content('{links}'))", Wasi(dirs={"/data": tmp_path})) == answer


def test_links_that_double_do_not_take_long(asked: Asked, tmp_path: Path) -> None:
    """Thirty links of two steps each would mean a thousand million steps."""
    (tmp_path / "0").mkdir()
    for number in range(30):
        (tmp_path / str(number + 1)).symlink_to(f"{number}/../{number}")
    assert asked.ours("answer = attempt(lambda: opened('30'))", Wasi(dirs={"/data": tmp_path})) == "'Err LOOP'"


def test_no_descriptor_stays_open(asked: Asked, tmp_path: Path) -> None:
    root = planted(tmp_path)
    program = """
for path in ['note', 'sub/up', '../x', 'loop', 'sub/deep/leaf', 'missing', 'note/x'] * 30:
    attempt(lambda: content(path))
    attempt(lambda: opened(path).read_via_stream(0).blocking_read(9))
    attempt(lambda: folder().stat_at(NEVER, path))
kept = [opened('note'), opened('sub'), opened('note').read_via_stream(0)]
"""
    before = len(list(Path("/dev/fd").iterdir()))
    asked.ours(program, Wasi(dirs={"/data": root}))
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_machines_that_nobody_closes_keep_no_descriptors(tmp_path: Path) -> None:
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(100):
        machine = Machine(Wasi(dirs={"/data": tmp_path}, stdout=tmp_path / "out"))
        machine.waits.wait([], [], 0)
    del machine
    assert len(list(Path("/dev/fd").iterdir())) == before
