"""The examples in the README and the documentation do what is printed below them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = (
    "README.md",
    "docs/commands.md",
    "docs/diff.md",
    "docs/errors.md",
    "docs/guests.md",
    "docs/backends.md",
    "docs/profiles.md",
)
PROGRESS = re.compile(r"^building \S+ with componentize-py …\n", re.MULTILINE)
"""Printed if a build takes longer than a second, which it does not if the tests have built the component before."""
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps(page: Path) -> list[tuple[str, str]]:
    """Each command of the page's console blocks with the output printed below it."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        # A command may go on after a backslash.
        for line in block.replace("\\\n", "").splitlines(keepends=True):
            if line.startswith("$ "):
                found.append((line[2:].rstrip("\n"), ""))
            else:
                command, output = found[-1]
                found[-1] = (command, output + line)
    return found


def matches(printed: str, real: str) -> bool:
    """Whether the real output is what is printed; `…` stands for anything, in a line or as a line for several."""
    pattern = re.escape(PROGRESS.sub("", printed).rstrip()).replace(re.escape("…"), "(?s:.*?)")
    return re.fullmatch(pattern, PROGRESS.sub("", real).rstrip()) is not None


@pytest.mark.parametrize("name", PAGES)
def test_every_command_prints_what_the_page_shows(name: str, tmp_path: Path) -> None:
    page = REPOSITORY / name
    assert steps(page)
    ignored = shutil.ignore_patterns("*.wasm", ".witkit", "__pycache__")
    shutil.copytree(REPOSITORY / "examples", tmp_path / "examples", ignore=ignored)
    shutil.copytree(REPOSITORY / "wit", tmp_path / "wit")
    # A page may change files of its own copy, for the next of its commands.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "NO_COLOR", "GITHUB_WORKSPACE")}
    for command, printed in steps(page):
        done = subprocess.run(
            ["bash", "-c", f"exec 2>&1; {command}"],
            cwd=tmp_path,
            env={**environment, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert matches(printed, done.stdout), f"$ {command}\n{done.stdout}\n--- {name} shows ---\n{printed}"


def test_every_page_with_console_blocks_is_among_them() -> None:
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")]
    assert sorted(str(page.relative_to(REPOSITORY)) for page in pages if steps(page)) == sorted(PAGES)


def test_a_difference_is_noticed() -> None:
    assert matches("building app with componentize-py …\nbuilt\n", "built\n")
    assert matches("a …\nb\n", "a 1\nb\n")
    assert matches("…\nlast", "one\ntwo\nlast\n")
    assert not matches("a", "b")
    assert not matches("a\n", "a\nb\n")
