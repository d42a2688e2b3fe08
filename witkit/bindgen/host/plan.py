"""The plan of a package: its modules, and what the world's class and `instantiate` call its interfaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from witkit.bindgen.common.module_names import ModuleNames, key_text
from witkit.bindgen.common.naming import Names, camel, snake
from witkit.bindgen.common.sizes import Sizes
from witkit.bindgen.host.homes import (
    BUILTINS,
    HomeModule,
    holds_resource,
    interface_home,
    interfaces,
    members_of,
    short_names,
)
from witkit.ir.model import Function, Interface, PackageName, TypeDef, World, WorldKey

OF_WASI = frozenset({"cli", "clocks", "filesystem", "io", "random", "sockets"})


@dataclass(frozen=True, slots=True)
class WorldEntry:
    """One import or export of an interface: the world's key, the Python name, the module, a label if it has one."""

    key: WorldKey
    name: str
    home: HomeModule
    label: str | None
    note: str | None = None

    @property
    def interface(self) -> Interface:
        assert isinstance(self.home.owner, Interface)
        return self.home.owner


class PackagePlan:
    """All names of the package for one world; `chosen` are those of modules that the user has decided. With `arrays`,
    lists of numbers are arrays."""

    def __init__(self, world: World, chosen: ModuleNames, *, arrays: bool = False) -> None:
        self.world, self.arrays = world, arrays
        self.chosen = chosen
        self.sizes = Sizes()
        self._imported = interfaces(world.imports)
        self._exported = interfaces(world.exports)
        modules = Names(BUILTINS | {snake(name) for each in (chosen.imports, chosen.exports) for name in each.values()})
        self._imports = self._homes(self._imported, modules, exported=False)
        self._exports = self._homes(self._exported, modules, exported=True)

    @property
    def homes(self) -> list[HomeModule]:
        """All modules, those of imports first."""
        return [*self._imports.values(), *self._exports.values()]

    def future(self, home: HomeModule) -> str:
        """What a module imports from `__future__`: `annotations` under another name if that one is WIT's."""
        is_free = "annotations" not in home.members | {other.module for other in self.homes}
        return "annotations" if is_free else "annotations as _annotations"

    def home(self, owner: Interface | World, exported: bool) -> HomeModule:
        """The module that holds the types of `owner`, as a module of that direction sees them."""
        if isinstance(owner, World):
            return self.top
        found = self._exports.get(_identity(owner)) if exported else None
        return found or self._imports.get(_identity(owner)) or self._exports[_identity(owner)]

    def defining(self, type_: TypeDef, exported: bool) -> HomeModule:
        """The module that defines the class of a named type."""
        assert type_.owner is not None
        home = self.home(type_.owner, exported)
        return self.home(type_.owner, exported=False) if type_.name in home.shared else home

    def imports(self, taken: Names) -> list[WorldEntry]:
        """The imported interfaces; their names become keyword arguments."""
        return self._entries(self._imported, taken, exported=False)

    def exports(self, taken: Names) -> list[WorldEntry]:
        """The exported interfaces; their names become attributes of the world's class."""
        return self._entries(self._exported, taken, exported=True)

    @cached_property
    def top(self) -> HomeModule:
        """`__init__`: the world's own types and functions."""
        items = (*self.world.imports.values(), *self.world.exports.values())
        functions = [item for item in items if isinstance(item, Function)]
        attributes = [snake(name) for name in short_names(self._exported, self.chosen, exported=True).values()]
        members = members_of(self.types, functions) | set(attributes)
        names = Names(BUILTINS | members | {"WORLD"} | {home.module for home in self.homes})
        home = HomeModule(self.world, "", False, self.world.qualified_name, names, members)
        home.name_types(self.types)
        plain = camel(self.world.name)
        home.interface_class = names.claim(plain, f"{plain}World")
        return home

    @cached_property
    def types(self) -> dict[str, TypeDef]:
        """The world's own types, and those that it `use`s."""
        return {key: t for key, t in self.world.imports.items() if isinstance(key, str) and isinstance(t, TypeDef)}

    def _homes(self, found: Mapping[WorldKey, Interface], modules: Names, exported: bool) -> dict[object, HomeModule]:
        homes: dict[object, HomeModule] = {}
        distinct = {(i.name and i) or key: i for key, i in found.items()}
        for key, name in short_names(distinct, self.chosen, exported=exported).items():
            interface = distinct[key]
            module = self._module(key, snake(name), modules, exported)
            wit = interface.qualified_name or str(key)
            home = interface_home(interface, module, exported, wit, self._shared(interface, exported))
            homes[_identity(interface)] = home
            if module != snake(name) and not self.chosen.full:
                home.note = f"This module is called `{module}` because `{snake(name)}` is taken."
        return homes

    def _module(self, key: WorldKey, name: str, modules: Names, exported: bool) -> str:
        chosen = self.chosen.exports if exported else self.chosen.imports
        if key_text(key) in chosen:
            return name
        if self.chosen.full and exported:
            return modules.claim(f"{name}_export")
        return modules.claim(name, f"{name}_export" if exported else f"{name}_import")

    def _entries(self, found: Mapping[WorldKey, Interface], taken: Names, *, exported: bool) -> list[WorldEntry]:
        homes = self._exports if exported else self._imports
        return [
            _entry(key, snake(name), taken.claim(snake(name)), homes[_identity(found[key])])
            for key, name in short_names(found, self.chosen, exported=exported).items()
        ]

    def _shared(self, interface: Interface, exported: bool) -> frozenset[str]:
        if not exported or _identity(interface) not in self._imports:
            return frozenset()
        mine, known = frozenset(self._exported.values()), dict[TypeDef, bool]()
        return frozenset(name for name, t in interface.types.items() if not holds_resource(t, mine, known))


def is_from_wasi(interface: Interface) -> bool:
    """Whether a component gets an import from `Wasi`: the packages of WASI 0.2 but `wasi:http`."""
    package: PackageName = interface.package.name
    known = package.namespace == "wasi" and package.name in OF_WASI
    return known and (package.version or "").startswith("0.2.") and interface.name is not None


def _entry(key: WorldKey, wanted: str, name: str, home: HomeModule) -> WorldEntry:
    note = f"Called `{name}` because `{wanted}` is taken here." if name != wanted else None
    return WorldEntry(key, name, home, key if isinstance(key, str) else None, note)


def _identity(interface: Interface) -> object:
    """Clones of a named interface, and its labelled imports, are one; an inline interface is itself."""
    return interface.qualified_name or id(interface)
