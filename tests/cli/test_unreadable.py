"""Folders and files that the user may not read: commands name them, and never say that all is well."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command_line import CLEAN, package, witkit

POWERLESS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
"""Root without the right to read everything."""

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions"),
    pytest.mark.skipif(
        hasattr(os, "getuid") and os.getuid() == 0 and shutil.which("setpriv") is None,
        reason="root reads every file, and setpriv is not installed",
    ),
]


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A project with an unreadable folder, package, `deps`, guest and file with secrets."""
    package(tmp_path / "good")
    package(tmp_path / "folder" / "wit")
    package(tmp_path / "file")
    package(tmp_path / "vendor" / "deps" / "clocks", "package test:clocks;")
    (tmp_path / "vendor" / "shop.wit").write_text(CLEAN)
    (tmp_path / "app.py").write_text("")
    (tmp_path / ".witkit").mkdir()
    (tmp_path / ".witkit" / "secrets.json").write_text("{}")
    places = ["folder", "file/shop.wit", "vendor/deps", "app.py", ".witkit/secrets.json"]
    modes = {place: (tmp_path / place).stat().st_mode for place in places}
    for place in places:
        (tmp_path / place).chmod(0)
    yield tmp_path
    for place, mode in modes.items():
        (tmp_path / place).chmod(mode)


def powerless(words: str, folder: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*(POWERLESS if os.getuid() == 0 else []), sys.executable, "-m", "witkit", *words.split()],
        cwd=folder,
        capture_output=True,
        text=True,
        input=typed,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("check folder", "folder/witkit.toml"),
        ("check folder/wit", "folder/wit"),
        ("check file", "file/shop.wit"),
        ("check vendor", "vendor/deps"),
        ("deps check folder", "folder/deps"),
        ("deps check file", "file/shop.wit"),
        ("deps check vendor", "vendor/deps"),
        ("fmt --check folder", "folder"),
        ("fmt --check .", "folder"),
        ("fmt --check file", "file/shop.wit"),
        ("show folder", "folder"),
        ("run app.py", "app.py"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_way_out(words: str, place: str, closed: Path) -> None:
    done = powerless(words, closed)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert f": permission denied\n --> {place}\n  = help: " in said


def test_secrets_that_cannot_be_read_are_named_with_the_way_out(closed: Path) -> None:
    done = powerless("secret list", closed)
    assert (done.returncode, "permission denied\n --> .witkit/secrets.json\n  = help: " in done.stderr) == (2, True)


def test_secrets_that_cannot_be_written_are_named_with_the_way_out(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    done = powerless("secret set db", tmp_path, "value")
    tmp_path.chmod(0o755)
    assert done.returncode == 2, done.stderr
    assert ": permission denied\n --> .witkit/secrets.json\n  = help: " in done.stderr


def test_a_folder_without_room_for_data_prevents_a_run(tmp_path: Path) -> None:
    assert witkit("new", "guest", "greeter", cwd=tmp_path).returncode == 0
    folder = tmp_path / "greeter"
    assert powerless("run --check app.py", folder).returncode == 0
    folder.chmod(0o555)
    done = powerless("run --check app.py", folder)
    folder.chmod(0o755)
    assert done.returncode == 1, done.stdout
    said = f"`.witkit/key-value.db` cannot be created in `{folder}`: you may not write there\n"
    assert said in done.stdout + done.stderr


def test_secrets_in_a_closed_folder_are_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / ".witkit").mkdir(mode=0o600)
    done = powerless("secret list", tmp_path)
    (tmp_path / ".witkit").chmod(0o755)
    assert "error[WIT0913]: the file with secrets cannot be used: permission denied\n" in done.stderr


def test_data_below_a_folder_that_is_closed_prevents_a_run_as_the_other_mistakes_do(tmp_path: Path) -> None:
    assert witkit("new", "guest", "greeter", cwd=tmp_path).returncode == 0
    folder, data = tmp_path / "greeter", tmp_path / "closed"
    (data / "below").mkdir(parents=True)
    (folder / "witkit.toml").write_text(f'[key-value]\npath = "{data}/below/a.db"\n[limits]\nmemory = "much"\n')
    data.chmod(0o600)
    done = powerless(f"run --check --dir {data}/below app.py", folder)
    data.chmod(0o755)
    said = done.stdout + done.stderr
    assert f"`{data}/below/a.db` cannot be created in `{data}`: you may not write there\n" in said
    assert "`memory` is wrong" in said
    assert f"`{data}/below` cannot be reached: permission denied\n" in said
