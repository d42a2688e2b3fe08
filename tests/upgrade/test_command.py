"""`witkit upgrade` as a user runs it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command_line import witkit

HANDLER = "// Handles what comes.\nhandle-it: function(what: list<u8>) -> expected<unit, string>\n"


def old(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "handler.wit").write_text(HANDLER)
    return folder


def test_a_folder_is_rewritten_and_passes_check(tmp_path: Path) -> None:
    old(tmp_path)
    done = witkit("upgrade", "old", "-o", "new", "--package", "my:app@0.1.0", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == "2 files written to new\n"
    assert "note[WIT0138]" in done.stderr
    assert "confirm that with `--export handler`, or make it an import with `--import handler`" in done.stderr
    assert witkit("check", "new", cwd=tmp_path).returncode == 0


def test_a_direction_that_is_given_leaves_nothing_to_tell(tmp_path: Path) -> None:
    old(tmp_path)
    done = witkit("upgrade", "old", "-o", "new", "--package", "my:app", "--import", "handler", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "import handler;" in (tmp_path / "new" / "worlds.wit").read_text()


def test_a_package_name_is_asked_for(tmp_path: Path) -> None:
    old(tmp_path)
    done = witkit("upgrade", "old", "-o", "new", cwd=tmp_path)
    assert done.returncode == 2
    assert "`--package ns:name@0.1.0`" in done.stderr
    assert not (tmp_path / "new").exists()


def test_no_file_in_the_way_is_overwritten(tmp_path: Path) -> None:
    old(tmp_path)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "handler.wit").write_text("package mine:own;\n")
    done = witkit("upgrade", "old", "-o", "new", "--package", "my:app", cwd=tmp_path)
    assert done.returncode == 2
    assert "already exists" in done.stderr
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["handler.wit"]


def test_a_folder_can_be_rewritten_in_place(tmp_path: Path) -> None:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "a.wit").write_text("package a:b;\ninterface i { type t = float64; }\n")
    done = witkit("upgrade", "wit", "-o", "wit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "1 file written to wit\n")
    assert "type t = f64;" in (tmp_path / "wit" / "a.wit").read_text()
    assert witkit("upgrade", "wit", "-o", "wit", cwd=tmp_path).stdout == "no files written to wit\n"


def test_a_package_of_today_keeps_its_name_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "a.wit").write_text("package a:b@1.0.0;\ninterface i { type t = float64; }\n")
    done = witkit("upgrade", "wit", "-o", "new", "--package", "my:app@0.1.0", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "1 file written to new\n")
    assert "note[WIT0144]: the package keeps its name: `--package my:app@0.1.0` is for files of 2022" in done.stderr
    assert "wit/a.wit:1:9" in done.stderr
    assert (tmp_path / "new" / "a.wit").read_text().startswith("package a:b@1.0.0;\n")


def test_show_says_that_a_package_of_today_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "a.wit").write_text("package a:b@1.0.0;\n")
    done = witkit("show", "wit", "--package", "my:app@0.1.0", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "package a:b@1.0.0\n")
    assert done.stderr.startswith("note[WIT0144]: the package keeps its name: `--package my:app@0.1.0` is for files")
    assert "wit/a.wit:1:9" in done.stderr
    assert witkit("show", "wit", "--package", "a:b@1.0.0", cwd=tmp_path).stderr == ""
    refused = witkit("show", "wit/a.wit", "--package", "my:app@0.1.0", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("error[WIT0140]: this is a file, not a folder\n")


def test_a_file_that_cannot_be_read_is_reported_with_a_way_out(tmp_path: Path) -> None:
    folder = old(tmp_path)
    (folder / "latin.wit").write_bytes(b"// caf\xe9\n")
    done = witkit("upgrade", "old", "-o", "new", "--package", "a:b", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error[WIT0505]: this file is not UTF-8: line 1 has byte 0xe9\n --> old/latin.wit\n")
    assert "save the file as UTF-8" in done.stderr


def test_a_link_that_leads_nowhere_is_not_left_out(tmp_path: Path) -> None:
    (old(tmp_path) / "types.wit").symlink_to("gone.wit")
    done = witkit("upgrade", "old", "-o", "new", "--package", "a:b", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error[WIT0504]: there is no file or folder `old/types.wit`")
    assert not (tmp_path / "new").exists()


def test_the_name_that_a_package_of_today_has_may_be_given(tmp_path: Path) -> None:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "a.wit").write_text("package a:b@1.0.0;\n")
    assert witkit("upgrade", "wit", "-o", "new", "--package", "a:b@1.0.0", cwd=tmp_path).stderr == ""


def test_directions_of_a_package_of_today_are_in_its_worlds(tmp_path: Path) -> None:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "a.wit").write_text("package a:b;\ninterface i { f: func(); }\n")
    done = witkit("upgrade", "wit", "-o", "new", "--export", "i", cwd=tmp_path)
    assert done.returncode == 0
    assert "note[WIT0144]: the worlds of these files say what guests import and export" in done.stderr


def test_what_cannot_be_upgraded_is_shown_and_nothing_is_written(tmp_path: Path) -> None:
    folder = old(tmp_path)
    (folder / "broken.wit").write_text("use { x } from nowhere\nresource r { get: function( }\n")
    done = witkit("upgrade", "old", "-o", "new", "--package", "my:app", cwd=tmp_path)
    assert done.returncode == 1
    assert "broken.wit:2:29" in done.stderr
    assert not (tmp_path / "new").exists()
