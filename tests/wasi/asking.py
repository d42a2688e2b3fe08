"""A Python guest that runs what it is asked: with witkit's WASI, and with wasmtime's."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import KEPT, REPOSITORY
from witkit.runtime import Instance, Reason, Trap, UntypedComponent, Wasi, default_engine
from witkit.wasi import Machine

GUEST = Path(__file__).with_name("guest")
WIT = REPOSITORY / "wit" / "wasi"


def built() -> Path:
    """The component, from the tests' cache if its sources have not changed."""
    tool = Path(sys.executable).with_name("componentize-py")
    if not tool.exists():
        pytest.skip("componentize-py is not installed")
    sources = [*sorted(GUEST.iterdir()), *sorted(WIT.rglob("*.wit"))]
    key = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    path = KEPT / "guests" / f"asking-{key}.wasm"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        work = Path(tempfile.mkdtemp(dir=path.parent))
        shutil.copytree(WIT / "deps", work / "wit" / "deps")
        (work / "wit" / "deps" / "cli").mkdir()
        for source in WIT.glob("*.wit"):
            shutil.copyfile(source, work / "wit" / "deps" / "cli" / source.name)
        shutil.copyfile(GUEST / "asking.wit", work / "wit" / "asking.wit")
        shutil.copyfile(GUEST / "app.py.in", work / "app.py")
        command = [str(tool), "-d", "wit", "-w", "test:asking/asking", "--world-module", "asking"]
        command += ["componentize", "app", "-o", "guest.wasm"]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        (work / "guest.wasm").replace(path)
        shutil.rmtree(work)
    return path


@dataclass(frozen=True)
class Asked:
    """The guest's component."""

    component: UntypedComponent

    @contextmanager
    def running(self, granted: Wasi | None = None, machine: Machine | None = None) -> Iterator[Instance]:
        """An instance with witkit's WASI."""
        with (
            machine or Machine(granted) as used,
            self.component.instantiate(used.provided()) as instance,
        ):
            yield instance

    def ours(self, program: str, granted: Wasi | None = None) -> str:
        """What a program answers with witkit's WASI."""
        with self.running(granted) as instance:
            return told(instance, program)

    def theirs(self, program: str, granted: Wasi | None = None) -> str:
        """What it answers with wasmtime's."""
        with self.component.instantiate(wasi=granted) as instance:
            return told(instance, program)


def told(instance: Instance, program: str) -> str:
    """What the guest answers to a program."""
    return outcome(lambda: str(instance.function(None, "ask")(program)))


def outcome(call: Callable[[], str]) -> str:
    """An answer, how the guest ended, or that it trapped."""
    try:
        return call()
    except Trap as trap:
        return f"exit {trap.code}" if trap.reason is Reason.EXIT else "trap"


def loaded() -> Asked:
    component: Any = default_engine().load(built())
    return Asked(component)
