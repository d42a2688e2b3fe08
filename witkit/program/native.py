"""`witkit run app.py`: run a guest with this Python, with the same backends for the same imports."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final

from witkit import abi
from witkit._leaving import NEEDS_READER, Terminated
from witkit.abi.calls import host_call
from witkit.abi.versions import compatible
from witkit.backends.connect import UNMET, Connections, matched
from witkit.backends.fronts.table import Front
from witkit.componentize import BuildConfig, load_config
from witkit.componentize.modules import line, module_file, parse
from witkit.componentize.preflight import check
from witkit.componentize.projects import project_of
from witkit.componentize.reading import read_guest
from witkit.componentize.target import build_target
from witkit.componentize.underlay import write_bindings
from witkit.componentize.uses import closed_uses
from witkit.interpreter import library
from witkit.ir import model
from witkit.native import Binding, Guest, WouldTrap, bound, generated
from witkit.native.calls import CodeRunning
from witkit.native.errors import LeftOut, Unbound
from witkit.native.replaced import replaced
from witkit.runtime.wasi import Wasi, provides
from witkit.text import Diagnostic, Severity, Span, WitkitError, error
from witkit.text.bytecode import damaged
from witkit.wasi import Machine

from . import exported
from .deadline import deadline, is_possible
from .ending import Ending
from .failures import ends_program, explained, failed, spelled
from .machine import as_program, is_unread
from .preflight import Asked, WantedExports, examined, miswritten, raised, unfit, unusable
from .providers import chosen, unused
from .providing import implementations, providing
from .replacing import Replacing
from .run import Answer, answer
from .settings import RunSettings, announce_locations
from .stopped import set_by
from .stubs import outside, stubbed, unknown
from .temporary import temporary_folder
from .within import Within, described, serving

STOPPED: Final = "WIT0806"
NO_GUEST: Final = "WIT0807"

_TRACKS: Final = ("0.2", "0.3")
"""The versions of WASI whose programs can run."""


def run_native(path: Path, arguments: Sequence[str] = (), settings: RunSettings | None = None) -> int:
    """Run the guest in the module `path` as a program and return its exit code.

    The settings of its project (see `_project_folder`) say where the interface is. Its bindings are generated for this
    run. Raises WitkitError if the project is wrong, an import has no backend, or a component would trap.
    """
    used = settings or RunSettings()
    with read_project(path, used) as project:
        export = exported.program(project.program, _TRACKS)
        with _connected(project, arguments, used) as guest:
            try:
                _call(guest, project, export, (), used.ending)
            except abi.Err as refused:
                raise WitkitError([_failed(refused, guest, path, export.func.name)]) from None
            except Terminated:
                raise
            except SystemExit as leaving:
                if not ends_program(leaving):
                    raise
                return _exit_code(leaving)
            if used.servers is not None:
                used.servers.wait(used.ending)
    return 0


def check_native(path: Path, settings: RunSettings, asked: Asked) -> list[Diagnostic]:
    """Everything that prevents a guest from running, without running it. Imports without a backend are notes,
    because a guest under CPython only stops when it calls one. Raises WitkitError for what prevents a build.
    """
    with read_project(path, settings) as project:
        needs, found = examined(project.program, _needed(project.world), settings, asked, _TRACKS)
        found = [replace(said, severity=Severity.NOTE) if said.code == UNMET else said for said in found]
        return [*found, *unusable(needs, settings), *project.warnings]


def invoke_native(path: Path, name: str, arguments: Sequence[str] = (), settings: RunSettings | None = None) -> Answer:
    """Call an exported function of a guest with arguments in JSON, as `witkit.program.run.invoke` does."""
    used = settings or RunSettings()
    with read_project(path, used) as project:
        export = exported.named(project.program, name)
        values = exported.arguments(export, arguments, project.program.name)
        result = export.func.result
        sides = result if isinstance(result, abi.Result) else abi.Result(result, None)
        with _connected(project, (), used) as guest:
            try:
                return answer(sides.ok, _call(guest, project, export, values, used.ending), failed=False)
            except abi.Err as refused:
                return answer(sides.err, refused.value, failed=True)
            except Terminated:
                raise
            except SystemExit as leaving:
                if not ends_program(leaving):
                    raise
                message = f"`{export.func.name}` ended the program with exit code {_exit_code(leaving)}"
                raise WitkitError([error(STOPPED, message, file=str(path))]) from None


def _exit_code(leaving: SystemExit) -> int:
    """0 or 1, because WASI 0.2 has only success and failure. Prints a code that is a string, as Python does."""
    if leaving.code is not None and not isinstance(leaving.code, int):
        print(leaving.code, file=sys.stderr)
    return int(leaving.code not in (None, 0))


class Program:
    """A guest's exports by name, as those of a component."""

    def __init__(
        self, name: str, world: abi.World, classes: Mapping[str, tuple[str, str]], resolved: model.World
    ) -> None:
        self.name, self.world = name, resolved
        self.classes = classes
        self._own = abi.Interface("", world.export_functions)
        own = abi.Interface("", world.import_functions)
        self._imports = {"": own, **{each.interface.name: each.interface for each in world.imports}}
        self._interfaces = {interface.name: interface for interface in world.exports}

    @property
    def exports(self) -> list[str]:
        return [*self._interfaces, *(func.name for func in self._own.functions)]

    def interface(self, name: str) -> abi.Interface:
        return self._interfaces[name] if name else self._own

    def function(self, interface: str, name: str) -> abi.Func:
        """An exported function. Raises StopIteration if there is none."""
        return next(func for func in self.interface(interface).functions if func.name == name)

    def owner(self, guest: Guest, interface: str) -> Any:
        """What has the functions of an exported interface, "" for those of the world."""
        return getattr(guest, self.classes[interface][0]) if interface else guest

    @property
    def imports(self) -> list[str]:
        return [*filter(None, self._imports), *(func.name for func in self._imports[""].functions)]

    def imported(self, name: str) -> abi.Interface:
        return self._imports[name]


