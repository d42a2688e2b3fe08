"""Find what prevents a component from running before it is compiled, which can take half a minute the first time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from witkit.backends.connect import Connections, matched
from witkit.runtime.content import read
from witkit.runtime.engine import Engine
from witkit.runtime.wasi import provides
from witkit.text import WitkitError

from .settings import RunSettings, announce_locations

if TYPE_CHECKING:
    from witkit.ir import model


def check(path: Path, engine: Engine, settings: RunSettings) -> None:
    """Raise WitkitError with all imports that nothing provides and all backends that cannot be opened.

    Does nothing for a component that was compiled before, because running it reports the same soon.
    """
    content, name = read(path)
    if engine.has(content):
        return
    needs, unmet = matched(dict(_needed(path)), name)
    with Connections(needs, settings.effective, unmet) as connections:
        announce_locations(replace(settings, announce=lambda line: None), connections.locations)


def _needed(path: Path) -> Iterator[tuple[str, str]]:
    """The imports that need a backend, with their interfaces, as the component's bytes name them.

    None if the component cannot be read, because loading it reports what is wrong.
    """
    from witkit.ir import load, model

    try:
        world = load(path).world(None)
    except WitkitError:
        return
    for key, item in world.imports.items():
        if isinstance(item, model.Function) and isinstance(key, str):
            yield key, key
        elif isinstance(item, model.WorldInterface) and _does_something(item.interface):
            interface = item.interface.qualified_name
            name = key if isinstance(key, str) else interface or ""
            if not provides(name):
                yield name, interface or name


def _does_something(interface: model.Interface) -> bool:
    """Whether it has more than types, which do not need an implementation."""
    return bool(interface.functions) or any(_is_resource(type_) for type_ in interface.types.values())


def _is_resource(type_: model.TypeDef) -> bool:
    from witkit.ir import model

    return isinstance(type_.kind, model.Resource)
