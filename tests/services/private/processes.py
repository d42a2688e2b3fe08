"""A process with all that it has started."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import defaultdict
from contextlib import suppress


def tree(pid: int) -> list[int]:
    """The process and its descendants, each after its parent; those of a server may be in sessions of their own."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    children = defaultdict(list)
    for line in listed.stdout.splitlines():
        child, parent = map(int, line.split())
        children[parent].append(child)
    found = [pid]
    for parent in found:
        found += children[parent]
    return found


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to the process and to its descendants, also those that are made meanwhile."""
    done: set[int] = set()
    while new := [one for one in tree(pid) if one not in done]:
        for one in new:
            with suppress(ProcessLookupError):
                os.kill(one, number)
        done.update(new)


def are_stopped(pid: int) -> bool:
    """Whether all threads of the process and of its descendants have stopped, or ended: a signal takes a moment."""
    listed = subprocess.run(["ps", "-eLo", "pid=,stat="], capture_output=True, text=True, check=True)
    states = [line.split() for line in listed.stdout.splitlines()]
    own = {str(one) for one in tree(pid)}
    return all(state[0] in "TtZX" for one, state in states if one in own)
