"""Check that the guest's classes have all functions of their exports, with the right parameters.

componentize-py checks only classes that derive from the bindings' Protocols, and only after some seconds. With other
classes the build succeeds, and the component traps when the function is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.componentize.definition import Definition, Definitions
from witkit.componentize.family import Family, family
from witkit.componentize.modules import line
from witkit.componentize.returned import returned_results
from witkit.componentize.signatures import misfits, needs_arguments, needs_constructor
from witkit.componentize.target import BuildTarget
from witkit.text import Diagnostic, Span, closest, error

if TYPE_CHECKING:
    from witkit.bindgen.guest.skeleton import SkeletonClass

MISSING_METHOD: Final = "WIT0758"
RAISED: Final = "WIT0759"
NO_ROOM: Final = "WIT0768"
NO_BASE: Final = "WIT0769"


def incomplete(target: BuildTarget) -> Iterator[Diagnostic]:
    """Findings for the classes of exports that certainly lack a function, or have one that cannot be called.

    A class that may get the function from elsewhere (a base in another module, a decorator, a metaclass, `__getattr__`)
    is not checked.
    """
    # Not needed if the component is up to date.
    from witkit.bindgen.guest.skeleton import skeleton

    config, world = target.config, target.world
    packages = [config.world_module, *(sdk.bindings for sdk in target.sdks if sdk.bindings)]
    definitions = Definitions(config, packages)
    for module in skeleton(world, config.world_module, config.names):
        name = config.app if module.name == "app" else module.name
        found = [(each, wanted) for wanted in module.classes if (each := definitions.find(name, wanted.name))]
        for each, wanted in sorted(found, key=lambda pair: (pair[0].file, pair[0].node.lineno)):
            yield from _lacking(each, wanted, packages, is_resource=module.name != "app")


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


def _lacking(
    found: Definition, wanted: SkeletonClass, packages: Sequence[str], *, is_resource: bool
) -> Iterator[Diagnostic]:
    file, known = found.file, family(found.node, found.tree, packages)
    if known is None:
        return
    has, place = known.names, line(file, found.node.lineno)
    lacks = [f.name for f in wanted.functions if has is not None and f.name not in has]
    is_made = has is None or "__new__" in has or not needs_constructor(known, wanted)
    if lacks := [name for name in lacks if name != "__init__" or not is_made]:
        others = sorted((has or set()) - {f.name for f in wanted.functions})
        yield missing_methods(known.name, lacks, file, place, others)
    if not is_resource and (wrong := needs_arguments(known)):
        yield without_arguments(known.name, wrong, file, place)
    if is_resource and known.is_frozen:
        yield _frozen(known.name, file, place)
    elif is_resource and not known.has_room:
        yield _without_room(known, file, place)
    yield from misfits(known, wanted, file)
    yield from returned_results(known, wanted, found.tree, file)
    if has is not None and not known.has_protocol:
        yield from _without_base(has, wanted, file, place)


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


def _without_room(known: Family, file: Path, place: Span | None) -> Diagnostic:
    why, help = "`__slots__` does not have", 'remove `__slots__`, or add `"__dict__"` and `"__weakref__"` to it'
    if known.is_named_tuple:
        why, help = "a named tuple does not have", "write a class or a dataclass, or derive the class from the tuple"
    message = f"objects of `{known.name}` cannot become resources: {why} an attribute for their handle"
    return error(NO_ROOM, message, place, help=help, file=str(file))
