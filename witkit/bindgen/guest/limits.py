"""What a world may not have if componentize-py is to build it: found before anything is written or built."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Final

from witkit.bindgen.common.module_names import ModuleNames, key_text, same_module
from witkit.bindgen.common.naming import camel, is_inherited, snake
from witkit.bindgen.common.sizes import CLASSES
from witkit.bindgen.guest.c_names import C_NAMES
from witkit.bindgen.guest.docstrings import bad_docs
from witkit.bindgen.guest.names import GuestNames, world_class
from witkit.bindgen.guest.streams import used_types
from witkit.ir.model import (
    FixedLengthList,
    Function,
    FunctionKind,
    Interface,
    Map,
    Record,
    Resource,
    Result,
    TypeDef,
    World,
    WorldInterface,
)
from witkit.text import Diagnostic, Severity, Span, WitkitError, error

NO_MAP: Final = "WIT0650"
NO_FIXED_LENGTH_LIST: Final = "WIT0651"
NO_WORLD_RESOURCE: Final = "WIT0652"
NO_EMPTY_RESOURCE: Final = "WIT0653"
PARAMETER_NAME: Final = "WIT0654"
MODULE_NAME: Final = "WIT0656"
FALLIBLE_CONSTRUCTOR: Final = "WIT0657"
METHOD_NAME: Final = "WIT0658"
LABELLED_IMPORT: Final = "WIT0659"
INLINE_IMPORT: Final = "WIT0660"
NAME_OF_C: Final = "WIT0661"
TYPE_NAME: Final = "WIT0662"
FIELD_NAME: Final = "WIT0663"
INLINE_EXPORT: Final = "WIT0664"
FUNCTION_NAME: Final = "WIT0665"

_HIDDEN: Final = ("handle", "finalizer")


def check_guest(world: World, chosen: ModuleNames | None = None, world_module: str = "wit_world") -> list[Diagnostic]:
    """Errors for what componentize-py cannot build, warnings for what it builds into a component that fails."""
    found = [
        *_types(world),
        *_world_resources(world),
        *_world_types(world, world_module),
        *_labels(world),
        *_hidden_functions(world),
        *bad_docs(world),
    ]
    names = GuestNames(world, chosen)
    found += [*_same_module(names, world, imported=True), *_same_module(names, world, imported=False)]
    for imported, items in ((True, world.imports), (False, world.exports)):
        for key, item in items.items():
            if isinstance(item, Function):
                found += _function(item, imported)
                found += _name_of_c(item) if not imported else ()
            elif isinstance(item, WorldInterface):
                name = names.imported(key) if imported else names.exported(key)
                found += _interface(item.interface, name.module, imported)
    return _once(found)


def _once(found: list[Diagnostic]) -> list[Diagnostic]:
    """Each finding once, although an interface may be both imported and exported."""
    return list({(each.code, each.message, each.primary): each for each in found}.values())


def refuse_unbuildable(
    world: World, chosen: ModuleNames | None = None, world_module: str = "wit_world"
) -> list[Diagnostic]:
    """The warnings of `check_guest`. Raises `WitkitError` with its errors, if there are any."""
    found = check_guest(world, chosen, world_module)
    errors = [problem for problem in found if problem.is_error]
    if errors:
        raise WitkitError(errors)
    return found


def _same_module(names: GuestNames, world: World, *, imported: bool) -> Iterator[Diagnostic]:
    """componentize-py writes the module of the later interface over that of the earlier one."""
    modules: dict[str, str] = {}
    for key, item in (world.imports if imported else world.exports).items():
        if isinstance(item, WorldInterface):
            module = (names.imported(key) if imported else names.exported(key)).module
            one = f"{'import' if imported else 'export'} `{key_text(key)}`"
            if (other := modules.setdefault(module, one)) != one:
                yield same_module(other, one, module, item.span)


def _types(world: World) -> Iterator[Diagnostic]:
    for type_ in used_types(world):
        if isinstance(type_.kind, Map):
            help = "use `list<tuple<key, value>>`"
            yield error(NO_MAP, "componentize-py cannot build a world with `map`", type_.span, help=help)
        elif isinstance(type_.kind, FixedLengthList):
            message = "componentize-py cannot build a world with lists of a fixed length"
            yield error(NO_FIXED_LENGTH_LIST, message, type_.span, help="use a list or a tuple")
        elif isinstance(type_.kind, Record) and any(is_inherited(snake(f.name)) for f in type_.kind.fields[:-1]):
            message = "componentize-py cannot build a record with a field called `mro`, unless it is the last one"
            help = "give the field another name: each class of Python has an attribute of this one"
            yield error(FIELD_NAME, message, type_.span, help=help)


def _world_resources(world: World) -> Iterator[Diagnostic]:
    for item in world.imports.values():
        if isinstance(item, TypeDef) and isinstance(item.kind, Resource):
            message = f"componentize-py does not make a class for a resource of the world itself, `{item.name}`"
            yield error(NO_WORLD_RESOURCE, message, item.span, help="define the resource in an interface")


def _world_types(world: World, world_module: str) -> Iterator[Diagnostic]:
    own = world_class(world_module)
    for item in world.imports.values():
        if isinstance(item, TypeDef) and isinstance(item.kind, CLASSES) and camel(item.name or "") == own:
            message = f"componentize-py calls the class of the world itself `{own}`, as this type"
            help = "give the bindings another name with `--world-module`, or the type"
            yield error(TYPE_NAME, message, item.span, help=help)


def _hidden_functions(world: World) -> Iterator[Diagnostic]:
    """A package of the bindings takes the place of a function of its name as soon as it is imported."""
    items = {"imports": world.imports, "exports": world.exports}
    packages = {name for name, of in items.items() if any(isinstance(item, WorldInterface) for item in of.values())}
    for item in world.imports.values():
        if isinstance(item, Function) and item.name in packages:
            message = f"the guest cannot call `{item.name}`: the bindings have a package of that name"
            yield _warning(FUNCTION_NAME, message, item.span, "give the function another name")


def _labels(world: World) -> Iterator[Diagnostic]:
    for items in (world.imports, world.exports):
        for key, item in items.items():
            if isinstance(key, str) and isinstance(item, WorldInterface) and item.interface.name:
                message = f"componentize-py cannot build a world that gives an interface another name, `{key}`"
                yield error(LABELLED_IMPORT, message, item.span, help="import or export the interface by its own name")


def refuse_repeated(world: World) -> None:
    """Raises `WitkitError` (WIT0659) if a side of the world has one interface under several names.

    The bindings define each type of an interface once, so that not even `allow` can make them.
    """
    found = []
    for items in (world.imports, world.exports):
        named = [(key, item) for key, item in items.items() if isinstance(item, WorldInterface)]
        times = Counter(id(item.interface) for _, item in named)
        found += [item for key, item in named if isinstance(key, str) and times[id(item.interface)] > 1]
    if found:
        message = "guest bindings cannot have one interface under several names"
        help = "import or export the interface once, by its own name"
        raise WitkitError([error(LABELLED_IMPORT, message, item.span, help=help) for item in found])


def _interface(interface: Interface, module: str, imported: bool) -> Iterator[Diagnostic]:
    for function in interface.functions.values():
        yield from _function(function, imported)
        if imported and not interface.name and function.resource is None:
            message = (
                f"the guest cannot call `{function.name}`: componentize-py does not offer functions of an interface"
            )
            help = "define the interface outside the world, and import it by its name"
            yield _warning(INLINE_IMPORT, f"{message} that is written in the world itself", function.span, help)
    if not imported and not interface.name and only_functions(interface):
        written = f"`{camel(module)}`, an interface that is written in the world itself"
        message = f"componentize-py does not write a Protocol for {written}"
        help = f"write `class {camel(module)}:` in the guest, without a base"
        yield _warning(INLINE_EXPORT, message, next(iter(interface.functions.values())).span, help)
    if not imported and not interface.name:
        for function in (each for each in interface.functions.values() if each.is_async and each.resource is None):
            message = f"the component cannot call `{function.name}`: componentize-py does not start `async` functions"
            help = "define the interface outside the world, and export it by its name"
            yield _warning(
                INLINE_EXPORT, f"{message} of an interface that is written in the world itself", function.span, help
            )
    for type_ in interface.types.values():
        if isinstance(type_.kind, Resource) and not imported:
            yield from _exported_resource(type_, interface, module)


def only_functions(interface: Interface) -> bool:
    """Whether componentize-py writes no class of a Protocol for an interface that is written in the world itself."""
    return bool(interface.functions) and not any(isinstance(t.kind, CLASSES) for t in interface.types.values())


def _exported_resource(type_: TypeDef, interface: Interface, module: str) -> Iterator[Diagnostic]:
    own = [function for function in interface.functions.values() if function.resource is type_]
    if not own:
        message = f"componentize-py cannot build an exported resource without functions, `{type_.name}`"
        yield error(NO_EMPTY_RESOURCE, message, type_.span, help="give the resource a function")
    looked_up = any(f.kind in (FunctionKind.CONSTRUCTOR, FunctionKind.STATIC) for f in own)
    if looked_up and module in sys.stdlib_module_names:
        message = f"componentize-py looks for `{camel(type_.name or '')}` in Python's own module `{module}`"
        help = "give the exported interface a name that no module of the standard library has"
        yield error(MODULE_NAME, message, type_.span, help=help)


def _function(function: Function, imported: bool) -> Iterator[Diagnostic]:
    is_method = function.kind is FunctionKind.METHOD
    names = [snake(param.name) for param in function.declared_params]
    reserved = {"self"} if function.kind is not FunctionKind.STATIC else {"cls"}
    if imported and function.kind is FunctionKind.FREE:
        reserved = set()
    if not imported and function.is_async:
        reserved.add("borrows")
    for name in sorted(reserved.intersection(names)):
        message = f"componentize-py cannot build a function with a parameter called `{name}`"
        yield error(PARAMETER_NAME, message, function.span, help="give the parameter another name")
    if imported and is_method and snake(function.item_name) in _HIDDEN:
        message = f"the guest cannot call a method named `{function.item_name}`: componentize-py uses that name itself"
        yield _warning(METHOD_NAME, message, function.span, "give the method another name")
    fallible = isinstance(function.result, TypeDef) and isinstance(function.result.kind, Result)
    if imported and function.kind is FunctionKind.CONSTRUCTOR and fallible:
        message = "the guest cannot call a constructor that can fail: componentize-py takes its result for the handle"
        yield _warning(FALLIBLE_CONSTRUCTOR, message, function.span, "use a static function that returns a result")


def _name_of_c(function: Function) -> Iterator[Diagnostic]:
    if function.item_name in C_NAMES:
        name = function.item_name
        message = f"componentize-py cannot build a world that exports a function called `{name}`, as one of C is"
        help = "give the function another name, or export it in an interface"
        yield error(NAME_OF_C, message, function.span, help=help)


def _warning(code: str, message: str, span: Span | None, help: str) -> Diagnostic:
    return Diagnostic(code, Severity.WARNING, message, span, help=help)
