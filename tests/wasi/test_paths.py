"""Every function that takes a path, with paths of all kinds: as in wasmtime, and nothing leads out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.wasi.asking import WASMTIME, Asked
from tests.wasi.tree import planted
from witkit.runtime import Wasi

PATHS = [
    "note", "sub/inner", "in", "to-sub/inner", "sub/note", "sub/../note", "./note", "sub//inner", "sub/./inner",
    "../outside/secret", "out/secret", "secret", "absolute/passwd", "/etc/passwd", "/", "sub/up", "sub/../../box/note",
    "sub/../../outside/secret", "loop", "nowhere", "missing", "missing/x", "note/", "note/x", "note/.", "note/..", "",
    ".", "..", "sub", "sub/", "sub/.", "sub/..", "to-sub", "to-sub/", "in/", "out", "out/", "empty/..", "a\0b",
    "x" * 255, "x" * 256, "a/" * 2100 + "b", "sub/../" * 500 + "note", "é", "日本", "a\nb", "\\..\\outside", "C:note",
    "...",
]  # fmt: skip

FUNCTIONS = [
    "root.open_at(FOLLOW, path, O(0), READ).get_type().name",
    "root.open_at(FOLLOW, path, O(0), READ).read(99, 0)",
    "root.open_at(NEVER, path, O(0), READ).read(99, 0)",
    "root.open_at(FOLLOW, path, O(0), READ | WRITE).get_type().name",
    "root.open_at(FOLLOW, path, O.DIRECTORY, READ).get_type().name",
    "root.open_at(FOLLOW, path, O.CREATE, READ | WRITE).get_type().name",
    "root.open_at(NEVER, path, O.CREATE, WRITE).get_type().name",
    "root.open_at(FOLLOW, path, O.CREATE | O.EXCLUSIVE, WRITE).get_type().name",
    "root.open_at(FOLLOW, path, O.TRUNCATE, WRITE).stat().size",
    "root.stat_at(FOLLOW, path).type.name",
    "root.stat_at(NEVER, path).type.name",
    "root.metadata_hash_at(FOLLOW, path) == root.metadata_hash_at(FOLLOW, path)",
    "root.readlink_at(path)",
    "root.set_times_at(NEVER, path, types.NewTimestamp_Now(), types.NewTimestamp_NoChange())",
    "root.create_directory_at(path)",
    "root.remove_directory_at(path)",
    "root.unlink_file_at(path)",
    "root.symlink_at('note', path)",
    "root.symlink_at(path, 'new')",
    "root.link_at(NEVER, 'note', root, path)",
    "root.link_at(NEVER, path, root, 'new')",
    "root.rename_at('sub/inner', root, path)",
    "root.rename_at('sub/deep', root, path)",
    "root.rename_at(path, root, 'new')",
]

LAX = "a slash at the end means a folder, as in POSIX; wasmtime 49 looks at the name before it"
DIFFERENT: dict[tuple[str, str], tuple[Any, Any, str]] = {
    **{
        ("root.stat_at(NEVER, path).type.name", path): (ours, theirs, LAX)
        for path, ours, theirs in [
            ("note/", "Err NOT_DIRECTORY", "REGULAR_FILE"),
            ("note/.", "Err NOT_DIRECTORY", "REGULAR_FILE"),
            ("to-sub/", "DIRECTORY", "SYMBOLIC_LINK"),
            ("in/", "Err NOT_DIRECTORY", "SYMBOLIC_LINK"),
            ("out/", "Err NOT_PERMITTED", "SYMBOLIC_LINK"),
        ]
        if WASMTIME < 50
    },
    **{
        ("root.rename_at('sub/inner', root, path)", path): ("Err NOT_DIRECTORY", theirs, LAX)
        for path, theirs in [
            ("note/", None), ("sub/", "Err NOT_EMPTY"), ("to-sub/", None), ("in/", None), ("out/", None)
        ]
        if WASMTIME < 50
    },
    **{
        ("root.remove_directory_at(path)", path): (ours, theirs, "POSIX allows a slash after the name of a folder")
        for path, ours, theirs in [
            ("sub/", "Err NOT_EMPTY", "Err INVALID"),
            ("to-sub/", "Err NOT_DIRECTORY", "Err INVALID"),
            ("out/", "Err NOT_DIRECTORY", "Err NOT_PERMITTED"),
        ]
    },
    **{
        (function, "out/"): ("Err NOT_PERMITTED", "Err IS_DIRECTORY", "both refuse: it leads out, and it is a folder")
        for function in FUNCTIONS
        if "O.CREATE" in function
    },
}  # fmt: skip
"""(function, path) -> what it gives here and in wasmtime, and why."""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_path_does_the_same_as_in_wasmtime(function: str, asked: Asked, tmp_path: Path) -> None:
    """Each path has a folder of its own, so that none sees what another has done."""
    program = f"""
paths = {PATHS!r}
answer = []
for number, path in enumerate(paths):
    root = folder(f"/{{number}}")
    answer.append(attempt(lambda: {function}))
"""
    found = []
    for ask in (asked.ours, asked.theirs):
        base = tmp_path / ask.__name__
        trees = {f"/{number}": planted(base / str(number)) for number in range(len(PATHS))}
        found.append(eval(ask(program, Wasi(dirs=trees))))
        left = [(tree.parent / "outside").iterdir() for tree in trees.values()]
        assert all([p.read_text() for p in each] == ["forbidden"] for each in left)
    seen = {path: (ours, theirs) for path, ours, theirs in zip(PATHS, *found, strict=True) if ours != theirs}
    assert seen == {path: pair[:2] for (wanted, path), pair in DIFFERENT.items() if wanted == function}
    assert not any("forbidden" in str(answer) for answer in found[0])
