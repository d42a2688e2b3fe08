"""Formatting: black once, then the kept result."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from witkit.bindgen.common import format as formatting

UGLY = "x = {  'a':1 }\n"
ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders" / "wit"
CLEAN = 'x = {"a": 1}\n'


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_unchanged_text_is_not_formatted_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert formatting.format_python(UGLY) == CLEAN
    monkeypatch.setattr(formatting, "_black", lambda: pytest.fail("black was called for text that it has seen"))
    assert formatting.format_python(UGLY) == CLEAN


def test_a_folder_that_cannot_be_written_only_costs_time(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    assert formatting.format_python(UGLY) == CLEAN
    assert formatting.format_python(UGLY) == CLEAN


def test_a_kept_file_that_is_not_text_is_made_again(cache: Path) -> None:
    formatting.format_python(UGLY)
    [kept] = (cache / "formatted").iterdir()
    kept.write_bytes(b"\xff\xfe")
    assert formatting.format_python(UGLY) == CLEAN


def test_a_kept_file_that_was_changed_is_made_again(cache: Path) -> None:
    formatting.format_python(UGLY)
    [kept] = (cache / "formatted").iterdir()
    kept.write_text("x = 1\n")
    assert formatting.format_python(UGLY) == CLEAN


def test_threads_may_format_at_the_same_time(tmp_path: Path) -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
from witkit.bindgen.common.format import format_python
with ThreadPoolExecutor(8) as threads:
    print(sorted(threads.map(format_python, [f"x={n}" for n in range(8)])))
"""
    # In a process of its own: black has to be imported by all of them, and what goes wrong there ends a process.
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "WITKIT_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{[f'x = {n}' + chr(10) for n in range(8)]}\n"


def test_black_is_not_loaded_for_what_is_usual(tmp_path: Path) -> None:
    code = f"""
import sys
from witkit import generate, load
world = load({str(ORDERS)!r}).world("orders")
for target in ("host", "guest"):
    generate(world, target)
print("black" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "WITKIT_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
