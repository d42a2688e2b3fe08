"""Random programs on a folder: the same answers and the same folder afterwards as with wasmtime's WASI.

`WITKIT_FUZZ=500` tries more of them.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from tests.sampled import every
from tests.wasi.asking import Asked
from witkit.runtime import Wasi

SEEDS = range(int(os.environ.get("WITKIT_FUZZ", "20" if every() == 1 else "6")))
STEPS = 60
NAMES = ["a", "b", "c", "up", "..", "."]
TARGETS = ["a", "b", "../a", "a/b", "..", "../outside", ".", "c/../b", "/a"]


def path(random: Random) -> str:
    """A path without a dot after a slash at its end, which means something else in wasmtime."""
    found = "/".join(random.choices(NAMES, weights=[6, 6, 3, 2, 2, 1], k=random.choice([1, 1, 2, 2, 3])))
    return found + "/a" if found.endswith("/.") else found


def step(random: Random) -> str:
    """An operation of a guest on `d`, which is the granted folder or one in it."""
    p, q, follow = path(random), path(random), random.choice(["FOLLOW", "NEVER"])
    how = random.choice(["O(0)", "O.CREATE", "O.CREATE | O.EXCLUSIVE", "O.DIRECTORY", "O.TRUNCATE"])
    flags = random.choice(["READ", "WRITE", "READ | WRITE"])
    return random.choice([
        f"d.open_at({follow}, {p!r}, {how}, {flags}).get_flags()",
        f"d.open_at({follow}, {p!r}, O.CREATE, WRITE).write({q.encode()!r}, {random.choice([0, 3])})",
        f"d.open_at({follow}, {p!r}, O(0), READ).read(99, {random.choice([0, 1])})",
        f"d.open_at({follow}, {p!r}, O(0), READ | WRITE).set_size({random.choice([0, 5])})",
        f"about(d.stat_at({follow}, {p!r}))",
        f"d.readlink_at({p!r})",
        f"d.create_directory_at({p!r})",
        f"d.create_directory_at({p!r})",
        f"d.remove_directory_at({p!r})",
        f"d.unlink_file_at({p!r})",
        f"d.symlink_at({random.choice(TARGETS)!r}, {p!r})",
        f"d.link_at(NEVER, {p!r}, d, {q!r})",
        f"d.rename_at({p!r}, d, {q!r})",
        f"d.rename_at({p!r}, folder(), {q!r})",
        f"names(d.open_at({follow}, {p!r}, O.DIRECTORY, READ))",
        "enter('a')",
        "enter('.')",
    ])  # fmt: skip


PROGRAM = """
d = folder()
def about(found):
    return found.type.name, found.size if found.type.name == 'REGULAR_FILE' else None, found.link_count
def names(found):
    return sorted(each.name for each in iter(found.read_directory().read_directory_entry, None))
def enter(path):
    global d
    d = folder().open_at(FOLLOW, path, O.DIRECTORY, READ)
answer = []
"""


def folder(root: Path) -> dict[str, str]:
    """Everything in a folder, by its path."""
    found = {}
    for each in sorted(root.rglob("*")):
        what = str(each.readlink()) if each.is_symlink() else "" if each.is_dir() else each.read_bytes().hex()
        found[str(each.relative_to(root))] = f"{each.lstat().st_mode:o} {what}"
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_program_does_the_same_as_with_wasmtime(seed: int, asked: Asked, tmp_path: Path) -> None:
    random = Random(seed)
    steps = [step(random) for _ in range(STEPS)]
    program = PROGRAM + "\n".join(f"answer.append(attempt(lambda: {each}))" for each in steps)
    seen = []
    for ask in (asked.ours, asked.theirs):
        root = tmp_path / ask.__name__ / "box"
        root.mkdir(parents=True)
        (root.parent / "outside").mkdir()
        (root / "up").symlink_to("..")
        answers = eval(ask(program, Wasi(dirs={"/data": root})).replace("<", "'").replace(">", "'"))
        seen.append((list(zip(steps, answers, strict=True)), folder(root.parent)))
    assert seen[0] == seen[1]
    assert {path for path in seen[0][1] if not path.startswith("box")} == {"outside"}
