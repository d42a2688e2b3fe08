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
        missing = [*self.wrong(module, [name for name in names if name not in imported], place)]
        yield from missing
        if not missing and len(parts) > known + 1:
            yield from self._wrong_member(".".join(parts[: known + 1]), parts[known + 1], place)

    def _wrong_member(self, cls: str, name: str, place: Span | None) -> Iterator[Diagnostic]:
        """A finding for a case of an enum, of flags, or of a variant that does not exist: `store.Color.red`."""
        exported, imported = f"{self._package}.exports.", f"{self._package}.imports."
        cases = self._cases.get(cls) or self._cases.get(cls.replace(exported, imported))
        if cases is None or name in cases or name.startswith("_") or name == "mro":
            return
        short = cls.rpartition(".")[2]
        if all(case.startswith(f"{short}_") for case in cases):
            near = did_you_mean(f"{short}_{name}", cases)
            help = near or f"its cases are classes: {', '.join(f'`{case}`' for case in cases)}"
        else:
            help = did_you_mean(name, cases) or f"it has {', '.join(f'`{case}`' for case in cases)}"
        yield error(NOT_IN_BINDINGS, f"`{cls}` has no `{name}`", place, help=help)

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
    def _trees(self) -> dict[str, ast.Module]:
        """Each module."""
        files = generate(self._world, GUEST, package=self._package, allow=True, names=self._chosen)
        paths = [(file.path.with_suffix("").parts, file.text) for file in files if file.path.suffix == ".py"]
        return {".".join(parts).removesuffix(".__init__"): ast.parse(text) for parts, text in paths}

    @cached_property
    def _cases(self) -> dict[str, list[str]]:
        """The cases of each enum and of flags, and the classes of each variant's cases, by the name with its module."""
        found = {}
        for module, tree in self._trees.items():
            for node in tree.body:
                match node:
                    case ast.ClassDef(name, bases=[ast.Name("Enum" | "Flag")], body=body):
                        targets = [each.targets[0] for each in body if isinstance(each, ast.Assign)]
                        found[f"{module}.{name}"] = [each.id for each in targets if isinstance(each, ast.Name)]
                    case ast.AnnAssign(
                        target=ast.Name(name), annotation=ast.Name("TypeAlias"), value=ast.BinOp() as value
                    ):
                        classes = [each.id for each in ast.walk(value) if isinstance(each, ast.Name)]
                        if all(each.startswith(f"{name}_") for each in classes):
                            found[f"{module}.{name}"] = classes
        return found

    @cached_property
    def _names(self) -> dict[str, set[str] | None]:
        """The names in each module, or None if its text does not say."""
        return {module: bound_names(tree) for module, tree in self._trees.items()}
