"""`witkit fmt` as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit, witkit_with_input

UGLY = "package a:b;\r\ninterface   i{f:func();}"
PRETTY = "package a:b;\r\ninterface i {\r\n    f: func();\r\n}\r\n"


def write(path: Path, text: str = UGLY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def piped(text: bytes, *arguments: str, cwd: Path) -> tuple[int, str, str]:
    done = witkit_with_input(text, "fmt", "-", *arguments, cwd=cwd)
    return done.returncode, done.stdout, done.stderr


def test_files_are_formatted_once(tmp_path: Path) -> None:
    path = write(tmp_path / "wit" / "a.wit")
    done = witkit("fmt", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "wit/a.wit: formatted\n1 file formatted, no files unchanged\n")
    assert path.read_bytes() == PRETTY.encode()
    assert witkit("fmt", cwd=tmp_path).stdout == "no files formatted, 1 file unchanged\n"


def test_a_file_that_is_named_in_several_ways_is_formatted_once(tmp_path: Path) -> None:
    path = write(tmp_path / "wit" / "a.wit")
    (tmp_path / "link.wit").symlink_to(path)
    done = witkit("fmt", "wit", "wit/../wit/a.wit", str(path), "link.wit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "wit/a.wit: formatted\n1 file formatted, no files unchanged\n")
    assert path.read_bytes() == PRETTY.encode()
    assert (tmp_path / "link.wit").is_symlink()


def test_check_changes_nothing_and_fails(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wit")
    write(tmp_path / "b.wit", PRETTY)
    done = witkit("fmt", "--check", "a.wit", "b.wit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (
        1,
        "a.wit: would be formatted\n1 file would be formatted, 1 file unchanged\n",
    )
    assert path.read_bytes() == UGLY.encode()
    assert witkit("fmt", "--check", "b.wit", cwd=tmp_path).returncode == 0


def test_diff_shows_the_changes_and_makes_none(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wit", "package a:b;\n\ninterface  i {}")
    done = witkit("fmt", "--diff", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "--- a.wit",
        "+++ a.wit",
        "@@ -1,3 +1,3 @@",
        " package a:b;",
        " ",
        "-interface  i {}",
        "\\ No newline at end of file",
        "+interface i {}",
    ]
    assert path.read_text() == "package a:b;\n\ninterface  i {}"


def test_diff_shows_tabs_and_line_ends_as_they_are(tmp_path: Path) -> None:
    write(tmp_path / "a.wit", "interface i {\r\n\tf: func();\r\n}\r\n")
    done = witkit("fmt", "--diff", ".", cwd=tmp_path)
    assert "-\tf: func();" in done.stdout
    assert "+    f: func();" in done.stdout


def test_a_file_with_errors_is_reported_and_the_others_are_formatted(tmp_path: Path) -> None:
    bad, good = write(tmp_path / "bad.wit", "package a:b"), write(tmp_path / "good.wit")
    (tmp_path / "binary.wit").write_bytes(b"\xff")
    done = witkit("fmt", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert "WIT0505" in done.stderr
    assert "bad.wit:1:12" in done.stderr
    assert done.stdout.splitlines()[-1] == "1 file formatted, no files unchanged, 2 paths with errors"
    assert bad.read_text() == "package a:b"
    assert good.read_bytes() == PRETTY.encode()


def test_a_path_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    done = witkit("fmt", "nowhere.wit", cwd=tmp_path)
    assert done.returncode == 1
    assert "error[WIT0504]: there is no file or folder `nowhere.wit`\n" in done.stderr
    assert "= help: check the path" in done.stderr


def test_a_read_only_file_is_left_alone_and_the_way_out_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "a.wit")
    before = file.read_bytes()
    file.chmod(0o444)
    done = witkit("fmt", "a.wit", cwd=tmp_path)
    assert (done.returncode, file.read_bytes()) == (2, before)
    assert "error[WIT0908]: `a.wit` cannot be written: permission denied" in done.stderr
    assert "= help: make it and its folder writable" in done.stderr


def test_a_folder_without_wit_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "full" / "inner" / "a.wit", PRETTY)
    write(tmp_path / "vendored" / "wit" / "a.txt", "")
    write(tmp_path / "vendored" / "wit" / "deps" / "x" / "x.wit")
    (tmp_path / "empty").mkdir()
    done = witkit("fmt", "full", "empty", "vendored", cwd=tmp_path)
    assert done.returncode == 1
    assert "error[WIT0506]: there is no `.wit` file in this folder\n --> empty\n" in done.stderr
    assert done.stderr.count("WIT0506") == 1


def test_dependencies_are_left_alone_unless_they_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "wit" / "a.wit", PRETTY)
    dependency = write(tmp_path / "wit" / "deps" / "x" / "x.wit")
    write(tmp_path / "wit" / ".hidden" / "y.wit")
    assert witkit("fmt", cwd=tmp_path).stdout == "no files formatted, 1 file unchanged\n"
    assert dependency.read_bytes() == UGLY.encode()
    assert "1 file formatted, 1 file unchanged" in witkit("fmt", "--deps", cwd=tmp_path).stdout
    assert dependency.read_bytes() == PRETTY.encode()


def test_a_file_in_deps_that_is_named_is_left_alone_and_counted(tmp_path: Path) -> None:
    write(tmp_path / "wit" / "a.wit", PRETTY)
    path = write(tmp_path / "wit" / "deps" / "d.wit")
    done = witkit("fmt", "wit/a.wit", "wit/deps/d.wit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (
        0,
        "no files formatted, 1 file unchanged, 1 file in `deps` left alone (--deps includes them)\n",
    )
    assert path.read_bytes() == UGLY.encode()
    again = witkit("fmt", "wit/deps/d.wit", "./wit/deps/d.wit", str(path), cwd=tmp_path).stdout
    assert ", 1 file in `deps` left alone" in again
    assert witkit("fmt", "--deps", "wit/deps/d.wit", cwd=tmp_path).stdout.startswith("wit/deps/d.wit: formatted\n")


def test_a_file_in_deps_that_is_not_there_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "wit" / "a.wit", PRETTY)
    done = witkit("fmt", "wit/deps/none.wit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "no files formatted, no files unchanged, 1 path with errors\n")
    assert "there is no file or folder `wit/deps/none.wit`" in done.stderr


@pytest.mark.parametrize(("name", "header"), [("witkit.toml", "fmt"), ("pyproject.toml", "tool.witkit.fmt")])
def test_a_project_may_choose_an_indent_and_a_width(tmp_path: Path, name: str, header: str) -> None:
    write(tmp_path / name, f"[{header}]\nindent-width = 2\nline-width = 40\n")
    path = write(tmp_path / "a.wit", "package a:b; interface i { f: func(first: string, second: string); }")
    assert witkit("fmt", "a.wit", cwd=tmp_path).returncode == 0
    assert path.read_text().splitlines()[2:] == [
        "  f: func(",
        "    first: string,",
        "    second: string,",
        "  );",
        "}",
    ]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("indent-width = 3", "`indent-width` cannot be 3"),
        ("indent-width = true", "`indent-width` must be a whole number"),
        ('indent-width = "two"', '| indent-width = "two"'),
        ("line-width = 10", "`line-width` cannot be 10"),
        ("tabs = true", "`fmt` has no key `tabs`"),
    ],
)
def test_a_wrong_setting_is_wrong_use(tmp_path: Path, setting: str, message: str) -> None:
    write(tmp_path / "witkit.toml", f"[fmt]\n{setting}\n")
    write(tmp_path / "a.wit")
    done = witkit("fmt", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr


def test_standard_input_goes_to_standard_output(tmp_path: Path) -> None:
    assert piped(UGLY.encode(), cwd=tmp_path) == (0, PRETTY, "")
    assert piped(UGLY.encode(), "--check", cwd=tmp_path) == (1, "", "")
    assert piped(PRETTY.encode(), "--check", cwd=tmp_path) == (0, "", "")
    code, out, err = piped(b"package a:b", cwd=tmp_path)
    assert (code, out) == (1, "")
    assert "<stdin>:1:12" in err


def test_standard_input_is_not_mixed_with_files(tmp_path: Path) -> None:
    assert witkit("fmt", "-", "a.wit", cwd=tmp_path).returncode == 2


def test_a_formatted_file_is_known_by_its_content(tmp_path: Path) -> None:
    write(tmp_path / "a.wit", PRETTY)
    program = "import sys\nfrom witkit.cli.group import run\nrun(['fmt', 'a.wit'])\nprint('lark' in sys.modules)\n"
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "WITKIT_CACHE_DIR": str(tmp_path / "cache"),
    }
    lines = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout.splitlines()[-1]
        for _ in range(2)
    ]
    assert lines == ["True", "False"]
