"""What a program gives for an import: which package its classes and resources belong to."""

from __future__ import annotations

from typing import Any

from witkit import abi
from witkit.abi import Provided
from witkit.abi.alike import alike_functions
from witkit.abi.provided import written_against
from witkit.abi.versions import compatible


def offered(interface: abi.Interface, given: Any, label: str | None = None) -> Provided:
    """What is given for an import of `interface`: an object, or a `Provided`, which names its own description."""
    if isinstance(given, Provided):
        return Provided(given.interface, given.implementation, label, interface, given.observe)
    if given is None or not interface.name:
        return Provided(interface, given, label)
    if not interface.resources and not any(map(_has_classes, interface.functions)):
        return Provided(interface, given, label, asked=interface)  # its values are the same in every package
    return Provided(_spoken(given, interface), given, label, asked=interface)


def _has_classes(func: abi.Func) -> bool:
    """Whether any value of a function is of a class that a package makes; kept with the type."""
    if _has_classes not in func.compiled:
        func.compiled[_has_classes] = any(map(_is_made, [func.result, *(p.type for p in func.params)]))
    return bool(func.compiled[_has_classes])


def _is_made(type: abi.Type | None) -> bool:
    match type:
        case None | abi.Primitive() | abi.Unsupported():
            return False
        case abi.List(element=element) | abi.Option(element=element):
            return _is_made(element)
        case abi.Result(ok=one, err=other) | abi.Map(key=one, value=other):
            return _is_made(one) or _is_made(other)
        case abi.Tuple(elements=elements):
            return any(map(_is_made, elements))
        case _:
            return True


def _spoken(implementation: Any, interface: abi.Interface) -> abi.Interface:
    """The description whose classes the implementation knows: this one, unless it mentions only another package's.

    Another one counts only if it has every function with the same types, so that nothing is lost.
    """
    found: abi.Interface | None = None
    for other in written_against(implementation, interface):
        if other is interface:
            return interface
        if found is None and _has_all(other, interface):
            found = other
    return found or interface


def _has_all(other: abi.Interface, interface: abi.Interface) -> bool:
    if not compatible(other.name, interface.name) or any(resource.cls for resource in other.resources):
        return False  # of another version, or of the interface as a guest exports it
    functions = {func.name: func for func in other.functions}
    return all(func.name in functions and alike_functions(func, functions[func.name]) for func in interface.functions)
