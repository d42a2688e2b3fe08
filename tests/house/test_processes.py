"""Tests start `witkit` as a process only for what a process has of its own; all others run commands in process.

What counts are the places in tests that start `python -m witkit`. A place may be a function that several tests call.
Examples, hooks and installed wheels are tested by the programs that users start, which are not counted.
"""

from __future__ import annotations

import re
from pathlib import Path

STARTED = {
    "cli/test_damaged_bytecode.py": "modules that a process imports only once",
    "cli/test_known_packages.py": "modules that are not imported",
    "cli/test_main.py": "start-up, signals, closed descriptors, a full disk",
    "cli/test_unreadable.py": "the rights of another user",
    "examples/test_slight.py": "two programs that send each other messages",
    "examples/test_shop_browser.py": "two programs that serve at once, and a signal",
    "guest/test_twice.py": "another environment",
    "guest/test_watch.py": "Ctrl-C for a program and for what watches it",
    "program/http/test_own_servers.py": "a signal ends it",
    "run/test_locks_between_hosts.py": "two hosts, each a process of its own",
    "run/test_programs.py": "arguments in bytes, in a locale of its own",
    "run/test_serve.py": "signals",
    "run/test_serve_workers.py": "several processes, signals",
    "run/test_signals.py": "signals",
    "run/test_workers.py": "hosts that are killed",
}
"""The modules that do it, each at one place, and what for."""

COMMAND = re.compile(r'"-m", "witkit"|-m witkit\b')


def test_only_these_start_witkit_as_a_process(repository: Path) -> None:
    tests = repository / "tests"
    texts = {path.relative_to(tests).as_posix(): path.read_text(encoding="utf-8") for path in tests.rglob("*.py")}
    found = {name: len(COMMAND.findall(text)) for name, text in texts.items() if not name.startswith("house/")}
    assert {name: number for name, number in found.items() if number} == dict.fromkeys(STARTED, 1)
