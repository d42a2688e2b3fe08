"""Resolves one package whose dependencies are resolved already."""

from __future__ import annotations

from collections.abc import Mapping

from witkit.ir.features import Features
from witkit.ir.model import Interface, Package, Resolve, World
from witkit.ir.report import Report
from witkit.ir.resolve.attributes import Gates
from witkit.ir.resolve.context import Context
from witkit.ir.resolve.elaborate import elaborate
from witkit.ir.resolve.finish import Finisher
from witkit.ir.resolve.foreign import Foreign
from witkit.ir.resolve.include import process_includes
from witkit.ir.resolve.interfaces import resolve_interface
from witkit.ir.resolve.items import Items
from witkit.ir.resolve.units import Unit
from witkit.ir.resolve.worlds import resolve_world
from witkit.ir.written import Written
from witkit.syntax import nodes


def resolve_package(
    unit: Unit,
    resolve: Resolve,
    known: dict[str, Package],
    units: Mapping[str, Unit],
    features: Features,
    report: Report,
    written: Written,
) -> Package:
    """Add the package of `unit` to `resolve`, and its findings to `report`.

    `known` are the packages that are resolved, by full name; `units` are the texts of all packages. `written` gets
    what the text says beyond the model.
    """
    package = Package(name=unit.name, docs=unit.docs, span=unit.span)
    gates = Gates(unit.name, features, report, is_versioned=not unit.is_misnamed)
    context = Context(unit, package, resolve, written, gates, report)
    resolve.packages.append(package)
    foreign = Foreign(context, unit, known, units)
    foreign.populate()
    items = Items(context, unit, foreign)
    items.populate()
    _resolve_items(context, items)
    Finisher(context).run()
    for world in context.draft.worlds:
        if world not in context.excluded:
            process_includes(context, world)
            elaborate(context, world)
    return package


def _resolve_items(context: Context, items: Items) -> None:
    context.draft.interfaces.extend(d.item for d in items.order if isinstance(d.item, Interface))
    context.draft.worlds.extend(d.item for d in items.order if isinstance(d.item, World))
    for declared in items.order:
        if isinstance(declared.item, Interface) and isinstance(declared.node, nodes.Interface):
            resolve_interface(items, declared.file, declared.item, declared.node, declared.node.items)
    for declared in items.order:
        if isinstance(declared.item, World) and isinstance(declared.node, nodes.World):
            resolve_world(items, declared.file, declared.item, declared.node)
