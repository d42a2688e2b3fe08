"""`witkit run` as library calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from witkit import abi
from witkit.backends.connect import Connections
from witkit.backends.fronts.table import Front
from witkit.runtime import (
    Component,
    Instance,
    Limits,
    MissingImport,
    Provided,
    Reason,
    Trap,
    UntypedComponent,
    default_engine,
)
from witkit.runtime.wasi import provides
from witkit.text import Diagnostic, WitkitError, error

from . import exported, preflight
from .failures import explained, failed
from .preflight import Asked
from .providers import chosen
from .providing import providing
from .settings import RunSettings, announce_locations
from .stubs import import_names, stubbed
from .values import to_json

STOPPED = "WIT0804"
FRAMES = 8
"""The most frames of a backtrace that are shown."""

_LIMITED = {Reason.TIMEOUT: "timeout", Reason.MEMORY: "memory", Reason.FUEL: "fuel"}
_UNITS = {"timeout": " seconds", "memory": " bytes", "fuel": ""}

_PANIC = re.compile(r"abort|panic|__rust|rust_|(<?)(std|core|alloc)::")


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
    component = _loaded(path, chosen, asked)
    needs = preflight.require(component, needed(component), chosen, asked)
    export = asked.of(component)
    with _connected(component, needs, chosen, [path.name, *arguments]) as instance:
        try:
            instance.function(export.interface, export.func.name)()
        except abi.Err:
            raise WitkitError([failed(instance.refused, component.name)]) from None
        except Trap as trap:
            if trap.reason is Reason.EXIT and trap.code is not None:
                return trap.code
            raise
    return 0


def invoke(path: Path, name: str, arguments: Sequence[str] = (), settings: RunSettings | None = None) -> Answer:
    """Call an exported function with arguments in JSON (see `witkit.program.values`).

    Raises WitkitError as `run` does, and if there is no such function or the arguments do not fit.
    """
    chosen = settings or RunSettings()
    asked = Asked(name, arguments)
    component = _loaded(path, chosen, asked)
    needs = preflight.require(component, needed(component), chosen, asked)
    export = asked.of(component)
    values = exported.arguments(export, arguments, component.name)
    with _connected(component, needs, chosen, [path.name]) as instance:
        function = instance.function(export.interface or None, export.func.name)
        result = export.func.result
        sides = result if isinstance(result, abi.Result) else abi.Result(result, None)
        try:
            return answer(sides.ok, function(*values), failed=False)
        except abi.Err as refused:
            return answer(sides.err, refused.value, failed=True)


def _loaded(path: Path, settings: RunSettings, asked: Asked) -> UntypedComponent:
    """Compile the component in a file. Raises WitkitError, if possible before compiling."""
    engine = settings.engine or default_engine()
    preflight.check(path, engine, settings, asked)
    return engine.load(path)


def needed(component: Component) -> dict[str, str]:
    """The imports that need a backend, with their interfaces.

    Without WASI, which the runtime provides, and interfaces with only types or resources of other interfaces.
    """
    functions = {func.name for func in component.interface("", imported=True).functions}
    known = set[abi.Resource]()
    found = {}
    for name in component.imports:
        if name not in functions:
            interface = component.interface(name, imported=True)
            own = set(interface.resources) - known
            known |= own
            if not (interface.functions or own):
                continue
        if not provides(name):
            found[name] = component.labels.get(name, name)
    return found


@contextmanager
def _connected(
    component: UntypedComponent, needs: Mapping[str, Front], settings: RunSettings, argv: Sequence[str]
) -> Iterator[Instance]:
    """An instance whose imports are connected. A trap becomes a WitkitError."""
    left_out = stubbed(import_names(component), settings.optional)
    wanted = {name: each for name, each in needed(component).items() if name not in left_out}
    wasi = settings.grants.wasi(exported.texts(argv))
    with Connections(needs, settings.effective) as connections:
        announce_locations(settings, connections.locations)
        observe = settings.observe
        provided = [
            replace(_provided(name, front, component, connections), observe=observe) for name, front in needs.items()
        ]
        try:
            with (
                settings.ending.closing(connections.close),
                explained(needs, connections, component.name),
                providing(component, chosen(settings.providers, wanted)) as given,
                component.instantiate(
                    [*provided, *(replace(each, observe=observe) for each in given)],
                    wasi=wasi,
                    limits=settings.limits,
                    optional=left_out,
                ) as instance,
            ):
                yield instance
        except MissingImport as missing:
            raise WitkitError([error(STOPPED, str(missing), file=component.name)]) from None
        except Trap as trap:
            raise WitkitError([_stopped(trap, component.name, settings.limits)]) from None


def _provided(name: str, front: Front, component: UntypedComponent, connections: Connections) -> Provided:
    """What the import of this name gets."""
    labelled = component.labels.get(name)
    description = front.described(labelled or name)
    return Provided(description, connections.implementations[name], label=name if labelled else None)


def answer(type: abi.Type | None, value: Any, *, failed: bool) -> Answer:
    """A function's value as JSON."""
    return Answer(failed, None if type is None else to_json(type, value), empty=type is None)


def _stopped(trap: Trap, component: str, limits: Limits) -> Diagnostic:
    limit = _LIMITED.get(trap.reason)
    if limit is not None and (bound := getattr(limits, limit)) is not None:
        option = "" if limit == "fuel" else f" or `--{limit}`"
        help = f"`{limit}` in [limits]{option} sets the limit; it is {bound:,}{_UNITS[limit]}"
        return error(STOPPED, str(trap.args[0]), help=help, file=component)
    if trap.traceback:
        return error(
            STOPPED, str(trap.args[0]), help="\n".join(["the guest's traceback:", trap.traceback]), file=component
        )
    frames = _relevant_frames(trap.backtrace)
    if len(frames) > FRAMES:
        frames = [*frames[:FRAMES], f"… {len(frames) - FRAMES} more"]
    help = "\n".join(["the guest was in (innermost first):", *frames]) if frames else ""
    return error(STOPPED, str(trap.args[0]), help=help, file=component)


def _relevant_frames(backtrace: Sequence[str]) -> list[str]:
    """The frames of the guest, without those of the panic itself, which come first."""
    frames = [_frame(frame) for frame in backtrace]
    first = next((number for number, frame in enumerate(frames) if not _PANIC.match(frame)), 0)
    return frames[first:]


def _frame(frame: str) -> str:
    """A frame without the name of its module."""
    module, mark, function = frame.partition("!")
    return function if mark else module
