"""The page about backends of other distributions: its files are installed, and its commands print what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.docs.test_readme import BLOCK, PATH, matches

PAGE = Path(__file__).resolve().parents[2] / "docs" / "write-a-backend.md"
STEP = re.compile(r"^`(?P<file>[^`\n]+)`:\n\n```\w+\n(?P<text>.*?)^```$|^```console\n(?P<shown>.*?)^```$", re.M | re.S)
PROGRAM = """
import witkit.backends, sys
from witkit.interfaces.keyvalue.keyvalue import KeyvalueError_InvalidKey, KeyvalueError_InvalidValue
with witkit.backends.open("key-value", "signed", passphrase="open-sesame", path="other") as stores:
    one, two = stores.Keyvalue.open("one"), stores.Keyvalue.open("two/\\0")
    for key in ("b", "a/\\0", "\N{GRINNING FACE}", "\\uffff"):
        one.set(key, key.encode())
        assert one.get(key) == key.encode()
    assert (one.keys(), two.keys()) == (["a/\\0", "b", "\\uffff", "\N{GRINNING FACE}"], [])
    one.set("a" * 1024, bytes(65_536))
    assert one.get("a" * 1024) == bytes(65_536)
    refusals = {("a" * 1025, b""): KeyvalueError_InvalidKey, ("a", bytes(65_537)): KeyvalueError_InvalidValue}
    for (key, value), error in refusals.items():
        try:
            one.set(key, value)
        except Exception as refused:
            assert isinstance(refused.value, error), refused
        else:
            raise AssertionError(key)
    one.delete("b")
    one.delete("b")
    assert "b" not in one.keys()
chosen = {"passphrase": "open-sesame", "path": "other"}
with witkit.backends.open("wasi:keyvalue/store@0.2.0-draft2", "signed", **chosen) as stores:
    assert stores.open("one").exists("a/\\0")
"""


def shell(command: str, folder: Path) -> str:
    """What a shell prints in which the distribution is installed."""
    known = {name: value for name, value in os.environ.items() if "COLOR" not in name}
    places = {"PATH": PATH, "PYTHONPATH": str(folder), "WITKIT_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1; {command}"], cwd=folder, env={**known, **places}, capture_output=True, text=True
    )
    return done.stdout


def install(folder: Path) -> None:
    """What pip makes of the project in the folder."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    described = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    groups = [
        "\n".join([f"[{group}]", *(f"{name} = {value}" for name, value in points.items()), ""])
        for group, points in project["entry-points"].items()
    ]
    (described / "entry_points.txt").write_text("\n".join(groups))


@pytest.fixture
def walked(tmp_path: Path) -> Path:
    """A folder with the files of the page, after its commands have printed what the page shows."""
    steps = list(STEP.finditer(PAGE.read_text(encoding="utf-8")))
    assert sum(step["file"] is None for step in steps) == len(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    for step in steps:
        if step["file"] is None:
            check(step["shown"], tmp_path)
            continue
        file = tmp_path / step["file"]
        file.parent.mkdir(exist_ok=True)
        file.write_text(step["text"], encoding="utf-8")
        if step["file"] == "pyproject.toml":
            install(tmp_path)
    return tmp_path


def check(shown: str, folder: Path) -> None:
    """Each command of a block prints what is below it."""
    for each in shown.removeprefix("$ ").split("\n$ "):
        command, _, printed = each.partition("\n")
        real = shell(command, folder)
        assert matches(printed, real), f"$ {command}\n{real}\n--- {PAGE.name} shows ---\n{printed}"


@pytest.mark.thorough
def test_the_backend_of_the_page_keeps_what_it_promises(walked: Path) -> None:
    (walked / "program.py").write_text(PROGRAM, encoding="utf-8")
    assert shell(f"{sys.executable} program.py", walked) == ""
