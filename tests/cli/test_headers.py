"""A file that begins with the header of a package is one, and no other file is: what a quick look at its text says."""

from __future__ import annotations

from pathlib import Path

import pytest

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
