"""A component in a Python program, with its imports connected to the backends of `witkit run`.

    component = OrdersComponent.load("orders.wasm")
    with witkit.host.bind(component, keyvalue="sqlite") as imports, component.instantiate(**imports) as orders:
        orders.place("tea", 2)

`witkit.guest.bind` does the same for a guest that runs under CPython.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from witkit import abi
from witkit.backends.connect import Choice
from witkit.program.imports import Backends, NamedImport, by_argument
from witkit.program.project import Configuration, read_configuration

if TYPE_CHECKING:
    from witkit.runtime import Component, Limits, Wasi

__all__ = ["Choice", "Imports", "bind"]


@dataclass(frozen=True, slots=True)
class _Import(NamedImport):
    """An import with its key in the mapping that `instantiate` takes."""

    key: str = ""


class Imports(dict[str, Any]):
    """What `instantiate` takes for imports, and what the configuration says besides:

    component.instantiate(**imports, wasi=imports.wasi(), limits=imports.limits)
    """

    def __init__(self, found: Mapping[str, Any], configuration: Configuration) -> None:
        super().__init__(found)
        self._configuration = configuration

    @property
    def limits(self) -> Limits:
        """`[limits]`: no bound for what it leaves out."""
        return self._configuration.limits

    def wasi(self, *arguments: str) -> Wasi:
        """`[grants]`, with what `witkit run` gives every program: its arguments and the standard streams.

        Raises WitkitError for folders that do not exist and references without a value.
        """
        return self._configuration.grants.wasi(arguments)


@contextmanager
def bind(
    component: Component | abi.World, config: str | Path | None = None, /, **implementations: Any
) -> Iterator[Imports]:
    """What to give for the imports of a component (or of the `WORLD` of a generated package), until the `with` ends.

    Each argument is named as in the generated `instantiate`, which takes the mapping as `**imports`. Its value is the
    name of a backend that `witkit run` has (`"sqlite"`), `Choice("sqlite", {"path": "orders.db"})` for one with
    settings, or any object that `instantiate` takes, which stays as it is. An import that is left out gets the provider
    or the backend that the file `config` chooses for its label or interface (default: the `witkit.toml` of the current
    folder or of the nearest folder above); without such a choice it is not in the mapping. A backend that is chosen
    twice is opened once. A label and the name of an interface, `**{"wasi:keyvalue/store@0.2.0-draft2": "redis"}`, are
    names of arguments, too.

    Without a generated package the arguments have the short names of interfaces, or the full ones if two imports have
    one short name, and `instantiate` takes the mapping itself. Raises `WitkitError` for an argument that is not an
    import (WIT0821), for an interface without backends (WIT0822), and for backends, settings and files as `witkit run`
    does.
    """
    imports = _imports(component)
    given = by_argument(implementations, imports, _called(component))
    with ExitStack() as stack:
        configuration = read_configuration(Path(config) if config is not None else None)
        backends = Backends(configuration, stack)
        found = {}
        for each in imports:
            value = given[each.argument] if each.argument in given else backends.chosen(each)
            if value is not None or each.argument in given:
                found[each.key] = backends.connected(each.argument, each.interface, value, each.label)
        yield Imports(found, configuration)


def _imports(component: Component | abi.World) -> list[_Import]:
    world = component if isinstance(component, abi.World) else component._world
    if world is None:
        assert not isinstance(component, abi.World)
        return _untyped(component)
    own = abi.Interface("", world.import_functions)
    every = [_Import(i.argument, i.interface.name, i.label, i.interface, i.argument) for i in world.imports]
    has_own = world.import_functions or world.import_resources
    return [*every, *([_Import("world", "", None, own, "world")] if has_own else [])]


def _untyped(component: Component) -> list[_Import]:
    """The imports of a component without generated code, but for WASI's, which `instantiate` takes by their names.

    An import whose short name another one has too is named in full.
    """
    from witkit.native.binding import names
    from witkit.program.connected import needed

    world = component.interface("", imported=True)
    own = {func.name for func in world.functions}
    interfaces = {name: interface for name, interface in needed(component).items() if name not in own}
    short = Counter(names(name)[-1] for name in interfaces)
    found = []
    for name, interface in interfaces.items():
        argument = names(name)[-1]
        label = name if name != interface else None
        described = component.interface(name, imported=True)
        found.append(_Import(argument if short[argument] == 1 else name, interface, label, described, name))
    return [*found, *([_Import("world", "", None, world, "")] if own else [])]


def _called(component: Component | abi.World) -> str:
    if isinstance(component, abi.World):
        return f"the world `{component.name}`"
    return f"the component `{component.name}`"
