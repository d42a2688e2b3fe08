"""Where everything lives: one Python module for each interface that a world imports or exports.

An interface that is imported and exported has two modules, for its resources are different types in the
two directions. Types that hold no such resource are the same on both sides: the module of the export
takes them from the module of the import.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from witkit.bindgen.common.imports import LocalNames
from witkit.bindgen.common.module_names import ModuleNames, full_name
from witkit.bindgen.common.naming import Names, camel, case_class, shouty, snake
from witkit.bindgen.common.sizes import parts_first
from witkit.ir.model import (
    Alias,
    Function,
    FunctionKind,
    Interface,
    Record,
    Resource,
    TypeDef,
    Variant,
    World,
    WorldInterface,
    WorldItem,
    WorldKey,
    children,
)

BUILTINS = frozenset(
    {
        "bool",
        "bytes",
        "classmethod",
        "dict",
        "float",
        "int",
        "list",
        "object",
        "property",
        "str",
        "super",
        "tuple",
        "type",
    }
)


@dataclass(slots=True, eq=False)
class HomeModule:
    """One generated module: the names it defines, and those that it takes from elsewhere.

    `types` maps WIT type names to classes, `cases` a variant's (type, case) to theirs, `constants` WIT type
    names to their ABI constants. `shared` are types that the import's module
    defines, `used` are types of other interfaces with the name that `use` gives them here. `members` are
    the names of methods and fields, which hide builtins of that name within a class.
    """

    owner: Interface | World
    module: str
    exported: bool
    wit: str
    names: Names
    members: frozenset[str]
    note: str | None = None
    interface_class: str = ""
    types: dict[str, str] = field(default_factory=dict)
    cases: dict[tuple[str, str], str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    renamed: dict[str, str] = field(default_factory=dict)
    used: dict[TypeDef, str] = field(default_factory=dict)
    locals: LocalNames = field(init=False)

    def __post_init__(self) -> None:
        self.locals = LocalNames(self.names)

    def name_types(self, types: Mapping[str, TypeDef]) -> None:
        """Choose the classes of all types first: nothing else may push them aside."""
        for wit in types:
            self.types[wit] = self.names.claim(camel(wit))
            if self.types[wit] != camel(wit):
                self.renamed[wit] = f"Called `{self.types[wit]}` because `{camel(wit)}` is taken."
        for wit, definition in types.items():
            if isinstance(definition.kind, Variant):
                for case in definition.kind.cases:
                    self.cases[wit, case.name] = self.names.claim(case_class(wit, case.name))
        for wit, definition in types.items():
            if (origin := used(definition, self.owner)) is not None:
                self.used.setdefault(origin, wit)
        for wit in types:
            self.constants[wit] = self.names.claim(f"{shouty(wit)}_TYPE")


def used(type_: TypeDef, owner: Interface | World) -> TypeDef | None:
    """The type of another interface that a `use` gives this name."""
    original = type_.kind.type if isinstance(type_.kind, Alias) else None
    return original if isinstance(original, TypeDef) and original.owner not in (None, owner) else None


def members_of(types: Mapping[str, TypeDef], functions: Iterable[Function]) -> frozenset[str]:
    """The names in the bodies of classes and functions of a module."""
    fields = (f.name for t in types.values() if isinstance(t.kind, Record) for f in t.kind.fields)
    called = [f.item_name for f in functions if f.kind is not FunctionKind.CONSTRUCTOR]
    params = (param.name for function in functions for param in function.declared_params)
    return frozenset(snake(name) for name in (*fields, *called, *params))


def interface_home(interface: Interface, module: str, exported: bool, wit: str, shared: frozenset[str]) -> HomeModule:
    """The module of an interface, its names chosen."""
    members = members_of(interface.types, list(interface.functions.values()))
    names = Names(BUILTINS | members | {"INTERFACE"})
    home = HomeModule(interface, module, exported, wit, names, members, shared=shared)
    home.name_types(interface.types)
    plain = camel(interface.name or wit)
    home.interface_class = home.names.claim(plain, f"{plain}Interface")
    if home.interface_class != plain:
        home.renamed[""] = f"Called `{home.interface_class}` because `{plain}` is a type."
    return home


def interfaces(items: Mapping[WorldKey, WorldItem]) -> dict[WorldKey, Interface]:
    """The interfaces among a world's imports or exports."""
    return {key: item.interface for key, item in items.items() if isinstance(item, WorldInterface)}


def short_names(found: Mapping[WorldKey, Interface], chosen: ModuleNames, *, exported: bool) -> dict[WorldKey, str]:
    """WIT-like names: those that were chosen, labels, otherwise the interface's own name.

    The first interface of a name keeps it, so that another one, added after it, renames nothing. The others are
    called `ns-pkg-name`, or `ns-pkg-name-version` if an earlier one is of the same package.
    """
    names: dict[WorldKey, str] = {}
    earlier: dict[str, set[str]] = {}
    for key, interface in found.items():
        name = key if isinstance(key, str) else _short(interface, earlier.setdefault(interface.name or "", set()))
        names[key] = chosen.of(key, exported=exported) or name
    return names


def _short(interface: Interface, earlier: set[str]) -> str:
    """The name of an interface after those of the packages `earlier`, to which its own is added."""
    package = interface.package.name
    path = f"{package.namespace}-{package.name}"
    is_first, is_version = not earlier, path in earlier
    earlier.add(path)
    if is_first:
        return interface.name or ""
    return full_name(interface) if is_version else f"{path}-{interface.name}"


def holds_resource(type_: TypeDef, exported: frozenset[Interface], known: dict[TypeDef, bool]) -> bool:
    """Whether a type is, or contains, a resource of one of the exported interfaces; `known` keeps the answers."""
    for part in parts_first(type_, lambda t: t not in known):
        if isinstance(part.kind, Resource):
            known[part] = part.owner in exported
        elif part not in known:
            known[part] = any(known[child] for child in children(part) if isinstance(child, TypeDef))
    return known[type_]
