"""`witkit run --watch`: run the same command again whenever a file of the guest changes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from .ending import CLOSING, GRACE, LAST

WATCHED: Final = (".py", ".wit", ".toml", ".wasm")
PASSED_OVER: Final = ("__pycache__", "node_modules")
INTERVAL: Final = 0.25
"""The seconds between two checks of the files."""
PATIENCE: Final = GRACE + CLOSING + LAST
"""The seconds that a program has for ending in order."""


def watching(folder: Path, arguments: Sequence[str], again: Callable[[], bool] = lambda: True) -> int:
    """Run `witkit ARGUMENTS` in a process of its own, and again after each change in `folder`.

    A program that is still running is ended first. Continues until Ctrl-C, or until `again` returns false after a run
    was started. Returns 0.
    """
    process: subprocess.Popen[bytes] | None = None
    try:
        while True:
            seen = snapshot(folder)
            process = subprocess.Popen([sys.executable, "-P", "-m", "witkit", *arguments])
            if not again():
                process.wait()
                return 0
            while snapshot(folder) == seen:
                time.sleep(INTERVAL)
            _end(process)
            click.echo("witkit: a file has changed, running again", err=True)
    except KeyboardInterrupt:
        # The terminal sends Ctrl-C to the program, too: let it end on its own.
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)
        return 0
    finally:
        if process is not None:
            _end(process)


def snapshot(folder: Path) -> dict[Path, tuple[int, int]]:
    """The modification time and size of every relevant file below a folder.

    Hidden folders, caches and virtual environments are skipped. So are files that vanish or cannot be read, and folders
    that were already visited through a link.
    """
    found: dict[Path, tuple[int, int]] = {}
    visited: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        with suppress(OSError):
            waiting += _look(waiting.pop(), visited, found)
    return found


def _look(folder: Path, visited: set[tuple[int, int]], found: dict[Path, tuple[int, int]]) -> list[Path]:
    """Add the files in a folder, and return its subfolders."""
    here = folder.stat()
    if (here.st_dev, here.st_ino) in visited or (folder / "pyvenv.cfg").exists():
        return []
    visited.add((here.st_dev, here.st_ino))
    folders = []
    for entry in folder.iterdir():
        if entry.name.startswith(".") or entry.name in PASSED_OVER:
            continue
        if entry.is_dir():
            folders.append(entry)
        elif entry.suffix in WATCHED:
            with suppress(OSError):
                state = entry.stat()
                found[entry] = (state.st_mtime_ns, state.st_size)
    return folders


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that is still running, if possible by asking it first, so that it closes what it has opened."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
