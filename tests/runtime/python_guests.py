"""Guests in Python with generated host packages, each built once per content of its sources.

What componentize-py builds stays in the tests' cache, beside what wasmtime compiles of it.
"""

from __future__ import annotations

import hashlib
import importlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import KEPT
from tests.generated import write
from witkit.bindgen import generate
from witkit.ir import load

GUESTS = Path(__file__).with_name("guests")


def built(name: str) -> Path:
    """The component of the guest `name`: `guests/NAME` with `NAME.wit`, whose world is NAME, and `app.py.in`."""
    tool = Path(sys.executable).with_name("componentize-py")
    if not tool.exists():
        pytest.skip("componentize-py is not installed")
    sources = GUESTS / name
    key = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(sources.glob("*.*"))))
    folder = KEPT / "guests"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{key.hexdigest()[:16]}.wasm"
    if not path.exists():
        work = Path(tempfile.mkdtemp(dir=folder))
        shutil.copytree(sources, work, dirs_exist_ok=True)
        for source in work.glob("*.py.in"):  # so named because they are not modules of this interpreter
            source.replace(source.with_suffix(""))
        world = f"test:{name}/{name}@0.1.0"  # in full: an installed SDK brings packages of its own
        command = [str(tool), "-d", f"{name}.wit", "-w", world, "componentize", "app", "-o", "guest.wasm"]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        (work / "guest.wasm").replace(path)
        shutil.rmtree(work)
    return path


@contextmanager
def generated(wit: Path, world: str, package: str, folder: Path) -> Iterator[ModuleType]:
    """The host package of a world, written to a folder and imported under the name `package`."""
    write(generate(load(wit).world(world), "host", package=package), folder)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(package)
    finally:
        sys.path.remove(str(folder))
        for name in [n for n in sys.modules if n.partition(".")[0] == package]:
            del sys.modules[name]
