"""The examples in the README and the documentation do what is printed below them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit_in_a_terminal

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = (
    "README.md",
    "docs/commands.md",
    "docs/diff.md",
    "docs/errors.md",
    "docs/guests.md",
    "docs/backends.md",
    "docs/capabilities/blob-store.md",
    "docs/configuration.md",
    "docs/capabilities/configs.md",
    "docs/capabilities/locking.md",
    "docs/observability.md",
    "docs/profiles.md",
    "docs/targets.md",
    "docs/troubleshooting.md",
    "docs/capabilities/key-value.md",
    "docs/capabilities/events.md",
    "docs/capabilities/sql.md",
)
WALKED = ("docs/write-a-backend.md",)
"""Pages with files for their commands, which have tests of their own."""
PROGRESS = re.compile(r"^building \S+ with componentize-py …\n", re.MULTILINE)
"""Printed if a build takes longer than a second, which it does not if the tests have built the component before."""
LINE = re.compile(
    r"(?:cd (?P<folder>\S+) && )?(?:(?P<before>.*) && )?(?:env )?(?P<variables>(?:[A-Z_]+=\S+ +)*)\s*"
    r"witkit (?P<words>[^|&;<>$`]*)"
)
"""A command of witkit, after a change of folder and after commands that prepare something for it."""
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
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


def said(command: str, folder: Path) -> str:
    """What a line prints. Commands of witkit run in this process, everything else in a shell."""
    line = LINE.fullmatch(command)
    if line is None:
        return shell(command, folder)
    inside = folder / (line["folder"] or "")
    before = shell(line["before"], inside) if line["before"] else ""
    variables = dict(word.split("=", 1) for word in line["variables"].split())
    return before + witkit_in_a_terminal(*shlex.split(line["words"]), cwd=inside, PATH=PATH, **variables).stdout


def shell(command: str, folder: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "NO_COLOR", "GITHUB_WORKSPACE")}
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1; {command}"],
        cwd=folder,
        env={**environment, "PATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("name", PAGES)
def test_every_command_prints_what_the_page_shows(name: str, tmp_path: Path) -> None:
    page = REPOSITORY / name
    assert steps(page)
    ignored = shutil.ignore_patterns("*.wasm", ".witkit", "__pycache__")
    shutil.copytree(REPOSITORY / "examples", tmp_path / "examples", ignore=ignored)
    shutil.copytree(REPOSITORY / "wit", tmp_path / "wit")
    # A page may change files of its own copy, for the next of its commands.
    for command, printed in steps(page):
        shown = said(command, tmp_path)
        assert matches(printed, shown), f"$ {command}\n{shown}\n--- {name} shows ---\n{printed}"


def test_every_page_with_console_blocks_is_among_them() -> None:
    docs = REPOSITORY / "docs"
    pages = [REPOSITORY / "README.md", *docs.glob("*.md"), *docs.glob("capabilities/*.md")]
    assert sorted(str(page.relative_to(REPOSITORY)) for page in pages if steps(page)) == sorted((*PAGES, *WALKED))


def test_a_difference_is_noticed() -> None:
    assert matches("building app with componentize-py …\nbuilt\n", "built\n")
    assert matches("a …\nb\n", "a 1\nb\n")
    assert matches("…\nlast", "one\ntwo\nlast\n")
    assert not matches("a", "b")
    assert not matches("a\n", "a\nb\n")
