"""The house rules that a program can check."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

FUNCTION_LINES = 80
FILE_LINES = 500
DOCSTRING = re.compile(r'(?:\s|#.*\n)*r?"""\s*\S')
"""The beginning of a module that says what it is, perhaps after comments."""


def committed(repository: Path, *patterns: str) -> list[Path]:
    """The files under version control, or what an unpacked source has in their place."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--", *patterns], cwd=repository, capture_output=True, text=True, check=True
    )
    return [repository / name for name in listed.stdout.splitlines() if (repository / name).is_file()]


def python_files(repository: Path) -> list[Path]:
    written = committed(repository, "*.py")
    return [p for p in written if not p.is_relative_to(repository / "snapshots") and "interfaces" not in p.parts]


def test_a_file_can_be_taken_in_at_once(repository: Path) -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in python_files(repository)}
    assert {str(p): n for p, n in lengths.items() if n > FILE_LINES} == {}


def test_a_function_fits_on_a_screen(repository: Path) -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in python_files(repository)}
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, text in texts.items()
        if text.count("\n") >= FUNCTION_LINES
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_it_is(repository: Path) -> None:
    silent = [
        str(path)
        for path in python_files(repository)
        if path.is_relative_to(repository / "witkit") and not DOCSTRING.match(path.read_text(encoding="utf-8"))
    ]
    assert silent == []


def test_every_folder_of_snapshots_belongs_to_a_test_module(repository: Path) -> None:
    """syrupy reports unused snapshots of a module that ran, but not those of a module that is gone."""
    folders = {p.parent.relative_to(repository / "snapshots") for p in (repository / "snapshots").rglob("*.*")}
    orphans = [str(f) for f in folders if not (repository / "tests" / f).with_suffix(".py").is_file()]
    assert orphans == []


# Put together here so that this file does not contain them.
MACHINE_PATHS = ["/" + folder + "/" for folder in ("work", "root", "tmp", "home")]


@pytest.mark.parametrize("path", MACHINE_PATHS)
def test_no_text_names_a_path_of_somebodys_machine(repository: Path, path: str) -> None:
    texts = {p: p.read_bytes() for p in committed(repository)}
    assert [str(p) for p, text in texts.items() if path.encode() in text] == []


TOP = """.ci .github .gitignore .pre-commit-config.yaml .pre-commit-hooks.yaml CHANGELOG.md CONTRIBUTING.md LICENSE
Makefile README.md SECURITY.md action.yml benchmarks ci docs examples grammars pyproject.toml snapshots templates tests
wit witkit"""
"""What is at the top of the repository: servers and tools that tests start leave files there if they can."""


def test_nothing_else_is_at_the_top(repository: Path) -> None:
    assert {path.relative_to(repository).parts[0] for path in committed(repository)} - set(TOP.split()) == set()
