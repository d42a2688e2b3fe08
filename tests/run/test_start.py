"""What a run imports: a component that was compiled before starts without the parts that read WIT or build guests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.run.conftest import Guest

PROGRAM = """
import sys
from witkit.cli.group import run
code = run(sys.argv[1:])
print(code, *sorted({".".join(name.split(".")[:2]) for name in sys.modules if name.startswith("witkit.")}))
"""
HEAVY = {"witkit.ir", "witkit.syntax", "witkit.componentize", "witkit.bindgen", "witkit.checks", "witkit.native"}


def test_a_component_that_was_compiled_before_starts_without_reading_wit(guest: Guest, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, "run", "--quiet", "--key-value", "memory", str(guest("counter"))]
    environment = {**os.environ, "WITKIT_CACHE_DIR": str(tmp_path / "cache")}
    for _ in range(2):
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    *_, modules = done.stdout.splitlines()
    code, *names = modules.split()
    assert code == "0"
    assert "witkit.runtime" in names
    assert HEAVY & {*names} == set()
