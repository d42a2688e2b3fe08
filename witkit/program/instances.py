"""Where a pool's instances come from: a component, or a guest under CPython."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from witkit import abi
from witkit.abi.versions import find
from witkit.backends.selector import Selector
from witkit.native import Guest
from witkit.runtime import Engine, Reason, Trap
from witkit.text import WitkitError, error

from . import native, preflight
from .connected import Connected, connected, loaded, needed
from .exported import Exporting
from .failures import ends_program
from .pool import CalledInstance, PoolSettings
from .preflight import WantedExports
from .replacing import Replacing
from .settings import RunSettings
from .stopped import Stopped, stopped


class Caller(WantedExports, Protocol):
    """What those who call a guest need: of its exports, and of its host."""

    def described(self, exporting: Exporting) -> Iterable[abi.Interface]:
        """The types of exports whose values have the classes of a generated host package."""

    def capabilities(self, exporting: Exporting) -> Iterable[str]:
        """The capabilities that are opened even if the guest does not import them."""


@dataclass(frozen=True, slots=True)
class OpenedGuest:
    """An opened guest: its exports, its backends, and how its instances are made and interrupted."""

    exporting: Exporting
    selectors: Mapping[str, Selector[Any]]
    make: Callable[[], CalledInstance]
    settings: PoolSettings
    interrupt: Callable[[], object] = lambda: None

    @property
    def path(self) -> Path:
        """The file of the guest."""
        return Path(self.exporting.name)


@contextmanager
def of_component(path: Path, settings: RunSettings, pool: PoolSettings, caller: Caller) -> Iterator[OpenedGuest]:
    """Connect a component. Raises WitkitError with everything that prevents calls."""
    engine = settings.engine or Engine()
    component = loaded(path, replace(settings, engine=engine), caller)
    settings = replace(settings, engine=engine, more=tuple(caller.capabilities(component)))
    needs = preflight.require(component, needed(component), settings, caller)
    with connected(component, needs, settings, [path.name]) as made:
        types = {interface.name: interface for interface in caller.described(component)}
        with made.diagnosed():
            made.instance().close()  # A guest that cannot start is reported now, not to the first caller.
        yield OpenedGuest(
            component, made.connections.selectors, lambda: _OfComponent(made, types), pool, engine.interrupt
        )


class _OfComponent:
    """An instance of a component."""

    def __init__(self, made: Connected, types: dict[str, abi.Interface]) -> None:
        self._made, self._types, self._explained = made, types, made.explained()
        self._functions: dict[tuple[str | None, str], Callable[..., Any]] = {}
        try:
            with self._explained:
                self._instance = made.instance()
        except Trap as trap:
            raise self._stopped(trap, "") from trap

    def call(self, interface: str | None, function: str, *values: Any) -> Any:
        try:
            try:
                target = self._functions.get((interface, function)) or self._found(interface, function)
                answer = target(*values)
                return _awaited(answer) if hasattr(type(answer), "__await__") else answer
            except BaseException:
                with self._explained:  # entered here, because most calls do not fail
                    raise
        except Trap as trap:
            raise self._stopped(trap, function) from trap

    def close(self) -> None:
        self._instance.close()

    def _found(self, interface: str | None, function: str) -> Callable[..., Any]:
        target = self._functions[interface, function] = self._bound(interface, function)
        return target

    def _bound(self, interface: str | None, function: str) -> Callable[..., Any]:
        described = find(interface, list(filter(None, self._types))) if interface else ""
        for func in self._types[described].functions if described in self._types else ():
            if func.name == function:
                return self._instance.described(interface, func)
        return self._instance.function(interface, function)

    def _stopped(self, trap: Trap, function: str) -> Stopped:
        said = stopped(trap, self._made.component.name, self._made.settings.limits)
        return Stopped(said, trap.reason, function)


@contextmanager
def of_native(path: Path, settings: RunSettings, pool: PoolSettings, caller: Caller) -> Iterator[OpenedGuest]:
    """Connect a guest under CPython. It has one instance at a time, because its modules are those of this process."""
    if pool.size != 1 and pool != PoolSettings():
        settings.announce("a guest under Python has one instance at a time: `size` is 1")
    with ExitStack() as stack:
        project = stack.enter_context(native.read_project(path, settings))
        settings = replace(settings, more=tuple(caller.capabilities(project.program)))
        host = stack.enter_context(native.hosted(project, (), settings, caller))
        interfaces = tuple(caller.described(project.program))
        own = next((each.functions for each in interfaces if not each.name), ())
        types = abi.World("", exports=tuple(filter(lambda each: each.name, interfaces)), export_functions=own)
        with host.explained(), host.guest(types):
            pass  # A guest that cannot be imported is reported now, not to the first caller.
        yield OpenedGuest(
            project.program, host.connections.selectors, lambda: _OfNative(host, types), replace(pool, size=1)
        )


class _OfNative:
    """A guest under CPython, with modules of its own."""

    def __init__(self, host: native.Hosted, types: abi.World) -> None:
        self._host, self._stack = host, ExitStack()
        with self._stopping(""), host.explained():
            self._guest: Guest = self._stack.enter_context(host.guest(types))

    def call(self, interface: str | None, function: str, *values: Any) -> Any:
        program = self._host.project.program
        with self._stopping(function), self._host.explained(), native.explained_guest(self._host.project.path):
            func = program.function(interface or "", function)
            return _awaited(getattr(program.owner(self._guest, interface or ""), func.attr)(*values))

    def close(self) -> None:
        self._stack.close()

    def _stopping(self, function: str) -> Replacing:
        return Replacing(partial(_native_stop, str(self._host.project.path), function))


def _native_stop(path: str, function: str, problem: BaseException) -> Stopped | None:
    """What is raised for a guest that stopped in a function, or ended the program."""
    if isinstance(problem, WitkitError) and problem.diagnostics[0].code == native.STOPPED:
        raised = Stopped(problem.diagnostics[0], Reason.OTHER, function)
    elif isinstance(problem, SystemExit) and ends_program(problem):
        said = error(native.STOPPED, f"`{function}` ended the program", file=path)
        raised = Stopped(said, Reason.EXIT, function)
    else:
        return None
    raised.__cause__ = problem
    return raised


def of_host(host: Connected | native.Hosted, pool: PoolSettings, timeout: float) -> OpenedGuest:
    """More instances of a program that runs. Their calls have the program's time limit, else `timeout` seconds."""
    if isinstance(host, native.Hosted):
        program, types = host.project.program, abi.World("")
        return OpenedGuest(program, host.connections.selectors, lambda: _OfNative(host, types), replace(pool, size=1))
    settings = host.settings
    if settings.limits.timeout is None:
        settings = replace(settings, limits=replace(settings.limits, timeout=timeout))
    made, engine = replace(host, settings=settings), settings.engine
    interrupt = engine.interrupt if engine is not None else lambda: None
    return OpenedGuest(host.component, host.connections.selectors, lambda: _OfComponent(made, {}), pool, interrupt)


def _awaited(answer: Any) -> Any:
    """The answer of a function, also of an `async` one."""

    async def wait() -> Any:
        return await answer

    return asyncio.run(wait()) if hasattr(type(answer), "__await__") else answer
