"""A program that fails, and a backend that fails under it: what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from witkit import abi
from witkit.abi.calls import host_call
from witkit.backends.connect import Connections
from witkit.backends.leaving import Terminated
from witkit.backends.plugins import told
from witkit.backends.table import Capability
from witkit.text import Diagnostic, Span, WitkitError, error

FAILED: Final = "WIT0808"
BACKEND_FAILED: Final = "WIT0809"


def failed(refused: tuple[str, Any] | None, file: str, place: Span | None = None, raised: str = "") -> Diagnostic:
    """What is said of a program whose `run` answered with an error.

    `refused` is the last error that an import gave it: the function's name and the value. `raised` is the error that
    it raised, and `place` where, if that is known.
    """
    message = "the program failed: its `run` " + (f"raised {raised}" if raised else "answered with an error")
    help = ""
    if refused is not None:
        help = f"the last error that it got from an import: `{refused[0]}` answered {spelled(refused[1])}"
    return error(FAILED, message, place, help=help, file=file)


def ends_program(leaving: SystemExit) -> bool:
    """Whether the guest ended the program, by itself or through `wasi:cli/exit`; a backend cannot."""
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


@contextmanager
def explained(needs: Mapping[str, Capability], connections: Connections, file: str) -> Iterator[None]:
    """What a backend raises, except errors of its interface, as a diagnostic that says whose it is (WIT0809).

    `SystemExit` is among it: a backend cannot end the program. `exit` of WASI, which is not a backend, can.
    """
    try:
        yield
    except WitkitError as refused:
        raise _with_blame(refused, needs, connections) from None
    except (abi.Err, KeyboardInterrupt, Terminated):
        raise
    except BaseException as problem:
        call = host_call(problem)
        if call is None or (isinstance(problem, SystemExit) and ends_program(problem)):
            raise
        # What a plug-in raises may hold secrets: nobody is shown more of it than `told` gives.
        raise WitkitError([_backend_failed(problem, call, needs, connections, file)]) from None


def _with_blame(refused: WitkitError, needs: Mapping[str, Capability], connections: Connections) -> WitkitError:
    """The same error. If it is about an import that a plug-in answers wrongly, its help says whose plug-in it is."""
    if not any(connections.blame.values()):
        return refused
    return WitkitError(_blamed(said, needs, connections) for said in refused.diagnostics)


def _blamed(said: Diagnostic, needs: Mapping[str, Capability], connections: Connections) -> Diagnostic:
    about = (need.name for name, need in needs.items() if f"`{name}`" in said.message or f"`{name}#" in said.message)
    blame = next((blame for capability in about if (blame := connections.blame.get(capability))), "")
    return replace(said, help=f"the backend for it answers wrongly: {blame}") if blame else said


def _backend_failed(
    problem: BaseException, call: str, needs: Mapping[str, Capability], connections: Connections, file: str
) -> Diagnostic:
    imported, _, function = call.partition("#")
    capability = needs.get(imported)
    what = f"the backend for {capability.name}" if capability else f"what answers `{imported}`"
    message = f"{what} failed in `{function}`: {told(problem)}"
    blame = connections.blame.get(capability.name, "") if capability else ""
    return error(BACKEND_FAILED, message, help=blame, file=file)
