"""The modules that componentize-py generates for a guest, to check the guest's imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from witkit.bindgen import generate
from witkit.bindgen.guest.target import GUEST
from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import bound_names
from witkit.ir.model import World
from witkit.text import Diagnostic, Span, did_you_mean, error

NOT_IN_BINDINGS: Final = "WIT0765"

_OWN: Final = ("annotations", "abstractmethod", "dataclass", "Protocol", "TypeAlias")
"""Names that the bindings import for their own use."""
_VALUES: Final = ("Err", "Ok", "Result", "Some")


class Bindings:
    """The bindings of a guest's world, generated when they are first needed."""

    def __init__(self, config: BuildConfig, world: World) -> None:
        self._package, self._world, self._chosen = config.world_module, world, config.names

    def are(self, module: str) -> bool:
        """Whether a module with this name belongs to the bindings, if it exists."""
        return module.partition(".")[0] == self._package

    def wrong(self, module: str, names: Sequence[str], place: Span | None) -> Iterator[Diagnostic]:
        """A finding if the bindings do not have what is imported."""
        if module not in self._names:
            # Report the first missing part: nothing can be missing in a package that does not exist.
            yield from self.wrong_read(module, place)
            return
        for name in names:
            known = self._names[module]
            is_there = f"{module}.{name}" in self._names or known is None or name in known
            if not (is_there or name == "*" or name.startswith("_")):
                yield self._missing(name, module, place)

    def wrong_read(self, name: str, place: Span | None) -> Iterator[Diagnostic]:
        """A finding if the bindings lack a dotted name that a guest uses: `wit_world.imports.keyvalue.open`."""
        parts = name.split(".")
        known = max(count for count in range(1, len(parts) + 1) if ".".join(parts[:count]) in self._names)
        module, names = ".".join(parts[:known]), parts[known : known + 1]
        # `from wit_world.exports import x` imports the imported interface if there is one with the same name.
        imported = self._names.get(module.replace(f"{self._package}.exports.", f"{self._package}.imports.")) or set()
        yield from self.wrong(module, [name for name in names if name not in imported], place)

    def _missing(self, name: str, package: str, place: Span | None) -> Diagnostic:
        there = [known.rpartition(".")[2] for known in self._names if known.rpartition(".")[0] == package]
        there += [known for known in self._names.get(package) or () if known not in _OWN]
        there = sorted({known for known in there if not known.startswith("_")})
        help = did_you_mean(name, there) or f"it has {', '.join(f'`{known}`' for known in there)}"
        if package == self._package and name in ("imports", "exports"):
            help = f"the world {name} no interfaces: its own functions are in `{package}` itself"
        if name in _VALUES:
            help = f"write `from componentize_py_types import {name}`"
        return error(NOT_IN_BINDINGS, f"`{package}` has no `{name}`", place, help=help if there else "")

    @cached_property
    def _names(self) -> dict[str, set[str] | None]:
        """The names in each module, or None if its text does not say."""
        found = {}
        for file in generate(self._world, GUEST, package=self._package, allow=True, names=self._chosen):
            if file.path.suffix == ".py":
                module = ".".join(file.path.with_suffix("").parts).removesuffix(".__init__")
                found[module] = bound_names(ast.parse(file.text))
        return found
