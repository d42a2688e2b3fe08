"""Diagnostics for programs and backends that fail."""

from __future__ import annotations

import re
import sysconfig
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from witkit import abi
from witkit._leaving import Terminated
from witkit.abi.calls import host_call
from witkit.backends.connect import Connections
from witkit.backends.fronts.table import Front
from witkit.backends.plugins import described
from witkit.runtime import MissingImport
from witkit.text import Diagnostic, Span, WitkitError, error

from .replacing import Replacing

FAILED: Final = "WIT0808"
BACKEND_FAILED: Final = "WIT0809"

_WITKIT: Final = Path(__file__).parents[1]


def failed(
    refused: tuple[str, Any] | None, file: str, place: Span | None = None, raised: str = "", function: str = "run"
) -> Diagnostic:
    """The diagnostic for a program whose `function`, with which it begins, returned an error.

    `refused` is the last error that an import returned: the function's name and the value. `raised` is the exception
    that it raised, and `place` its place, if they are known.
    """
    message = f"the program failed: its `{function}` " + (f"raised {raised}" if raised else "returned an error")
    help = ""
    if refused is not None:
        help = f"the last error from an import: `{refused[0]}` returned {spelled(refused[1])}"
    return error(FAILED, message, place, help=help, file=file)


def ends_program(leaving: SystemExit) -> bool:
    """Whether the guest ended the program, by itself or through `wasi:cli/exit`. Backends cannot."""
    call = host_call(leaving)
    return call is None or call.startswith("wasi:cli/exit@")


def spelled(value: Any) -> str:
    """An error as WIT names it: `key-not-found: tea`."""
    kind = type(value).__name__
    if kind in ("str", "int", "NoneType"):
        return repr(value)
    case = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind.rpartition("_")[2]).lower()
    payload = getattr(value, "value", None)
    return f"`{case}`" if payload is None else f"`{case}`: {payload}"


def explained(needs: Mapping[str, Front], connections: Connections, file: str) -> Replacing:
    """Turn exceptions of a backend, except errors of its interface, into a diagnostic with its origin (WIT0809).

    This includes `SystemExit`, because a backend cannot end the program. `wasi:cli/exit` is not a backend, and can.
    """

    def other(problem: BaseException) -> WitkitError | None:
        if isinstance(problem, WitkitError):
            return _with_blame(problem, needs, connections)
        if isinstance(problem, abi.Err | KeyboardInterrupt | Terminated | MissingImport):
            return None
        call = host_call(problem)
        if call is None or (isinstance(problem, SystemExit) and ends_program(problem)):
            return None
        # An exception of a plug-in may hold secrets: show no more than what `described` returns.
        return WitkitError([_backend_failed(problem, call, needs, connections, file)])

    return Replacing(other)


def _with_blame(refused: WitkitError, needs: Mapping[str, Front], connections: Connections) -> WitkitError:
    """The same error. If a plug-in caused it with a wrong result for an import, its help has the plug-in's origin."""
    if not any(connections.blame.values()):
        return refused
    return WitkitError(_blamed(said, needs, connections) for said in refused.diagnostics)


def _blamed(said: Diagnostic, needs: Mapping[str, Front], connections: Connections) -> Diagnostic:
    about = (
        need.capability for name, need in needs.items() if f"`{name}`" in said.message or f"`{name}#" in said.message
    )
    blame = next((blame for capability in about if (blame := connections.blame.get(capability))), "")
    return replace(said, help=f"its backend returned something wrong: {blame}") if blame else said


def _backend_failed(
    problem: BaseException, call: str, needs: Mapping[str, Front], connections: Connections, file: str
) -> Diagnostic:
    imported, _, function = call.partition("#")
    front = needs.get(imported)
    what = f"the backend for {front.capability}" if front else f"the implementation of `{imported}`"
    message = f"{what} failed in `{function or imported}`: {described(problem)}"
    blame = connections.blame.get(front.capability, "") if front else ""
    place = None if front else _place(problem)
    return error(BACKEND_FAILED, message, place, help=blame, file=file)


def _place(problem: BaseException) -> Span | None:
    """The innermost line in the traceback of an exception that is neither witkit's nor a library's."""
    frames = [Path(frame.filename) for frame in traceback.extract_tb(problem.__traceback__)]
    numbers = [frame.lineno or 1 for frame in traceback.extract_tb(problem.__traceback__)]
    own = [(file, number) for file, number in zip(frames, numbers, strict=True) if _is_users(file)]
    from witkit.componentize.modules import line  # Only failures need it, and every run would wait for its import.

    return line(*own[-1]) if own else None


def _is_users(file: Path) -> bool:
    libraries = (_WITKIT, Path(sysconfig.get_path("stdlib")))
    return file.is_file() and "site-packages" not in file.parts and not any(map(file.is_relative_to, libraries))
