"""Changes of interfaces: their types and functions."""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.diff.changes import Around, Changes
from witkit.checks.diff.definitions import compare_type
from witkit.checks.diff.documents import compare_documents
from witkit.checks.diff.functions import compare_function, path_of
from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.match import Pair, paired
from witkit.ir.model import Element, Function, FunctionKind, Interface, TypeDef


def compare_interface(changes: Changes, at: Around, pair: Pair[Interface]) -> None:
    """Compare a named interface that one or both sides have; `at` is its place."""
    changes.compared(pair.old, pair.new)
    if pair.old is not None and pair.new is not None:
        compare_documents(changes, at, pair.old, pair.new)
        compare_members(changes, at, pair.old, pair.new)
    elif pair.new is not None:
        for member in _members(pair.new):
            changes.compared(None, member)
        changes.add(Kind.INTERFACE_ADDED, at, f"interface `{at.name}` is new")
    elif pair.old is not None:
        for member in _members(pair.old):
            changes.compared(member, None)
        changes.add(Kind.INTERFACE_REMOVED, at, f"interface `{at.name}` is gone")


def compare_members(changes: Changes, at: Around, old: Interface, new: Interface) -> None:
    """Compare what is in an interface. The functions of a resource that comes or goes come and go with it."""
    for _, types in paired(old.types, new.types):
        compare_type(changes, at, types)
    for _, functions in paired(_by_path(old), _by_path(new)):
        function = functions.new or functions.old
        if function is not None and _comes_with_its_resource(function, old.types, new.types):
            changes.compared(functions.old, functions.new)
        else:
            compare_function(changes, at, functions)
    _compare_order(changes, at, old.types.values(), new.types.values(), "types")
    _compare_order(changes, at, old.functions.values(), new.functions.values(), "functions")


def _by_path(interface: Interface) -> dict[tuple[str, bool], Function]:
    """Functions by the names that WIT gives them; a method can be called `constructor`, too."""
    functions = interface.functions.values()
    return {(path_of(f), f.kind is FunctionKind.CONSTRUCTOR): f for f in functions}


def _comes_with_its_resource(function: Function, old: dict[str, TypeDef], new: dict[str, TypeDef]) -> bool:
    name = function.resource.name if function.resource else None
    return name is not None and (name in old) is not (name in new)


def _compare_order(
    changes: Changes, at: Around, old: Iterable[TypeDef | Function], new: Iterable[TypeDef | Function], what: str
) -> None:
    before, after = (dict.fromkeys(_in_order_of_text(items)) for items in (old, new))
    if [n for n in before if n in after] != [n for n in after if n in before]:
        changes.add(Kind.ORDER_CHANGED, at, f"the {what} of `{at.name}` are in another order")


def _in_order_of_text(items: Iterable[TypeDef | Function]) -> list[str | None]:
    """The names of items; the model has types in an order of its own."""
    return [item.name for item in sorted(items, key=_start)]


def _start(element: Element) -> int:
    return element.span.start if element.span else 0


def _members(interface: Interface) -> list[TypeDef | Function]:
    return [*interface.types.values(), *interface.functions.values()]
