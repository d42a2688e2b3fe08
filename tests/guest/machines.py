"""The guest in `machine`, which evaluates expressions about WASI: natively, and as a component."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import witkit.guest
from tests.generated import write
from tests.guest.building import built
from witkit.bindgen import generate
from witkit.ir import load
from witkit.native import WouldTrap
from witkit.runtime import Reason, Trap, UntypedComponent, Wasi, default_engine

PROJECT = Path(__file__).parent / "machine"
INPUT = b"hello wide world"
Outcome = tuple[str, bytes, bytes]
"""What an expression gives, and what was written to both outputs."""


@dataclass(frozen=True)
class Machine:
    """The guest's component, and the folder where it and the bindings are."""

    folder: Path
    component: UntypedComponent

    @property
    def programs(self) -> tuple[Path, Path]:
        """What `witkit run` can run: the guest's module, and the component."""
        return PROJECT / "machine_app.py", self.folder / "component.wasm"

    def in_wasm(self, expression: str) -> Outcome:
        out, err = io.BytesIO(), io.BytesIO()
        wasi = Wasi(stdin=INPUT, stdout=out.write, stderr=err.write)
        with self.component.instantiate(wasi=wasi) as instance:
            answer = _answer(lambda: str(instance.function(None, "evaluate")(expression)))
        return _outcome(answer, out, err)

    def natively(self, expression: str, **implementations: Any) -> Outcome:
        streams = {"stdin": io.BytesIO(INPUT), "stdout": io.BytesIO(), "stderr": io.BytesIO()}
        with pytest.MonkeyPatch.context() as patch, witkit.guest.bind("machine_world", **implementations) as host:
            for name, stream in streams.items():
                patch.setattr(sys, name, io.TextIOWrapper(stream, encoding="utf-8", write_through=True))
            guest = host.load("machine_app")
            answer = _answer(lambda: str(guest.evaluate(expression)))
            return _outcome(answer, streams["stdout"], streams["stderr"])


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """The guest with its bindings and its component in `folder`, which can be imported until the `with` ends."""
    world = load(PROJECT / "wit").world()
    write(
        [*generate(world, "guest", package="machine_world"), *generate(world, "host", package="machine_host")], folder
    )
    before = list(sys.path)
    sys.path[:0] = [str(folder), str(PROJECT)]
    yield Machine(folder, default_engine().load(built(PROJECT, "machine", folder)))
    sys.path[:] = before


def _outcome(answer: str, out: io.BytesIO, err: io.BytesIO) -> Outcome:
    """Without the errors of a trap: the component writes there what has happened, natively that is the exception."""
    return answer, out.getvalue(), b"" if answer == "trap" else err.getvalue()


def _answer(call: Callable[[], str]) -> str:
    """A value, how the program was ended, or that it traps."""
    try:
        return call()
    except SystemExit as leaving:
        return f"exit {leaving.code}"
    except (Trap, WouldTrap) as trap:
        return f"exit {trap.code}" if isinstance(trap, Trap) and trap.reason is Reason.EXIT else "trap"
