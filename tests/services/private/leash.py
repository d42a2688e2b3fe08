"""Ends servers that outlive the tests: `python -m tests.services.private.leash`, started by `held`.

It reads lines from its standard input: `+ PID FOLDER` for a process and the folder of its data, `- PID FOLDER` when the
process has ended. At the end of the input, which comes even if the tests were killed, it kills what is left and
deletes the folders.
"""

from __future__ import annotations

import atexit
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.services.private import processes

_REPOSITORY = Path(__file__).resolve().parents[3]


def hold(pid: int, folder: Path) -> None:
    """Let the process end and the folder vanish with this process, at the latest."""
    _say("+", pid, folder)


def release(pid: int, folder: Path) -> None:
    """The process has ended; its number may become that of another."""
    _say("-", pid, folder)


def _say(sign: str, pid: int, folder: Path) -> None:
    print(sign, pid, folder, file=_held().stdin, flush=True)


@cache
def _held() -> subprocess.Popen[str]:
    """A leash, which lives as long as this process. Python closes its input in children."""
    command = [sys.executable, "-m", "tests.services.private.leash"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, cwd=_REPOSITORY, start_new_session=True)
    atexit.register(process.communicate)  # which ends its input and waits for its end
    return process


def main() -> None:
    running: dict[int, str] = {}
    folders: set[str] = set()
    for line in sys.stdin:
        sign, pid, folder = line.rstrip("\n").split(" ", 2)
        folders.add(folder)
        if sign == "+":
            running[int(pid)] = folder
        else:
            running.pop(int(pid), None)
    for left in running:
        processes.send(left, signal.SIGKILL)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
