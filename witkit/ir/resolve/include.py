"""`include`: the imports and exports of another world become this world's own.

Interfaces that are named by their path are merged; everything else is copied (`witkit.ir.clone`), perhaps under a new
name, and must not clash with what the world already has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy

from witkit._names import folded
from witkit.ir.clone import Cloner
from witkit.ir.model import Function, Interface, Stable, TypeDef, World, WorldInterface, WorldItem, WorldKey
from witkit.ir.report import first_defined
from witkit.ir.resolve.context import Context, Inclusion
from witkit.ir.resolve.scopes import TOO_ALIKE
from witkit.ir.written import IncludeText
from witkit.text import Related, Span

SHADOWED = "WIT0215"
NOTHING_TO_RENAME = "WIT0216"
EXCLUDED_WORLD = "WIT0408"
STABILITIES_DIFFER = "WIT0409"

_MOST_NAMES = 10


def process_includes(context: Context, world: World) -> None:
    """Add what each `include` of `world` brings. Included worlds of this package must be processed before."""
    inclusions = context.draft.inclusions.get(world)
    if not inclusions:
        return
    taken = _Taken(context, world)
    for include in inclusions:
        is_on = context.gates.includes(include.stability, include.span)
        if is_on or include.world.package is not world.package:
            pairs = [(r.name.name, r.alias.name if r.alias else r.name.name) for r in include.renames]
            text = IncludeText(include.world, pairs, include.stability, include.span)
            context.written.worlds[world].includes.append(text)
        if not is_on:
            continue
        if include.world in context.excluded:
            context.report.error(
                EXCLUDED_WORLD,
                f"this includes world `{include.world.name}` whose feature is not enabled",
                include.span,
                help="gate the `include` with the same `@unstable(feature = …)`, or enable it with `--features`",
            )
        elif include.world not in context.draft.cyclic:
            _include(context, world, include, taken)


class _Taken:
    """The names of a world's imports, and those of its exports, which must be strongly unique (Explainer.md)."""

    def __init__(self, context: Context, world: World) -> None:
        self._context = context
        self._world = world
        self._names: dict[str, dict[str, str]] = {"import": {}, "export": {}}
        for what, items in (("import", world.imports), ("export", world.exports)):
            for key in items:
                if isinstance(key, str):
                    self._names[what].setdefault(_unique(key), key)

    def add(self, what: str, key: str, item: WorldItem, span: Span) -> None:
        """Take a name that is not in the world yet; `span` is the `include` that brings it."""
        before = self._names[what].setdefault(_unique(key), key)
        if before != key:
            self._context.report.error(
                TOO_ALIKE,
                f"{what} `{key}` conflicts with {what} `{before}` in world `{self._world.name}`",
                span,
                related=first_defined(item.span),
                help=f"rename what is included: `include … with {{ {key} as other-name }}`",
            )


def _include(context: Context, world: World, include: Inclusion, taken: _Taken) -> None:
    source = include.world
    _check_renames(context, include)
    cloner = Cloner(context.resolve, source, world, context.written.originals)
    is_foreign = source.package is not world.package
    renames = {r.name.name: r.alias.name if r.alias else r.name.name for r in reversed(include.renames)}
    new: list[tuple[str, str, WorldItem]] = []
    is_free = True
    for items, into, what in ((source.imports, world.imports, "import"), (source.exports, world.exports, "export")):
        for key, item in list(items.items()):
            if isinstance(key, Interface):
                assert isinstance(item, WorldInterface)
                _merge(context, into, key, item, is_foreign=is_foreign, span=include.span)
                continue
            name = _renamed(key, renames)
            copied = cloner.item(item)
            if isinstance(copied, Function | TypeDef):
                copied.name = name
            if name in into:
                is_free = False
                _shadowed(context, into[name], name, what, include.span)
            into[name] = copied
            new.append((what, name, copied))
    # If two resources have one name, which is reported already, their functions clash as well.
    for what, name, copied in new if is_free else ():
        taken.add(what, name, copied, include.span)


def _unique(key: str) -> str:
    """The part of a name that must be unique: `[method]` and `[static]` share names, and `a.a` clashes with `a`."""
    key = folded(key)
    annotation, bracket, rest = key.partition("]")
    if not bracket or annotation == "[constructor":
        return key
    head, _, tail = rest.partition(".")
    return head if head == tail else rest


def _merge(
    context: Context,
    into: dict[WorldKey, WorldItem],
    key: Interface,
    item: WorldInterface,
    *,
    is_foreign: bool,
    span: Span,
) -> None:
    """Keep what is there. Stabilities must agree, except that `@since` of another package has no meaning here."""
    mine = into.get(key)
    if mine is None:
        mine = into[key] = copy(item)
    theirs = item.stability
    if is_foreign and isinstance(theirs, Stable):
        mine.stability = None
    elif theirs is None or theirs == mine.stability:
        return
    elif mine.stability is None:
        mine.stability = theirs
    else:
        context.report.error(
            STABILITIES_DIFFER,
            f"the included world gives interface `{key.name}` a different stability from this world",
            span,
            related=first_defined(mine.span),
            help="give both the same `@since` or `@unstable`",
        )


def _renamed(key: str, renames: Mapping[str, str]) -> str:
    """A key after the renames, which also apply inside `[method]a.m` and `[constructor]a`."""
    head = _head(key)
    if head not in renames:
        return key
    kind, bracket, rest = key.rpartition("]")
    return f"{kind}{bracket}{renames[head]}{rest[len(head) :]}"


def _check_renames(context: Context, include: Inclusion) -> None:
    if not include.renames:
        return
    keys = [*include.world.imports, *include.world.exports]
    names = {_head(key) for key in keys if isinstance(key, str)}
    by_path = {key.name for key in keys if isinstance(key, Interface)}
    choice = _choice(include.world, names)
    for rename in include.renames:
        old = rename.name
        if old.name not in names and not context.unit.may_define(old.name):
            near = "" if old.name in by_path else context.report.did_you_mean(old.name, names)
            context.report.error(
                NOTHING_TO_RENAME,
                f"world `{include.world.name}` has no import or export named `{old.name}`",
                old.span,
                related=[Related(include.world.span, "the world")] if include.world.span else (),
                help=near or choice,
            )


def _head(key: str) -> str:
    """The name that a rename refers to: for a function of a resource, the name of the resource."""
    return key.partition("]")[2].partition(".")[0] if key.startswith("[") else key


def _choice(world: World, names: Collection[str]) -> str:
    """A sentence that lists what can be renamed in a world."""
    if not names:
        return f"nothing in `{world.name}` can be renamed: interfaces that it names by their path keep their names"
    first = sorted(names)[:_MOST_NAMES]
    more = ", …" if len(names) > len(first) else ""
    return f"`{world.name}` has these names to rename: {', '.join(f'`{name}`' for name in first)}{more}"


def _shadowed(context: Context, previous: WorldItem, name: str, what: str, span: Span) -> None:
    context.report.error(
        SHADOWED,
        f"{what} of `{name}` shadows previously {what}ed items",
        span,
        related=first_defined(previous.span),
        help=f"rename what is included: `include … with {{ {name} as other-name }}`",
    )
