"""Folders that nobody would make on purpose: every command ends with findings or without, and never in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from witkit.ir import load

CLEAN = "package a:b;\ninterface i { f: func(); }\n"
TEXTS = {
    "nul": b"package a:b;\0",
    "byte-order-mark": b"\xef\xbb\xbf" + CLEAN.encode(),
    "two-byte-order-marks": b"\xef\xbb\xbf\xef\xbb\xbf" + CLEAN.encode(),
    "crlf": CLEAN.replace("\n", "\r\n").encode(),
    "lone-cr": CLEAN.replace("\n", "\r").encode(),
    "utf-16": CLEAN.encode("utf-16"),
    "surrogate": b"package a:b; // \xed\xa0\x80",
    "bidi": "package a:b; // \u202e\u2066".encode(),
    "empty": b"",
    "only-a-comment": b"/*",
    "deep-types": b"package a:b; interface i { type t = " + b"list<" * 20_000,
    "deep-packages": b"package a:b;" + b"package c:d {" * 20_000,
    "deep-braces": b"package a:b; interface i " + b"{" * 20_000,
    "long-name": b"package a:b; interface " + b"x" * 200_000 + b" {}",
    "many-names": b"package a:b; interface i {" + b"".join(b"fun%d: func();" % i for i in range(5000)) + b"}",
    "many-errors": b"package a:b; interface i {" + b"f func(;\n" * 5000 + b"}",
}
CLEAN_ONES = {"byte-order-mark", "crlf", "long-name", "many-names"}


def hostile(tmp_path: Path) -> list[str]:
    """Makes a folder for each text, and some that are odd as folders; returns their names."""
    for name, text in TEXTS.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.wit").write_bytes(text)
    for name in ("deps-is-a-file", "deps-is-a-loop", "deps-has-a-loop", "dependencies-in-a-circle"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.wit").write_text(CLEAN)
    (tmp_path / "deps-is-a-file" / "deps").write_text("x")
    (tmp_path / "deps-is-a-loop" / "deps").symlink_to("deps")
    (tmp_path / "deps-has-a-loop" / "deps").mkdir()
    (tmp_path / "deps-has-a-loop" / "deps" / "up").symlink_to("..")
    circle = tmp_path / "dependencies-in-a-circle" / "deps"
    circle.mkdir()
    (circle / "c.wit").write_text("package c:c;\ninterface i { use d:d/i.{t}; type s = u8; }\n")
    (circle / "d.wit").write_text("package d:d;\ninterface i { use c:c/i.{s}; type t = u8; }\n")
    (tmp_path / "a-folder.wit").mkdir()
    return sorted(path.name for path in tmp_path.iterdir())


def test_check_says_what_is_wrong_with_all_of_them(tmp_path: Path) -> None:
    names = hostile(tmp_path)
    done = witkit("check", *names, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    for name in set(names) - CLEAN_ONES:
        assert f"--> {name}" in done.stdout, name


@pytest.mark.thorough
@pytest.mark.parametrize("command", [["show"], ["upgrade", "-o", "new", "--package", "a:b"]], ids=lambda c: c[0])
def test_other_commands_end_in_order(command: list[str], tmp_path: Path) -> None:
    for name in hostile(tmp_path):
        done = witkit(command[0], name, *command[1:], cwd=tmp_path)
        assert done.returncode in {0, 1, 2}, name
        assert "Traceback" not in done.stderr, name
        assert "unexpected" not in done.stderr or "unexpected character" in done.stderr, name


def test_what_is_clean_is_clean(tmp_path: Path) -> None:
    hostile(tmp_path)
    assert {name for name in TEXTS if load(tmp_path / name).is_clean} == CLEAN_ONES


def test_a_file_of_40_000_lines_is_read(tmp_path: Path) -> None:
    functions = "".join(f"  /// Number {i}.\n  fun{i}: func(a: list<u{8 << i % 4}>);\n" for i in range(20_000))
    (tmp_path / "a.wit").write_text(f"package a:b;\ninterface i {{\n{functions}}}\n")
    loaded = load(tmp_path)
    assert loaded.resolve is not None
    assert len(loaded.resolve.interfaces[0].functions) == 20_000