@dataclass(frozen=True, slots=True)
class Project:
    """A guest before its imports are connected. `warnings` are about what would fail in a component."""

    path: Path
    app: str
    module: str
    program: Program
    needs: Mapping[str, Front]
    folders: Sequence[Path]
    warnings: Sequence[Diagnostic]
    world: abi.World
    timeout: float | None = None


@contextmanager
def read_project(path: Path, settings: RunSettings) -> Iterator[Project]:
    """Load the guest with newly generated bindings. Restores the module path afterwards."""
    if not path.is_file():
        help = "check the path for a typing mistake"
        raise WitkitError([error(NO_GUEST, f"there is no file `{path}`", help=help, file=str(path))])
    config = _config(path)
    folders = [config.root / folder for folder in config.paths]
    target = build_target(config)
    check(target)
    with temporary_folder("witkit-run-", settings.ending) as bindings, _searching(str(bindings), folders):
        module = target.config.world_module
        with replaced(write_bindings(target, bindings)):
            made = generated(module)
            world: abi.World = made.WORLD
            program = Program(str(path), world, made.EXPORTS, target.world)
            # An import without a backend is not an error until the guest calls it; `_stopped` explains the call.
            wanted = _wanted(program, world, settings)
            provided = chosen(settings.providers, wanted)
            needs, _ = matched({name: name for name in wanted if name not in provided}, str(path))
            warnings = list(closed_uses(target.config, read_guest(target.config, target.world)))
            yield Project(path, config.app, module, program, needs, folders, warnings, world, settings.limits.timeout)


@dataclass(frozen=True, slots=True)
class Hosted:
    """A guest's project with its connected imports."""

    project: Project
    connections: Connections
    _implementations: Mapping[str, Any]
    _machine: Machine
    _observe: abi.Observer | None
    _left_out: Sequence[str]
    _before: frozenset[str]
    """What the program that opens the guest has imported. One of these modules may be beside the guest: `asgi.py`."""

    @contextmanager
    def guest(self, host: abi.World | None = None) -> Iterator[Guest]:
        """The guest, imported again. `host` has the classes of exports' values, see `Guest`."""
        hosts = {name: front.described(name) for name, front in self.project.needs.items()}
        with bound(self._implementations, hosts, self._machine, self._observe, self._left_out) as binding:
            with explained_guest(self.project.path), CodeRunning(guest=True):
                guest = _imported(self.project, binding, host, self._before)
            yield guest

    def explained(self) -> Replacing:
        """Raise WitkitError for what a backend or a provider does wrong while the guest runs."""
        return explained(self.project.needs, self.connections, str(self.project.path))


@contextmanager
def _connected(project: Project, arguments: Sequence[str], settings: RunSettings) -> Iterator[Guest]:
    """The guest with its connected imports."""
    within = Within(project.program.exports)
    settings = replace(settings, callee=within)
    with hosted(project, arguments, settings) as host, host.explained(), host.guest() as guest:
        within.ready(partial(_called, host, Lock()))
        with serving(settings.servers, host, settings.spans):
            yield guest


