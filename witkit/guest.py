"""Guest code under CPython: bind its imports to Python objects, then call it, or its exports as a host would.

    with witkit.guest.bind(keyvalue="memory") as host:
        guest = host.load("app")
        assert guest.place("tea", 2).number == 1

The guest's bindings (`witkit gen guest`) and its own modules must be importable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeGuard

from witkit import abi
from witkit.native import Binding, Guest, WouldTrap, bound, generated
from witkit.native.binding import names
from witkit.program.project import combined, read_choices
from witkit.providers.connect import Choice
from witkit.providers.table import capability_for
from witkit.text import WitkitError, did_you_mean, error

__all__ = ["Bound", "Guest", "WouldTrap", "bind"]

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

NO_BINDINGS: Final = "WIT0820"
NO_IMPORT: Final = "WIT0821"
NO_PROVIDER: Final = "WIT0822"
NO_APP: Final = "WIT0823"


@dataclass(frozen=True, slots=True)
class Bound:
    """A world whose imports are connected; `binding` has the handles that the guest holds."""

    binding: Binding
    world_module: str

    def load(self, app: ModuleType | str, host: abi.World | None = None) -> Guest:
        """The guest's exports, with every value checked as wasm checks it.

        `app` is the guest's module. By its name it is imported anew, with the modules beside it, as every
        instance of a component has its own; a module that is given is used as it is, with what a test has
        changed in it. With `host`, the `WORLD` of the generated host package, values come and go in that
        package's classes: the same test then serves the guest and the component.

        Raises `WitkitError` where there is no such module (WIT0823), `WouldTrap` for a guest that lacks an export.
        """
        if host is not None:
            self.binding.hosts.update({given.interface.name: given.interface for given in host.imports})
        try:
            return Guest(app, self.binding, self.world_module, host)
        except ModuleNotFoundError as missing:
            if missing.name != app:
                raise
            help = "put its folder on the path: `pythonpath` of `[tool.pytest.ini_options]`, or PYTHONPATH"
            raise WitkitError([error(NO_APP, f"there is no module `{app}`", help=help)]) from None


@contextmanager
def bind(world_module: str = "wit_world", config: Path | None = None, /, **implementations: Any) -> Iterator[Bound]:
    """Connect a world's imports for the length of a `with` statement.

    Each argument is named as in the generated host package's `instantiate` (the world's own functions:
    `world`). Its value is the same object that goes there, or the name of a backend that `witkit run`
    has, such as `"memory"`. An import that is left out gets the backend that the file `config` chooses for it
    (default: `witkit.toml` in the current folder, if any); where that has none, it raises `WouldTrap` when it is
    called.

    Raises `WitkitError` for an argument that is not an import of the world (WIT0821), a backend that there
    is not, or bindings that cannot be imported (WIT0820).
    """
    world = _world(world_module)
    project = read_choices(config)
    interfaces = {name: i.interface for i in world.imports for name in (i.argument, names(i.interface.name)[-1])}
    _check(implementations, interfaces, world)
    given = {**_chosen(world, project, implementations), **implementations}
    with ExitStack() as stack:
        hosts: dict[str, abi.Interface | None] = {}
        connected = {
            name: _provided(name, value, interfaces, hosts, project, stack) if _is_choice(value) else value
            for name, value in given.items()
        }
        yield Bound(stack.enter_context(bound(connected, hosts)), world_module)


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


def _check(given: Mapping[str, Any], interfaces: Mapping[str, abi.Interface], world: abi.World) -> None:
    known = [*interfaces, *(["world"] if world.import_functions else [])]
    problems = [
        error(
            NO_IMPORT,
            f"the world `{world.name}` imports nothing called `{name}`",
            help=did_you_mean(name, known) or f"its imports: {', '.join(dict.fromkeys(known)) or 'none'}",
        )
        for name in given
        if name not in known
    ]
    if problems:
        raise WitkitError(problems)


def _chosen(world: abi.World, project: Mapping[str, Choice], given: Mapping[str, Any]) -> dict[str, Choice]:
    """The project's choices for the imports that nothing is given for."""
    found = {}
    for imported in world.imports:
        capability = capability_for(imported.interface.name)
        is_given = imported.argument in given or names(imported.interface.name)[-1] in given
        if capability is not None and capability.name in project and not is_given:
            found[imported.argument] = project[capability.name]
    return found


def _is_choice(value: Any) -> TypeGuard[str | Choice]:
    return isinstance(value, str | Choice)


def _provided(
    name: str,
    value: str | Choice,
    interfaces: Mapping[str, abi.Interface],
    hosts: dict[str, abi.Interface | None],
    project: Mapping[str, Choice],
    stack: ExitStack,
) -> Any:
    """The backend of `witkit run` for an import, open until the stack is closed."""
    imported = interfaces[name].name
    capability = capability_for(imported)
    if capability is None:
        message = f"witkit has no backends for `{imported}`"
        raise WitkitError([error(NO_PROVIDER, message, help=f"give `{name}` an object with the interface's functions")])
    given = value if isinstance(value, Choice) else Choice(value)
    provider, opened = combined(project, {capability.name: given})[capability.name].open(capability)
    stack.callback(provider.close, opened)
    hosts[imported] = capability.described()
    return opened.implementation
