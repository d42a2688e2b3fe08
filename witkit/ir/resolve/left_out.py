"""Stand-ins for what features leave out, so that printed text numbers anonymous types as the original does.

A function that is left out has nevertheless given the package its anonymous types: wasm-tools keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy

from witkit.ir.model import Function, FunctionKind, Interface, Param, Stability, World, WorldInterface, WorldItem
from witkit.ir.resolve.context import Context
from witkit.ir.written import Entry, PackageText, WorldText


class StandIns:
    """Notes in `context.written` what to print for the items of one package that are left out.

    An interface or world that is left out leaves a shell if it left types behind: a copy with stand-ins only.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._count = 0
        self._interfaces: dict[Interface, Interface] = {}
        self._worlds: dict[World, World] = {}

    def keep_interface(self, interface: Interface, functions: Iterable[Function]) -> None:
        """An interface stays, but not all of its `functions` do."""
        kept = set(interface.functions.values())
        self._context.written.functions[interface] = list(self._functions(functions, kept))

    def leave_interface_out(self, interface: Interface) -> None:
        functions = list(self._functions(interface.functions.values(), set())) if interface.name else []
        if functions:
            shell = self._interfaces[interface] = copy(interface)
            shell.docs, shell.types, shell.functions = None, {}, {}
            self._context.written.functions[shell] = functions

    def keep_world(self, world: World) -> None:
        """A world stays, perhaps without some of its items."""
        kept = {*map(id, world.imports.values()), *map(id, world.exports.values())}
        text = self._context.written.worlds[world]
        text.types = [t for t in text.types if id(t) in kept]
        text.entries = list(self._entries(text.entries, kept))

    def leave_world_out(self, world: World) -> None:
        text = self._context.written.worlds.pop(world)
        # An inline interface stays with its types, whatever becomes of its world.
        entries = [e for e in self._entries(text.entries, set()) if isinstance(e.item, Function) or _is_inline(e.item)]
        if entries:
            shell = self._worlds[world] = copy(world)
            shell.docs, shell.imports, shell.exports = None, {}, {}
            self._context.written.worlds[shell] = WorldText(entries=entries)

    def finish(self) -> None:
        """Note which interfaces and worlds of the package to print, if there are shells among them."""
        draft, excluded = self._context.draft, self._context.excluded
        if self._interfaces or self._worlds:
            interfaces = [self._interfaces.get(i, i) for i in draft.interfaces if i.name is not None]
            worlds = [self._worlds.get(w, w) for w in draft.worlds]
            self._context.written.packages[self._context.package] = PackageText(
                [i for i in interfaces if i not in excluded], [w for w in worlds if w not in excluded]
            )

    def _functions(self, functions: Iterable[Function], kept: set[Function]) -> Iterator[Function]:
        for function in functions:
            if function in kept:
                yield function
            else:
                yield from self._stand_ins([function], function.stability, function)

    def _entries(self, entries: Iterable[Entry], kept: set[int]) -> Iterator[Entry]:
        """The entries to print for a world; `kept` are the ids of the items that it still has."""
        for entry in entries:
            item = entry.item
            is_foreign = isinstance(item, WorldInterface) and item.interface.package is not self._context.package
            if id(item) in kept or is_foreign:
                yield entry
            elif isinstance(item, Function):
                yield from self._in_place_of(entry, [item], item)
            elif isinstance(item, WorldInterface) and item.interface.name is None:
                if item.interface not in self._context.excluded:
                    yield entry
                else:
                    yield from self._in_place_of(entry, item.interface.functions.values(), None)

    def _in_place_of(self, entry: Entry, functions: Iterable[Function], like: Function | None) -> Iterator[Entry]:
        for function in self._stand_ins(functions, entry.item.stability, like):
            yield Entry(entry.is_export, function.name, function)

    def _stand_ins(
        self, functions: Iterable[Function], stability: Stability | None, like: Function | None
    ) -> Iterator[Function]:
        """One function, gated as the original, that mentions the types which that gave the package; or none."""
        context = self._context
        types = [t for f in functions for t in context.arena.first_mentions.get(f, ()) if t not in context.excluded]
        if not types:
            return
        self._count += 1
        name = f"left-out-{self._count}"
        resource = like.resource if like is not None and like.resource not in context.excluded else None
        yield Function(
            name=f"[static]{resource.name}.{name}" if resource else name,
            kind=FunctionKind.STATIC if resource else FunctionKind.FREE,
            resource=resource,
            params=[Param(name=f"a{i}", type=t) for i, t in enumerate(types)],
            stability=stability,
        )


def _is_inline(item: WorldItem) -> bool:
    return isinstance(item, WorldInterface) and item.interface.name is None
