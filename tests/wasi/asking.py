"""A Python guest that runs what it is asked: with witkit's WASI, and with wasmtime's, which it is compared with."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from wasmtime import component as wc

from tests.conftest import KEPT, REPOSITORY
from witkit.runtime import Instance, Reason, Trap, UntypedComponent, Wasi, default_engine
from witkit.wasi import Machine

GUEST = Path(__file__).with_name("guest")
WIT = REPOSITORY / "wit" / "wasi"
WASMTIME = int(version("wasmtime").partition(".")[0])
"""The version that witkit's WASI is compared with."""


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
        """An instance with witkit's WASI, or with this machine."""
        given = () if machine is None else machine.provided()
        with self.component.instantiate(given, wasi=granted) as instance:
            yield instance

    def ours(self, program: str, granted: Wasi | None = None) -> str:
        """What a program answers with witkit's WASI."""
        with self.running(granted) as instance:
            return told(instance, program)

    def theirs(self, program: str, granted: Wasi | None = None) -> str:
        """What it answers with wasmtime's, by wasmtime-py's own API. Of what is granted, it gets the folders."""
        engine, compiled, linker = _theirs()
        config, granted = wasmtime.WasiConfig(), granted or Wasi()
        for folders, is_writable in ((granted.dirs, True), (granted.read_only_dirs, False)):
            for name, here in folders.items():
                config.preopen_dir(str(here), name, is_writable)
        with wasmtime.Store(engine) as store:
            store.set_wasi(config)
            ask = linker.instantiate(store, compiled).get_func(store, "ask")
            assert ask is not None
            try:
                return str(ask(store, program))
            except wasmtime.ExitTrap as ended:
                return f"exit {ended.code}"
            except wasmtime.WasmtimeError:
                return "trap"


@cache
def _theirs() -> tuple[wasmtime.Engine, wc.Component, wc.Linker]:
    """The component as wasmtime has it. It is compiled once on a machine."""
    engine, path = wasmtime.Engine(), built()
    kept = path.with_name(f"{path.stem}-{version('wasmtime')}.cwasm")
    if not kept.exists():
        new = kept.with_name(f"{kept.name}-{os.getpid()}")
        new.write_bytes(wc.Component(engine, path.read_bytes()).serialize())
        new.replace(kept)
    compiled = wc.Component.deserialize_file(engine, str(kept))
    linker = wc.Linker(engine)
    linker.add_wasip2()
    return engine, compiled, linker


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
