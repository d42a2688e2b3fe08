"""The examples in the documentation of the diagnostics give the diagnostics that they stand for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from witkit.checks import check
from witkit.ir import load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
SECTION = re.compile(r"^### (WIT\d{4}) [^\n]*\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^```wit\n(?:// (\S+\.wit)\n)?(.*?)^```", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, dict[str, str]]]:
    """The files of each code's example, by name."""
    found = []
    for code, text in SECTION.findall(PAGE.read_text(encoding="utf-8")):
        files = {name or "example.wit": content for name, content in EXAMPLE.findall(text)}
        if files:
            found.append((code, files))
    return found


@pytest.mark.parametrize(("code", "files"), examples(), ids=[code for code, _ in examples()])
def test_gives_its_code(code: str, files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert code in {d.code for d in check(load(tmp_path))}
