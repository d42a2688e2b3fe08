"""Compare what a component imports and exports with what a world promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from witkit.abi.versions import compatible, find, split
from witkit.checks.fits.functions import differs
from witkit.checks.fits.machine import has
from witkit.ir.model import Function, Interface, Resource, TypeDef, World, WorldInterface, WorldItem, WorldKey
from witkit.ir.show.types import signature_text
from witkit.text import Diagnostic, Related, Span, did_you_mean, error

UNMET_IMPORT: Final = "WIT0780"
OTHER_TYPE: Final = "WIT0781"
MISSING_EXPORT: Final = "WIT0782"


def fits(component: World, world: World, *, file: str = "", wasi: str | None = None) -> list[Diagnostic]:
    """Everything that prevents a component from running in a host that promises a world.

    The host provides the imports of the world and calls its exports. The component may import less and export more.
    `wasi` is a release of WASI that the host has as well. `file` is what the findings are about.
    """
    imports = _Comparison(component.imports, world.imports, world, file, wasi, is_import=True)
    exports = _Comparison(world.exports, component.exports, world, file, None, is_import=False)
    return [*imports.findings(), *exports.findings()]


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One direction. `asked` is needed by one side, the component for imports, and the other side has `given`."""

    asked: Mapping[WorldKey, WorldItem]
    given: Mapping[WorldKey, WorldItem]
    world: World
    file: str
    wasi: str | None
    is_import: bool

    def findings(self) -> Iterator[Diagnostic]:
        for key, item in self.asked.items():
            if isinstance(item, WorldInterface):
                yield from self._interface(key, item)
            elif isinstance(item, Function):
                yield from self._function(item, self._own_function(item.name), item.name, item.name, self.world.span)
            elif isinstance(item.kind, Resource) and not isinstance(self.given.get(key), TypeDef):
                yield self._missing(item.name or "", "", item.span)

    def _own_function(self, name: str) -> Function | None:
        found = self.given.get(name)
        return found if isinstance(found, Function) else None

    def _interface(self, key: WorldKey, item: WorldInterface) -> Iterator[Diagnostic]:
        name = key if isinstance(key, str) else item.qualified_name or ""
        if not _does_something(item.interface):
            return
        found = self._given(name, item.qualified_name)
        if found is None:
            if self.wasi is None or not has(self.wasi, name):
                yield self._missing(name, self._near(name), item.span)
            return
        place = found.span or found.interface.span if self.is_import else item.span
        shown = found.qualified_name or name
        for function in item.interface.functions.values():
            other = found.interface.functions.get(function.name)
            yield from self._function(function, other, f"{name}#{function.name}", shown, place)
        for type_ in item.interface.types.values():
            if isinstance(type_.kind, Resource) and type_.name not in found.interface.types:
                yield self._lacks(f"the resource `{type_.name}` of `{name}`", shown, "", place)

    def _given(self, name: str, interface: str | None) -> WorldInterface | None:
        """What is given for an interface: by its label, else by its name in a compatible version."""
        items = {key: item for key, item in self.given.items() if isinstance(item, WorldInterface)}
        if (labelled := items.get(name)) is not None:
            return labelled
        names = {item.qualified_name: item for key, item in items.items() if not isinstance(key, str)}
        known = [each for each in names if each is not None]
        best = find(name, known) or (find(interface, known) if interface else None)
        return names[best] if best is not None else None

    def _function(
        self, asked: Function, given: Function | None, name: str, within: str, place: Span | None
    ) -> Iterator[Diagnostic]:
        if given is None and name == within:
            yield self._missing(name, did_you_mean(name, [k for k in self.given if isinstance(k, str)]), asked.span)
        elif given is None:
            yield self._lacks(f"`{name}: {signature_text(asked)}`", within, "", place)
        else:
            component, promised = (asked, given) if self.is_import else (given, asked)
            if difference := differs(component, promised):
                related = self._related(promised.span, "promised here")
                help = "build the component with the WIT of the world"
                message = f"`{name}` does not fit: {difference}"
                yield error(OTHER_TYPE, message, file=self.file, related=related, help=help)

    def _missing(self, name: str, near: str, span: Span | None) -> Diagnostic:
        world = self.world.qualified_name
        if self.is_import:
            help = near or f"import it in `{self.world.name}` if the host links it, or build the component without it"
            message = f"the component imports `{name}`, which `{world}` does not promise"
            return error(UNMET_IMPORT, message, file=self.file, help=help)
        help = near or "build the component for this world"
        related = self._related(span, "promised here")
        message = f"the component does not export `{name}`, which a host of `{world}` calls"
        return error(MISSING_EXPORT, message, file=self.file, related=related, help=help)

    def _lacks(self, what: str, within: str, near: str, place: Span | None) -> Diagnostic:
        """A part of an interface that only the side has which asks for it."""
        if self.is_import:
            help = near or "link a host that has it, or build the component without it"
            message = f"the component imports {what}, which the world's `{within}` does not have"
            return error(UNMET_IMPORT, message, file=self.file, related=self._related(place, "linked here"), help=help)
        help = near or "build the component for this world"
        message = f"the component's `{within}` does not have {what}"
        return error(MISSING_EXPORT, message, file=self.file, related=self._related(place, "promised here"), help=help)

    def _near(self, name: str) -> str:
        """What comes near the name of an interface that is not given."""
        base, _ = split(name)
        known = [
            item.qualified_name if not isinstance(key, str) else key
            for key, item in self.given.items()
            if isinstance(item, WorldInterface)
        ]
        names = [each for each in known if each]
        other = [each for each in names if split(each)[0] == base and not compatible(each, name)]
        if other:
            who = "the host links" if self.is_import else "the component exports"
            return f"{who} {' and '.join(f'`{each}`' for each in other)}, which is not compatible"
        if self.is_import and base.startswith("wasi:"):
            release = f"WASI {self.wasi} is not enough" if self.wasi else "`--wasi VERSION` is for hosts that have WASI"
            return f"{release}; the world can import it, too"
        # The namespace and the package alone make no name near.
        own = base.rpartition("/")[2]
        return did_you_mean(name, [each for each in names if did_you_mean(own, [split(each)[0].rpartition("/")[2]])])

    @staticmethod
    def _related(span: Span | None, words: str) -> tuple[Related, ...]:
        return (Related(span, words),) if span is not None else ()


def _does_something(interface: Interface) -> bool:
    """Whether it has more than types, which nobody has to provide."""
    return bool(interface.functions) or any(isinstance(each.kind, Resource) for each in interface.types.values())
