"""The world that a guest is built for: that of its project, those of its SDKs, or all of them merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.parts import Part, common_names, full_names, leading, part, top_level
from witkit.componentize.sdk_worlds import chosen_worlds, loads
from witkit.componentize.sdks import Sdk, find_sdks
from witkit.componentize.wit_copy import self_contained
from witkit.ir import Loaded, select_world
from witkit.ir.decode.merge import WorldsDiffer, merge
from witkit.ir.model import Resolve, World
from witkit.ir.union import Clash, intersect, union_to_wit, unite
from witkit.text import Diagnostic, WitkitError, error

WORLDS_CLASH: Final = "WIT0774"

OWN: Final = ""
"""The key for the project itself in mappings by SDK."""


@dataclass(frozen=True, slots=True)
class BuildTarget:
    """The world of a guest.

    `config` is that of the project, with the final names of the world and the modules. `wit` are the files of the
    folder that componentize-py reads. `own` is the guest's own package of bindings, if it has one. `borrowed` are
    packages that re-export the bindings of `config.world_module`. `worlds` are the qualified names of the merged worlds
    by SDK, with `OWN` as key for the project's own.
    """

    config: BuildConfig
    world: World
    wit: Mapping[str, str]
    sdks: tuple[Sdk, ...] = ()
    own: Part | None = None
    borrowed: tuple[Part, ...] = ()
    worlds: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def sdk_worlds(self) -> dict[str, Sequence[str]]:
        """The qualified names of the worlds of each SDK, by its module."""
        return {module: names for module, names in self.worlds.items() if module != OWN}

    @property
    def warnings(self) -> list[Diagnostic]:
        """Warnings about the settings of the SDKs."""
        return [warning for sdk in self.sdks for warning in sdk.warnings]


def build_target(config: BuildConfig, *, sdks: tuple[Sdk, ...] | None = None) -> BuildTarget:
    """The build target of a project, with the SDKs that its guest uses, or with the given ones.

    Raises `WitkitError` with all mistakes in its WIT, or in that of its SDKs.
    """
    sdks = find_sdks(config) if sdks is None else sdks
    own, theirs = loads(config, sdks)
    chosen = chosen_worlds(config, own, theirs)
    everything = [*own, *theirs.values()]
    if len(everything) == 1 and sum(map(len, chosen.values())) == 1 and not config.intersect_world:
        return _single(config, sdks, everything[0], chosen)
    return _united(config, sdks, everything, chosen)


def _single(config: BuildConfig, sdks: tuple[Sdk, ...], loaded: Loaded, chosen: Mapping[str, list[str]]) -> BuildTarget:
    """The target for one world of one folder, whose files are not changed."""
    name = next(name for names in chosen.values() for name in names)
    world = loaded.world(name)
    sides = {module: [world] for module, names in chosen.items() if names}
    return _target(config, sdks, world, sides, name, self_contained(loaded), chosen)


def _united(
    config: BuildConfig, sdks: tuple[Sdk, ...], everything: list[Loaded], chosen: Mapping[str, list[str]]
) -> BuildTarget:
    """The target for several worlds, merged in a package of its own."""
    resolve = _merged(everything)
    other = select_world(resolve, config.intersect_world) if config.intersect_world else None

    def found(name: str) -> World:
        world = select_world(resolve, name)
        return intersect(world, other) if other is not None else world

    sides = {module: [found(name) for name in names] for module, names in chosen.items() if names}
    every = [world for worlds in sides.values() for world in worlds]
    world = _unite(every)
    text = {"union.wit": union_to_wit(resolve, world)}
    return _target(config, sdks, world, sides, world.qualified_name, text, chosen)


def _target(
    config: BuildConfig,
    sdks: tuple[Sdk, ...],
    world: World,
    sides: Mapping[str, list[World]],
    name: str,
    wit: Mapping[str, str],
    chosen: Mapping[str, list[str]],
) -> BuildTarget:
    config.names.check(world)
    parts = list(_parts(config, sdks, sides))
    first = leading(parts)
    ordered = [first, *(part for part in parts if part is not first)]
    names = common_names(ordered) if sdks or len(ordered) > 1 else config.names
    module = first.package if first.package == config.world_module else top_level(first.package)
    installed = config.site_packages or (config.site_packages is None and any(sdk.is_installed for sdk in sdks))
    made = replace(config, world=(name,), world_module=module, names=names, has_installed=installed)
    own = next((part for part in parts if part.package == config.world_module), None)
    return BuildTarget(made, world, wit, sdks, own, tuple(p for p in ordered if p.package != module), chosen)


def _parts(config: BuildConfig, sdks: tuple[Sdk, ...], sides: Mapping[str, list[World]]) -> Iterator[Part]:
    """The project's own bindings, with those of SDKs without a bindings package; and those of the other SDKs."""
    homeless = [sdk for sdk in sdks if sdk.bindings is None and sdk.module in sides]
    own = [*sides.get(OWN, []), *(world for sdk in homeless for world in sides[sdk.module])]
    if own:
        imports, exports = full_names(world for sdk in homeless if sdk.full_names for world in sides[sdk.module])
        names = replace(
            config.names, imports={**imports, **config.names.imports}, exports={**exports, **config.names.exports}
        )
        yield part(config.world_module, _unite(own), names, sdks)
    for sdk in sdks:
        if sdk.bindings is not None and sdk.module in sides:
            names = replace(config.names, full=config.names.full or sdk.full_names)
            yield part(sdk.bindings, _unite(sides[sdk.module]), names, [sdk])


def _unite(worlds: Sequence[World]) -> World:
    try:
        different = list(dict.fromkeys(worlds))
        return different[0] if len(different) == 1 else unite(different[0].name, different)
    except Clash as clash:
        message = f"two worlds define different items called `{clash.name}`: {_both(clash.first, clash.second)}"
        help = "move it to an interface in one of them, or choose other worlds with `world` or `module-worlds`"
        raise WitkitError([error(WORLDS_CLASH, message, clash.second.span, help=help)]) from None


def _both(one: World, other: World) -> str:
    return f"`{one.qualified_name}` and `{other.qualified_name}`"


def _merged(everything: Sequence[Loaded]) -> Resolve:
    first, *others = (loaded.resolve for loaded in everything)
    assert first is not None
    for other in others:
        assert other is not None
        try:
            merge(first, other)
        except WorldsDiffer as differ:
            message = f"two of the guest's WIT packages have a world `{differ}` with different imports or exports"
            help = "the guest and its SDKs must use the same version of a package"
            raise WitkitError([error(WORLDS_CLASH, message, help=help)]) from None
    return first
