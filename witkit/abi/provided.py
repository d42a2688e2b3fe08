"""Implementations, and the descriptions of interfaces that they were written against."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, TypeAlias

from witkit.abi.types import Func, Interface
from witkit.abi.versions import split

Observer: TypeAlias = Callable[[str, Func, Callable[..., Any]], Callable[..., Any]]
"""Called once with the name of an import, one of its functions, and what implements that; gives what the guest calls
in its place. Arguments and result are the host's values. The first argument of a method is the resource's object."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Provided:
    """An implementation offered for an interface, whose description names the classes of its values.

    `interface.name` is "" for functions of the world itself; `label` is the import's own name if the world
    gives it one. `asked` is the description of the package that asks for the interface, if that is another one.
    `observe` sees every call, if it is given.
    """

    interface: Interface
    implementation: Any
    label: str | None = None
    asked: Interface | None = None
    observe: Observer | None = None

    @property
    def name(self) -> str:
        return self.label or self.interface.name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.implementation!r})"


def written_against(implementation: Any, interface: Interface) -> Iterator[Interface]:
    """The descriptions of an interface, in whatever version, that an implementation was written against.

    They are the `INTERFACE`s of generated host modules: of those that its classes derive from, then of those that
    the modules of its classes import from. None is found for what mentions no generated module.
    """
    wanted = split(interface.name)[0]
    seen: set[str] = set()
    for name in _modules(implementation, interface):
        if name not in seen:
            seen.add(name)
            found = getattr(sys.modules.get(name), "INTERFACE", None)
            if isinstance(found, Interface) and split(found.name)[0] == wanted:
                yield found


def _modules(implementation: Any, interface: Interface) -> Iterator[str]:
    """The names of the modules that an implementation's classes come from, then of those they use."""
    found = [getattr(implementation, resource.attr, None) for resource in interface.resources]
    classes = [type(implementation), *(cls for cls in found if isinstance(cls, type))]
    own = list(dict.fromkeys(base.__module__ for cls in classes for base in cls.__mro__))
    if isinstance(implementation, ModuleType):
        own.append(implementation.__name__)
    yield from own
    for name in own:
        if name in sys.modules and name not in sys.stdlib_module_names:
            for value in list(vars(sys.modules[name]).values()):
                # By its true type: a proxy that stands for something else may not be asked.
                kind = type(value)
                if issubclass(kind, type | FunctionType):
                    yield str(value.__module__)
                elif issubclass(kind, ModuleType):
                    yield value.__name__