@contextmanager
def _called(host: Hosted, turn: Lock, interface: str, func: abi.Func) -> Iterator[Callable[..., Any]]:
    """An export of the guest, imported again: one at a time, because its modules are those of this process."""
    program = host.project.program
    types = tuple(each for each in described() if compatible(each.name, interface))
    with turn, host.guest(abi.World("", exports=types)) as guest, explained_guest(host.project.path):
        yield getattr(program.owner(guest, interface), func.attr)


@contextmanager
def hosted(
    project: Project, arguments: Sequence[str], settings: RunSettings, wanted: WantedExports | None = None
) -> Iterator[Hosted]:
    """Connect the guest's imports. Restores `sys.argv` and `os.environ` afterwards."""
    before = frozenset(sys.modules)
    provided = chosen(settings.providers, _wanted(project.program, project.world, settings))
    names = project.program.imports
    found = unused(settings.providers, _needed(project.world))
    found += [*unknown(names, settings.optional, str(project.path)), *outside(project.program, settings.profile)]
    if wanted is not None:
        found += raised(lambda: wanted.of(project.program, _TRACKS))
    if problems := [
        *settings.problems,
        *miswritten(project.needs, settings),
        *found,
        *unfit(project.program, provided),
        *settings.grants.problems(),
    ]:
        raise WitkitError([*problems, *unusable(project.needs, settings)])
    variables = settings.grants.variables()
    with Connections(project.needs, settings.effective, settings.callee, settings.more) as connections:
        announce_locations(settings, connections.locations)
        _announce_without_effect(settings)
        for warning in project.warnings:
            settings.announce(f"{_shown_place(warning)}{warning.message}")
        argv = [project.path.name, *arguments]
        with (
            settings.ending.closing(connections.close),
            providing(project.program, provided) as given,
            as_program(argv, variables),
            Machine(Wasi.inherit(args=argv, env=variables)) as machine,
        ):
            implemented = {**connections.implementations, **implementations(given)}
            left_out = stubbed(names, settings.optional)
            yield Hosted(project, connections, implemented, machine, settings.observe, left_out, before)


def _wanted(program: Program, world: abi.World, settings: RunSettings) -> dict[str, str]:
    """The imports that need a backend or a provider: not those that are left out."""
    left_out = stubbed(program.imports, settings.optional)
    return {name: each for name, each in _needed(world).items() if name not in left_out}


def _announce_without_effect(settings: RunSettings) -> None:
    """Announce the grants and limits that only a component has: this Python already has files and network."""
    limits = {name: value is not None for name, value in asdict(settings.limits).items()}
    # Calls of an application come from any thread, those of a program from this one.
    if isinstance(settings.callee, Within) and is_possible():
        limits["timeout"] = False
    given = {"dirs": bool(settings.grants.folders), "network": bool(settings.grants.network), **limits}
    if names := [f"`{name}`" for name, is_given in given.items() if is_given]:
        settings.announce(f"without effect for a guest under Python: {', '.join(names)}")


def _imported(project: Project, binding: Binding, host: abi.World | None, before: frozenset[str]) -> Guest:
    try:
        return Guest(project.app, binding, project.module, host, project.folders, before)
    except Terminated:
        raise
    except SystemExit as leaving:
        raise WouldTrap("it ends the program while it is imported; a build would fail") from leaving


def _config(path: Path) -> BuildConfig:
    """The configuration of the guest's build.

    If the project builds another file, the folder of this file comes before those with its modules.
    """
    config = load_config(_project_folder(path))
    built = module_file(config, config.app)
    if built is not None and built.resolve() == path.resolve():
        return config
    own = os.path.relpath(path.parent, config.root)
    return replace(config, app=path.stem, paths=tuple(dict.fromkeys([own, *config.paths])))


def _project_folder(path: Path) -> Path:
    """The folder of the guest's project, or else that of its file."""
    return project_of(path.parent)


def _needed(world: abi.World) -> dict[str, str]:
    """The imports that need a backend. Python itself provides WASI; interfaces with only types do not need one."""
    interfaces = [imported.interface for imported in world.imports]
    used = [interface.name for interface in interfaces if interface.functions or interface.resources]
    own = [func.name for func in world.import_functions]
    return {name: name for name in [*used, *own] if not provides(name)}


