"""Guest code under CPython: bind its imports to Python objects, then call it, or its exports as a host would.

    with witkit.guest.bind(keyvalue="memory") as host:
        guest = host.load("app")
        assert guest.place("tea", 2).number == 1

The guest's bindings (`witkit gen guest`) and its own modules must be importable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeVar, overload

from witkit import abi
from witkit.backends.connect import Choice
from witkit.native import Binding, Guest, WouldTrap, bound, generated
from witkit.native.modules import folder_of
from witkit.program.imports import Backends, NamedImport, by_argument
from witkit.program.project import guest_folders, read_configuration
from witkit.program.sdks import connect_sdks
from witkit.runtime.wasi import Wasi
from witkit.text import WitkitError, error
from witkit.wasi import Machine

__all__ = ["Bound", "Choice", "Guest", "WouldTrap", "bind"]

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

W = TypeVar("W")

WORLD_MODULE: Final = "wit_world"
NO_BINDINGS: Final = "WIT0820"
NO_APP: Final = "WIT0823"


@dataclass(frozen=True, slots=True)
class Bound:
    """A world whose imports are connected; `binding` has the handles that the guest holds."""

    binding: Binding
    world_module: str

    @overload
    def load(self, app: ModuleType | str, host: type[W]) -> W: ...

    @overload
    def load(self, app: ModuleType | str, host: abi.World | None = None) -> Guest: ...

    def load(self, app: ModuleType | str, host: type[Any] | abi.World | None = None) -> Any:
        """The guest's exports, with every value checked as wasm checks it.

        `app` is the guest's module. By its name it is imported again, with the other modules of the guest, as every
        instance of a component has its own; they come before those that are installed. A module that is given is used
        as it is, with what a test has changed in it.

        `host` is how the exports are seen. `Guest` of the bindings' module `wit_world_guest` lets type checkers know
        them. With the world's class of the generated host package, values come and go in that package's classes, too:
        the same test then serves the guest and the component. Its `WORLD` does the same without the types.

        Raises `WitkitError` if there is no such module (WIT0823), `WouldTrap` for a guest that lacks an export.
        """
        world: abi.World | None = getattr(host, "_world", None) if isinstance(host, type) else host
        if world is not None:
            self.binding.hosts.update({given.interface.name: given.interface for given in world.imports})
        try:
            return Guest(app, self.binding, self.world_module, world, _folders(app))
        except ModuleNotFoundError as missing:
            if missing.name != app:
                raise
            help = "put its folder on the path: `pythonpath` of `[tool.pytest.ini_options]`, or PYTHONPATH"
            raise WitkitError([error(NO_APP, f"there is no module `{app}`", help=help)]) from None


def _folders(app: ModuleType | str) -> list[Path]:
    """The folders of the modules that are imported again with the guest's."""
    folder = folder_of(app) if isinstance(app, str) else None
    return guest_folders(folder) if folder else []


@contextmanager
def bind(
    world_module: str = WORLD_MODULE, config: str | Path | None = None, /, **implementations: Any
) -> Iterator[Bound]:
    """Connect a world's imports for the length of a `with` statement.

    Each argument is named as in the generated host package's `instantiate` (the world's own functions: `world`). Its
    value is the same object that goes there, or the name of a backend that `witkit run` has, such as `"memory"`, or
    `Choice("sqlite", {"path": "orders.db"})` for one with settings. An import that is left out gets the provider or the
    backend that the file `config` chooses for it (default: the `witkit.toml` of the current folder or of the nearest
    folder above). The name of an interface, with or without its version, is the name of an argument, too. WASI 0.2 is
    what `witkit run` gives a component: clocks, random numbers, the standard streams, the variables of `[grants]`, and
    no more; here without arguments. Files, network, `os.environ` and time are those of this Python, so that the rest of
    `[grants]` and `[limits]` have no effect. Any other import raises `WouldTrap` when it is called. A backend that is
    chosen twice is opened once.

    The bindings of the world are those on the module path; if the project in the folder of `config`, or in the current
    one, uses an SDK, they are made here.

    Raises `WitkitError` for an argument that is not an import of the world (WIT0821), a backend that there
    is not, or bindings that cannot be imported (WIT0820).
    """
    folder = Path(config).parent if config is not None else Path()
    if world_module == WORLD_MODULE:
        world_module = connect_sdks(folder) or world_module
    world = _world(world_module)
    imports = [NamedImport(i.argument, i.interface.name, described=i.interface) for i in world.imports]
    functions = abi.Interface("", world.import_functions)
    own = [NamedImport("world", "", described=functions)] if world.import_functions else []
    given = by_argument(implementations, [*imports, *own], f"the world `{world.name}`")
    with ExitStack() as stack:
        configuration = read_configuration(Path(config) if config is not None else None)
        backends = Backends(configuration, stack)
        hosts: dict[str, abi.Interface | None] = {}
        connected: dict[str, Any] = {}
        for each in [*imports, *own]:
            value = given[each.argument] if each.argument in given else backends.chosen(each)
            if value is None and each.argument not in given:
                continue
            found = backends.connected(each.argument, each.interface, value)
            if isinstance(found, abi.Provided):
                hosts[each.interface], found = found.interface, found.implementation
            connected[each.interface or each.argument] = found
        granted = Wasi.inherit(env=configuration.grants.variables())
        machine = stack.enter_context(Machine(granted))
        yield Bound(stack.enter_context(bound(connected, hosts, machine)), world_module)


def _world(world_module: str) -> abi.World:
    try:
        world: abi.World = generated(world_module).WORLD
    except ModuleNotFoundError as missing:
        if not (missing.name or "").startswith(world_module):
            raise
        message = f"there are no bindings called `{world_module}`"
        help = "write them with `witkit gen guest wit -o bindings`, and put `bindings` on the path"
        raise WitkitError([error(NO_BINDINGS, message, help=help)]) from None
    return world
