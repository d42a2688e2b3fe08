"""Check that the guest's classes have all functions of their exports, with the right parameters.

componentize-py checks only classes that derive from the bindings' Protocols, and only after some seconds. With other
classes the build succeeds, and the component traps when the function is called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.family import family
from witkit.componentize.modules import line, module_file, parse
from witkit.componentize.returned import returned_results
from witkit.componentize.signatures import misfits, needs_arguments, needs_constructor
from witkit.ir.model import World
from witkit.text import Diagnostic, Span, closest, error

if TYPE_CHECKING:
    from witkit.bindgen.guest.skeleton import Skeleton, SkeletonClass

MISSING_METHOD: Final = "WIT0758"
RAISED: Final = "WIT0759"
NO_ROOM: Final = "WIT0768"
NO_BASE: Final = "WIT0769"


def incomplete(config: BuildConfig, world: World) -> Iterator[Diagnostic]:
    """Findings for the classes of exports that certainly lack a function, or have one that cannot be called.

    A class that may get the function from elsewhere (a base in another module, a decorator, a metaclass, `__getattr__`)
    is not checked.
    """
    # Not needed if the component is up to date.
    from witkit.bindgen.guest.skeleton import skeleton

    for module in skeleton(world, config.world_module, config.names):
        name = config.app if module.name == "app" else module.name
        file = module_file(config, name)
        if file is not None:
            tree = parse(file)
            yield from _lacking(tree, module, file, config.world_module)
            for cls, origin in _taken(tree, module, config):
                yield from _lacking(parse(origin), replace(module, classes=[cls]), origin, config.world_module)


def _taken(tree: ast.Module, module: Skeleton, config: BuildConfig) -> Iterator[tuple[SkeletonClass, Path]]:
    """The classes that a module only imports, under their own names, with the files of the guest that they are from."""
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    stored |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    wanted = {each.name: each for each in module.classes if each.name not in stored}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [each.name for each in node.names if each.asname in (None, each.name) and each.name in wanted]
            origin = module_file(config, node.module) if names else None
            if origin is not None:
                yield from ((wanted[name], origin) for name in names)


def missing_methods(
    cls: str, methods: Iterable[str], file: Path | None, place: Span | None, others: Iterable[str] = ()
) -> Diagnostic:
    """The finding for a class that lacks functions of its export. `others` are names that it has, maybe misspelt."""
    methods, others = list(methods), [name for name in others if not name.startswith("_")]
    missing = ", ".join(f"`{method}`" for method in methods)
    renamed = [f"rename `{near}` to `{name}`" for name in methods if (near := closest(name, others))]
    help = ", ".join(renamed) or "a class must have all functions of its export"
    return error(MISSING_METHOD, f"class `{cls}` lacks {missing}", place, help=help, file=str(file or ""))


def without_arguments(cls: str, why: str, file: Path, place: Span | None) -> Diagnostic:
    """The finding for an export's class that componentize-py cannot instantiate, because of its `__init__`."""
    message = f"class `{cls}` cannot be instantiated without arguments: `__init__` {why}"
    help = "componentize-py creates an object of the class for each of its functions, without arguments"
    return error(RAISED, message, place, help=help, file=str(file))


def _lacking(tree: ast.Module, module: Skeleton, file: Path, world_module: str) -> Iterator[Diagnostic]:
    wanted = {each.name: each for each in module.classes}
    for node in tree.body:
        known = family(node, tree, world_module) if isinstance(node, ast.ClassDef) and node.name in wanted else None
        if known is None:
            continue
        has, place = known.names, line(file, node.lineno)
        lacks = [f.name for f in wanted[known.name].functions if has is not None and f.name not in has]
        is_made = has is None or "__new__" in has or not needs_constructor(known, wanted[known.name])
        if lacks := [name for name in lacks if name != "__init__" or not is_made]:
            others = sorted((has or set()) - {f.name for f in wanted[known.name].functions})
            yield missing_methods(known.name, lacks, file, place, others)
        if module.name == "app" and (wrong := needs_arguments(known)):
            yield without_arguments(known.name, wrong, file, place)
        if module.name != "app" and known.is_frozen:
            yield _frozen(known.name, file, place)
        elif module.name != "app" and not known.has_room:
            yield _without_room(known.name, file, place)
        yield from misfits(known, wanted[known.name], file)
        yield from returned_results(known, wanted[known.name], tree, file)
        if has is not None and not known.has_protocol:
            yield from _without_base(has, wanted[known.name], file, place)


def _without_base(has: set[str], wanted: SkeletonClass, file: Path, place: Span | None) -> Iterator[Diagnostic]:
    """componentize-py starts an `async` function by a method that only the Protocol of the bindings has."""
    from witkit.bindgen.guest.views import written_imports  # not needed if the component is up to date

    started = [each.name for each in wanted.functions if each.is_async and f"_async_start_{each.name}" not in has]
    if started and wanted.base != "object":  # for an interface without a Protocol there is a warning
        several = "s" if len(started) > 1 else ""
        names = ", ".join(f"`{name}`" for name in started)
        message = f"the component cannot call the `async` function{several} {names} of class `{wanted.name}`"
        lines = "; ".join(line for line in written_imports(wanted.imports) if line)
        help = f"only the Protocol of the bindings can start them: `{lines}` and `class {wanted.name}({wanted.base}):`"
        yield error(NO_BASE, message, place, help=help, file=str(file))


def _frozen(cls: str, file: Path, place: Span | None) -> Diagnostic:
    message = f"objects of `{cls}` cannot become resources: a frozen dataclass refuses the attribute for their handle"
    return error(NO_ROOM, message, place, help="remove `frozen=True`", file=str(file))


def _without_room(cls: str, file: Path, place: Span | None) -> Diagnostic:
    message = f"objects of `{cls}` cannot become resources: `__slots__` does not have an attribute for their handle"
    help = 'remove `__slots__`, or add `"__dict__"` and `"__weakref__"` to it'
    return error(NO_ROOM, message, place, help=help, file=str(file))