def _call(
    guest: Guest, project: Project, export: exported.ExportedFunction, values: Sequence[Any], ending: Ending
) -> Any:
    func = project.program.function(export.interface, export.func.name)
    help = "" if project.timeout is None else set_by("timeout", project.timeout)
    late = error(STOPPED, "the guest ran longer than its timeout", help=help, file=str(project.path))
    with explained_guest(project.path), deadline(project.timeout, late, ending):
        result = getattr(project.program.owner(guest, export.interface), func.attr)(*values)
        return asyncio.run(result) if func.is_async else result


def explained_guest(path: Path) -> Replacing:
    """The diagnostic for an exception that stopped a guest, at the guest's line.

    A syntax error in a module of the guest is reported as a build reports it.
    """

    def other(problem: BaseException) -> BaseException | None:
        if isinstance(problem, abi.Err | WitkitError | KeyboardInterrupt | SystemExit):
            return None
        if host_call(problem) is not None:
            return None  # it is the host's
        raised = problem.__cause__ if isinstance(problem, WouldTrap) else problem
        if NEEDS_READER.get() and isinstance(raised, BrokenPipeError) and is_unread(sys.stdout):
            return raised
        instead = WitkitError([_stopped(problem, path)])
        instead.__cause__ = problem
        return instead

    return Replacing(other)


def _stopped(problem: BaseException, path: Path) -> Diagnostic:
    if isinstance(problem, SyntaxError) and problem.filename:
        parse(Path(problem.filename))
        help = f"run witkit under Python {library().version}; `witkit build` works under this one, too"
        place = line(_shown(Path(problem.filename)), problem.lineno or 1)
        return error(STOPPED, f"the guest stopped: {problem.msg}", place, help=help, file=str(path))
    cause = problem.__cause__ if isinstance(problem, WouldTrap) and problem.__cause__ else problem
    what = str(problem) if isinstance(problem, WouldTrap) else f"{type(problem).__name__}: {problem}"
    what = damaged(problem) or what
    # The bindings are in a temporary folder, which means nothing to the author of the guest.
    what = re.sub(r" \(\S*witkit-run-\S*\)$", "", what)
    place = _place(cause, path)
    if place is None and isinstance(problem, WouldTrap) and (code := problem.function) is not None:
        place = line(_shown(Path(code.co_filename)), code.co_firstlineno)
    if isinstance(problem, LeftOut):
        return error(STOPPED, what, place, file=str(path))  # in the words of a component
    if isinstance(problem, Unbound) and problem.interface:
        unmet = matched({problem.interface: problem.interface}, str(path))[1]
        if unmet:
            return replace(unmet[0], primary=place)
    return error(STOPPED, f"the guest stopped: {what}", place, file=str(path))


def _failed(refused: abi.Err[Any], guest: Guest, path: Path, function: str) -> Diagnostic:
    """The diagnostic for a guest whose `run` raised `Err`, at its line."""
    cause = refused.__cause__ if isinstance(refused.__cause__, abi.Err) else refused
    place = _place(cause, path)
    return failed(guest._state.binding.refused, str(path), place, f"`Err` with {spelled(cause.value)}", function)


def _place(problem: BaseException, path: Path) -> Span | None:
    """The innermost line of the guest in the traceback of an exception."""
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if Path(frame.filename).is_file()]
    root = _project_folder(path).resolve()
    own = [frame for frame in frames if _is_own(Path(frame.filename).resolve(), root)]
    return line(_shown(Path(own[-1].filename)), own[-1].lineno or 1) if own else None


def _shown_place(warning: Diagnostic) -> str:
    place = warning.primary
    return f"{place.source.name}:{place.source.position(place.start)[0]}: " if place else ""


def _is_own(file: Path, root: Path) -> bool:
    """Whether a file belongs to the project. A virtual environment in its folder does not."""
    return file.is_relative_to(root) and "site-packages" not in file.parts


def _shown(file: Path) -> Path:
    """The name of the file in messages."""
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file


@contextmanager
def _searching(bindings: str, folders: Sequence[Path]) -> Iterator[None]:
    """Add these folders to the module path. Modules from there are removed from `sys.modules` afterwards.

    The guest's own folders come last, except while the guest is imported, because witkit and its dependencies may still
    import modules.
    """
    before, known = list(sys.path), set(sys.modules)
    own = [os.path.abspath(folder) for folder in folders]  # noqa: PTH100 - `resolve` would follow links
    sys.path[:] = [bindings, *before, *own]
    try:
        yield
    finally:
        sys.path[:] = before
        for name in set(sys.modules) - known:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if any(Path(file).is_relative_to(folder) for folder in (bindings, *own)):
                del sys.modules[name]
