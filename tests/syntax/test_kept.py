"""Trees kept by content: the same tree, without the parser; and never anything but what was written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from witkit.syntax import nodes, read
from witkit.text import Source

TEXT = "package a:b@1.0.0; // docs\ninterface i { f: func(a: list<u8, 4>) -> result<_, e>; enum e { x } }\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path))
    return tmp_path / "parsed"


def shown(thing: object) -> object:
    """A tree as plain values, places included."""
    if isinstance(thing, list):
        return [shown(part) for part in thing]
    slots = [s for c in type(thing).__mro__ for s in getattr(c, "__slots__", ()) if s != "source"]
    return [type(thing).__name__, *((s, shown(getattr(thing, s))) for s in slots)] if slots else thing


def test_a_tree_that_was_kept_is_the_same_tree(folder: Path) -> None:
    first = read(Source("first.wit", TEXT))
    assert len(list(folder.iterdir())) == 1
    source = Source("second.wit", TEXT)
    second = read(source)
    assert shown(second.file) == shown(first.file)
    assert second.diagnostics == ()


def test_a_tree_that_was_kept_belongs_to_the_text_that_is_read() -> None:
    read(Source("first.wit", TEXT))
    source = Source("second.wit", TEXT)
    file = read(source).file
    assert file.source is source
    (interface,) = file.items
    assert isinstance(interface, nodes.Interface)
    assert interface.items[0].span.source is source


def test_a_large_text_is_kept_when_it_is_read_again(folder: Path) -> None:
    large = TEXT + "".join(f"interface i{n} {{ f: func(); }}\n" for n in range(10_000))
    sizes = []
    for _ in range(3):
        read(Source("large.wit", large))
        (kept,) = folder.iterdir()
        sizes.append(kept.stat().st_size)
    assert sizes[0] < 100 < sizes[1] == sizes[2]


def test_a_text_with_findings_is_not_kept(folder: Path) -> None:
    assert len(read(Source("a.wit", "package a:b")).diagnostics) == 1
    assert not folder.exists()


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\0" * 100])
def test_what_was_damaged_is_read_again(folder: Path, damage: bytes) -> None:
    read(Source("a.wit", TEXT))
    (kept,) = folder.iterdir()
    kept.write_bytes(damage)
    assert len(read(Source("a.wit", TEXT)).file.items) == 1
    assert kept.read_bytes() != damage


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_what_others_can_write_is_not_trusted(folder: Path) -> None:
    first = read(Source("a.wit", TEXT)).file
    (kept,) = folder.iterdir()
    kept.chmod(0o666)
    second = read(Source("a.wit", TEXT)).file
    assert shown(second) == shown(first)
    (again,) = folder.iterdir()
    assert not again.stat().st_mode & 0o022


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "file"))
    assert len(read(Source("a.wit", TEXT)).file.items) == 1


def test_a_tree_that_was_kept_costs_no_import_of_lark() -> None:
    read(Source("a.wit", TEXT))
    program = (
        f"import sys\nfrom witkit.syntax import read\nfrom witkit.text import Source\nread(Source('a', {TEXT!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program + "print('lark' in sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
