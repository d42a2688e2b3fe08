"""`include`: the imports and exports of another world become this world's own (rule 11)."""

from __future__ import annotations

from copy import copy

from witkit._names import folded
from witkit.ir import model
from witkit.ir.clone import Cloner
from witkit.ir.model import Function, Interface, Stable, TypeDef, World, WorldInterface, WorldItem, WorldKey
from witkit.ir.report import first_defined
from witkit.ir.resolve.context import Context, Included
from witkit.ir.resolve.scopes import TOO_ALIKE
from witkit.syntax import nodes
from witkit.text import Span

SHADOWED = "WIT0215"
NOTHING_TO_RENAME = "WIT0216"
EXCLUDED_WORLD = "WIT0408"
STABILITIES_DIFFER = "WIT0409"


def process_includes(context: Context, world: World) -> None:
    """Copy what every `include` of `world` brings; included worlds of this package are complete already."""
    for include in context.includes.get(world, ()):
        is_on = context.gates.includes(include.stability, include.span)
        if world.written is not None and (is_on or include.world.package is not world.package):
            pairs = [(r.name.name, r.alias.name if r.alias else r.name.name) for r in include.renames]
            world.written.includes.append(model.Include(include.world, pairs, include.stability))
        if not is_on:
            continue
        if include.world in context.excluded:
            context.report.error(
                EXCLUDED_WORLD,
                f"this includes world `{include.world.name}` whose feature is not on",
                include.span,
                help="gate the `include` by the same `@unstable(feature = …)`, or turn it on with `--features`",
            )
        elif include.world not in context.unfinished and _include(context, world, include):
            _check_names(context, world, include.span)


def _include(context: Context, world: World, include: Included) -> bool:
    """Copy the items; False (after a finding) if a name is taken already: which functions clash follows from that."""
    source = include.world
    _check_renames(context, include)
    cloner = Cloner(context.resolve, source, world)
    is_foreign, is_free = source.package is not world.package, True
    for taken, into, what in ((source.imports, world.imports, "import"), (source.exports, world.exports, "export")):
        for key, item in list(taken.items()):
            if isinstance(key, Interface):
                assert isinstance(item, WorldInterface)
                _merge(context, into, key, item, is_foreign=is_foreign, span=include.span)
                continue
            name = _new_name(key, include.renames)
            new = cloner.item(item)
            if isinstance(new, Function | TypeDef):
                new.name = name
            if name in into:
                is_free = False
                _shadowed(context, into[name], name, what, include.span)
            into[name] = new
    return is_free


def _check_names(context: Context, world: World, span: Span) -> None:
    """The names of imports must stay strongly unique, and those of exports."""
    for what, items in (("import", world.imports), ("export", world.exports)):
        seen: dict[str, str] = {}
        for key, item in items.items():
            if isinstance(key, str) and (before := seen.setdefault(_unique(key), key)) != key:
                context.report.error(
                    TOO_ALIKE,
                    f"{what} `{key}` conflicts with {what} `{before}` in world `{world.name}`",
                    span,
                    related=first_defined(item.span),
                    help=f"rename what is included: `include … with {{ {key} as other-name }}`",
                )


def _unique(key: str) -> str:
    """What must be unique: `[method]` and `[static]` are alike, and `a.a` is as `a` itself."""
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
    """Keep what is there; stabilities are joined, those of another package's versions mean nothing here."""
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
            f"the included world gives interface `{key.name}` another stability than this world",
            span,
            related=first_defined(mine.span),
            help="give both the same `@since` or `@unstable`",
        )


def _new_name(name: str, renames: list[nodes.UsedName]) -> str:
    return next((new for r in renames if (new := renamed(name, r)) is not None), name)


def renamed(name: str, rename: nodes.UsedName) -> str | None:
    """What `rename` makes of a key, also inside `[method]a.m` and `[constructor]a`; None where it does not apply."""
    old, new = rename.name.name, rename.alias.name if rename.alias else rename.name.name
    if name == old:
        return new
    kind, bracket, rest = name.partition("]")
    if not bracket:
        return None
    head, dot, tail = rest.partition(".")
    return f"{kind}]{new}{dot}{tail}" if head == old or rest == old else None


def _check_renames(context: Context, include: Included) -> None:
    names = [key for key in (*include.world.imports, *include.world.exports) if isinstance(key, str)]
    for rename in include.renames:
        old = rename.name
        if not any(renamed(name, rename) is not None for name in names) and not context.unit.may_define(old.name):
            near = context.report.did_you_mean(old.name, names)
            context.report.error(
                NOTHING_TO_RENAME,
                f"world `{include.world.name}` has no import or export named `{old.name}`",
                include.span,
                help=near or "interfaces that stand there by their path cannot be renamed",
            )


def _shadowed(context: Context, previous: WorldItem, name: str, what: str, span: Span) -> None:
    context.report.error(
        SHADOWED,
        f"{what} of `{name}` shadows previously {what}ed items",
        span,
        related=first_defined(previous.span),
        help=f"rename what is included: `include … with {{ {name} as other-name }}`",
    )
