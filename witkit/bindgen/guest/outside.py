"""A module outside of the bindings, which imports them by their absolute names."""

from __future__ import annotations

from collections.abc import Iterable

from witkit.bindgen.common.naming import camel
from witkit.bindgen.guest.spelling import GuestSpeller
from witkit.bindgen.guest.types import STREAMS, VALUES, HomePath, Homes
from witkit.ir.model import TypeDef


class OutsideSpeller(GuestSpeller):
    """The names of such a module. `own` are types for which it has classes itself."""

    def __init__(self, world_module: str, homes: Homes, taken: Iterable[str]) -> None:
        super().__init__(HomePath("guest", "app"), homes, taken)
        self.world_module = world_module
        self.own: dict[TypeDef, str] = {}

    def need(self, module: str, name: str) -> str:
        if module == VALUES:
            return super().need("componentize_py_types", name)
        if module == STREAMS:
            part = "futures" if name.startswith("Future") else "streams"
            return super().need(f"componentize_py_async_support.{part}", name)
        return super().need(module, name)

    def package(self, home: HomePath) -> str:
        return f"{self.world_module}.{home.direction}" if home.direction else self.world_module

    def reference(self, type_: TypeDef, own: TypeDef | None = None, *, private: str = "") -> str:
        if type_ in self.own:
            return self.own[type_]
        home = self.homes.of(type_)
        if type_ is own or home.module:
            return super().reference(type_, own, private=private)
        return self.need(self.world_module, camel(type_.name or ""))
