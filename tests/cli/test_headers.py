"""A file that begins with the header of a package is one, and no other file is: what a quick look at its text says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from witkit.cli.packages import package_of

HEADER = "package a:b@1.0.0-rc.1;\n"


@pytest.mark.parametrize(
    "text",
    [
        HEADER,
        "\ufeff" + HEADER,
        f"// a\r\n\t/* b * / */ /**/ /// c\n{HEADER}",
        f"/* a /* b */ c */ {HEADER}",
        "package a:b /* c */ ;",
        "package\n%a:b\n;",
        "package a:nope nope;",
    ],
)
def test_a_file_with_a_header_is_a_package(text: str, tmp_path: Path) -> None:
    file = tmp_path / "a.wit"
    file.write_text(text, encoding="utf-8")
    assert package_of(file) == file


@pytest.mark.parametrize(
    "text",
    [
        "interface i {}",
        f"// {HEADER}interface i {{}}",
        f"/* a /* b */ {HEADER} */ interface i {{}}",
        f"/* {HEADER} */ interface i {{}}",
        "interface i { package: func(); }",
    ],
)
def test_a_file_without_a_header_belongs_to_its_folder(text: str, tmp_path: Path) -> None:
    file = tmp_path / "a.wit"
    file.write_text(text, encoding="utf-8")
    assert package_of(file) == tmp_path


def test_a_file_with_a_header_is_not_parsed_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.wit"
    file.write_text("// a line\n" * 3 + HEADER)
    monkeypatch.setattr("witkit.syntax.read", None)
    assert package_of(file) == file


def test_a_file_that_names_the_package_of_others_belongs_to_their_folder(tmp_path: Path) -> None:
    texts = {"a": HEADER, "b": "interface b {}", "c": "// package a:b;"}
    for name, text in texts.items():
        (tmp_path / f"{name}.wit").write_text(text)
    assert [package_of(tmp_path / f"{name}.wit") for name in texts] == [tmp_path] * 3


@pytest.mark.parametrize("other", [HEADER, "package a:c;", "package a:;", "interface {\n\xff"])
def test_a_file_beside_another_that_names_a_package_is_one(other: str, tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_text(HEADER)
    (tmp_path / "b.wit").write_text(other, encoding="latin-1")
    (tmp_path / "c.wit").write_text("interface c {}")
    assert package_of(tmp_path / "a.wit") == tmp_path / "a.wit"


def test_a_changed_file_is_checked_with_the_others_of_its_package(repository: Path) -> None:
    folder = repository / "wit" / "blob-store"
    assert witkit("check", str(folder / "blob-store.wit"), cwd=repository).returncode == 0


def test_a_missing_file_is_reported_beside_others_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_text("interface a {}")
    (tmp_path / "b.wit").write_text(HEADER)
    done = witkit("check", "a.wit", "missing.wit", "--preset", "none", cwd=tmp_path)
    assert (done.returncode, "there is no file or folder `missing.wit`" in done.stdout) == (1, True)
