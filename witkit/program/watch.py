"""`witkit run --watch`: the same command again whenever a file of the guest changes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import click

WATCHED: Final = (".py", ".wit", ".toml", ".wasm")
INTERVAL: Final = 0.25
"""Seconds between two looks at the files."""


def watching(target: Path, arguments: Sequence[str], again: Callable[[], bool] = lambda: True) -> int:
    """Run `witkit ARGUMENTS` in a process of its own, and anew after each change beside `target`.

    A program that still runs is ended first. Goes on until Ctrl-C, or until `again` says no after a run was
    started. Gives 0.
    """
    process: subprocess.Popen[bytes] | None = None
    try:
        while True:
            seen = snapshot(target.parent)
            process = subprocess.Popen([sys.executable, "-m", "witkit", *arguments])
            if not again():
                process.wait()
                return 0
            while snapshot(target.parent) == seen:
                time.sleep(INTERVAL)
            _end(process)
            click.echo("witkit: a file has changed, running again", err=True)
    except KeyboardInterrupt:
        return 0
    finally:
        if process is not None:
            _end(process)


def snapshot(folder: Path) -> dict[Path, tuple[int, int]]:
    """Time of change and size of every file that matters below a folder; hidden folders and caches do not."""
    found: dict[Path, tuple[int, int]] = {}
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir():
            found |= snapshot(entry)
        elif entry.suffix in WATCHED:
            state = entry.stat()
            found[entry] = (state.st_mtime_ns, state.st_size)
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs: politely first."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
