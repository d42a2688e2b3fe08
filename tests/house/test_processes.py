"""Tests start `witkit` as a process only for what a process has of its own; all others run commands in process."""

from __future__ import annotations

import re
from pathlib import Path

STARTED = {
    "cli/test_damaged_bytecode.py": (1, "modules that a process imports only once"),
    "cli/test_known_packages.py": (1, "modules that are not imported"),
    "cli/test_main.py": (7, "start-up, signals, closed descriptors, a full disk"),
    "cli/test_unreadable.py": (1, "the rights of another user"),
    "examples/test_slight.py": (1, "two programs that send each other messages"),
    "examples/test_shop_browser.py": (1, "two programs that serve at once, and a signal"),
    "guest/test_machine_as_in_wasm.py": (2, "standard input, terminals"),
    "guest/test_new.py": (1, "a limit of the system on files"),
    "guest/test_own_modules.py": (1, "the path of an interpreter"),
    "guest/test_progress.py": (1, "a terminal"),
    "guest/test_run_native.py": (1, "watching until a signal"),
    "guest/test_same_program.py": (2, "encodings of standard streams, exit codes"),
    "guest/test_sdks_as_in_wasm.py": (1, "packages on the path of an interpreter"),
    "guest/test_twice.py": (1, "another environment"),
    "guest/test_watch.py": (1, "watching until a signal"),
    "program/http/test_own_servers.py": (1, "a signal ends it"),
    "program/http/test_serve.py": (1, "a signal"),
    "run/test_locks_between_hosts.py": (1, "two hosts, each a process of its own"),
    "run/test_programs.py": (2, "arguments in bytes, a signal"),
    "run/test_secrets.py": (1, "a plug-in on the path of an interpreter"),
    "run/test_serve.py": (1, "signals"),
    "run/test_serve_workers.py": (1, "several processes, signals"),
    "run/test_signals.py": (1, "signals"),
    "run/test_workers.py": (1, "hosts that are killed"),
}
"""How often each module does it, and for what."""

COMMAND = re.compile(r'"-m", "witkit"|-m witkit\b')


def test_only_these_start_witkit_as_a_process(repository: Path) -> None:
    tests = repository / "tests"
    texts = {path.relative_to(tests).as_posix(): path.read_text(encoding="utf-8") for path in tests.rglob("*.py")}
    found = {name: len(COMMAND.findall(text)) for name, text in texts.items() if not name.startswith("house/")}
    assert {name: number for name, number in found.items() if number} == {name: n for name, (n, _) in STARTED.items()}
