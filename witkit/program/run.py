"""`witkit run` as library calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from witkit import abi
from witkit.backends.fronts.table import Front
from witkit.runtime import Instance, Reason, Trap, UntypedComponent
from witkit.text import WitkitError

from . import exported, preflight
from .connected import Connected, connected, loaded, needed
from .deadline import LATE, deadline
from .failures import failed
from .preflight import Asked
from .settings import RunSettings
from .stopped import late
from .values import to_json
from .within import Within, serving


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of an invoked function, as JSON. `failed` means that it is the error of a `result`."""

    failed: bool
    value: Any
    empty: bool = False


def run(path: Path, arguments: Sequence[str] = (), settings: RunSettings | None = None) -> int:
    """Run the component in a file as a program and return its exit code.

    Raises WitkitError if the file is not a component, it does not export `wasi:cli/run`, imports have no backend (all
    are listed), a backend cannot be opened or fails, or the guest traps or returns an error.
    """
    chosen = settings or RunSettings()
    asked = Asked()
    component = loaded(path, chosen, asked)
    needs = preflight.require(component, needed(component), chosen, asked)
    export = asked.of(component)
    with _instance(component, needs, chosen, [path.name, *arguments]) as instance:
        try:
            with _timed(chosen, component):
                instance.function(export.interface, export.func.name)()
        except abi.Err:
            raise WitkitError([failed(instance.refused, component.name, function=export.func.name)]) from None
        except Trap as trap:
            if trap.reason is Reason.EXIT and trap.code is not None:
                return trap.code
            raise
        if chosen.servers is not None:
            chosen.servers.wait(chosen.ending)
    return 0


def invoke(path: Path, name: str, arguments: Sequence[str] = (), settings: RunSettings | None = None) -> Answer:
    """Call an exported function with arguments in JSON (see `witkit.program.values`).

    Raises WitkitError as `run` does, and if there is no such function or the arguments do not fit.
    """
    chosen = settings or RunSettings()
    asked = Asked(name, arguments)
    component = loaded(path, chosen, asked)
    needs = preflight.require(component, needed(component), chosen, asked)
    export = asked.of(component)
    values = exported.arguments(export, arguments, component.name)
    with _instance(component, needs, chosen, [path.name]) as instance:
        function = instance.function(export.interface or None, export.func.name)
        result = export.func.result
        sides = result if isinstance(result, abi.Result) else abi.Result(result, None)
        try:
            with _timed(chosen, component):
                returned = function(*values)
            return answer(sides.ok, returned, failed=False)
        except abi.Err as refused:
            return answer(sides.err, refused.value, failed=True)


@contextmanager
def _instance(
    component: UntypedComponent, needs: Mapping[str, Front], settings: RunSettings, argv: Sequence[str]
) -> Iterator[Instance]:
    """An instance whose imports are connected. A trap becomes a WitkitError."""
    within = Within(component.exports)
    settings = replace(settings, callee=within)
    with (
        connected(component, needs, settings, argv) as made,
        made.diagnosed(),
        serving(settings.servers, made, settings.spans),
        made.instance() as instance,
    ):
        within.ready(partial(_called, made))
        yield instance


@contextmanager
def _called(made: Connected, interface: str, func: abi.Func) -> Iterator[Callable[..., Any]]:
    """An export of a new instance."""
    with made.instance() as instance:
        yield instance.described(interface, func)


def _timed(settings: RunSettings, component: UntypedComponent) -> AbstractContextManager[None]:
    """Ends a call that waits longer than the timeout outside the guest, where the engine cannot stop it."""
    if settings.limits.timeout is None:
        return nullcontext()
    return deadline(settings.limits.timeout + LATE, late(component.name, settings.limits), settings.ending)


def answer(type: abi.Type | None, value: Any, *, failed: bool) -> Answer:
    """A function's value as JSON."""
    return Answer(failed, None if type is None else to_json(type, value), empty=type is None)
