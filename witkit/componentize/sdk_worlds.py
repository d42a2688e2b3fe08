"""Choose the worlds for a guest, from its own WIT and from that of its SDKs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.guest.names import GuestNames, world_class
from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import bound_names, module_file, parse
from witkit.componentize.parts import part
from witkit.componentize.sdks import Sdk
from witkit.ir import Features, Loaded, load
from witkit.ir.load.select import NO_SUCH_WORLD
from witkit.ir.model import World, WorldInterface
from witkit.text import Diagnostic, WitkitError, did_you_mean, error

NO_SDK_WORLD: Final = "WIT0772"

_START: Final = "create a project with `witkit new guest NAME`, or name the package: `witkit build --wit PATH`"


def loads(config: BuildConfig, sdks: Sequence[Sdk]) -> tuple[list[Loaded], dict[Sdk, Loaded]]:
    """The WIT of the project and of each SDK that has some. Raises `WitkitError` with all mistakes in it."""
    theirs = {sdk: _understood(load(sdk.wit, features=_features(config))) for sdk in sdks if sdk.wit}
    places = config.wit or (("wit",) if (config.root / "wit").exists() or not theirs else ())
    return [_own(config, place) for place in places], theirs


def chosen_worlds(config: BuildConfig, own: Sequence[Loaded], theirs: Mapping[Sdk, Loaded]) -> dict[str, list[str]]:
    """The qualified names of the worlds by the SDK's module. The key for the project's own is an empty string.

    A named world is used for each SDK that has it, unless `module_worlds` names the worlds of the SDK. Other worlds are
    the project's own. An SDK without a named world gets the one that the guest's classes implement.
    """
    found: dict[str, list[str]] = {"": []}
    for sdk, loaded in theirs.items():
        names = config.module_worlds.get(sdk.module)
        if names is None:
            worlds = [world for name in config.world if (world := _has(loaded, name))]
        else:
            worlds = [loaded.world(name) for name in names]
        found[sdk.module] = [world.qualified_name for world in worlds]
    taken = {name for names in found.values() for name in names}
    for name in config.world:
        if not any(_has(loaded, name) for loaded in theirs.values()):
            found[""].append(_named(name, own, theirs).qualified_name)
        elif config.module_worlds and not taken.intersection(_qualified(theirs, name)):
            found[""].append(_qualified(theirs, name)[0])
    if own and not config.world:
        found[""].append(own[0].world(None).qualified_name)
    for sdk, loaded in theirs.items():
        alone = not own and len(theirs) == 1
        found[sdk.module] = found[sdk.module] or [_fitting(config, sdk, loaded, alone=alone).qualified_name]
    return found


def _own(config: BuildConfig, place: str) -> Loaded:
    where = config.root / place
    try:
        return _understood(load(where, features=_features(config)))
    except WitkitError as missing:
        if where.exists():
            raise
        raise WitkitError(replace(problem, help=_START) for problem in missing.diagnostics) from None


def _understood(loaded: Loaded) -> Loaded:
    if loaded.resolve is None:
        raise WitkitError(problem for problem in loaded.diagnostics if problem.is_error)
    return loaded


def _features(config: BuildConfig) -> Features:
    return Features(names=frozenset(config.features))


def _has(loaded: Loaded, name: str) -> World | None:
    try:
        return loaded.world(name)
    except WitkitError:
        return None


def _qualified(theirs: Mapping[Sdk, Loaded], name: str) -> list[str]:
    return [world.qualified_name for loaded in theirs.values() if (world := _has(loaded, name))]


def _named(name: str, own: Sequence[Loaded], theirs: Mapping[Sdk, Loaded]) -> World:
    """A world of the project's own WIT. Raises `WitkitError`, which lists the worlds that there are."""
    for loaded in own:
        if (world := _has(loaded, name)) is not None:
            return world
    if len(own) == 1 and not theirs:
        return own[0].world(name)
    known = [world for loaded in (*own, *theirs.values()) for world in _worlds(loaded)]
    names = [world.qualified_name for world in known]
    near = did_you_mean(name, [*names, *(name.partition("@")[0] for name in names)])
    older = [world for world in names if world.partition("@")[0] == name.partition("@")[0]]
    help = f"there is `{older[0]}`" if older else near or f"name one of {_list(names)}"
    sources = [str(loaded.package.name) for loaded in (*own, *theirs.values()) if loaded.package]
    message = f"there is no world `{name}` in {', '.join(f'`{source}`' for source in sources)}"
    raise WitkitError([error(NO_SUCH_WORLD, message, help=help)])


def _worlds(loaded: Loaded) -> list[World]:
    """The worlds of the package itself, without those of its dependencies."""
    return list(loaded.package.worlds.values()) if loaded.package else []


def _fitting(config: BuildConfig, sdk: Sdk, loaded: Loaded, *, alone: bool) -> World:
    """The SDK's world whose exports the guest implements, or its only one without exports.

    The latter is not used for an SDK that is `alone`, because a guest must export something. Raises `WitkitError`
    (WIT0772) if this is not exactly one world.
    """
    worlds = _worlds(loaded)
    if len(worlds) == 1:
        return worlds[0]
    file = module_file(config, config.app)
    defined = bound_names(parse(file)) if file is not None else set()
    classes = {world: _classes(config, sdk, world) for world in worlds}
    fitting = [world for world in worlds if world.exports and classes[world] <= (defined or set())]
    fitting = fitting or [world for world in worlds if not (world.exports or alone)]
    if len(fitting) == 1:
        return fitting[0]
    raise WitkitError([_not_one(config, sdk, classes, len(fitting))])


def _not_one(config: BuildConfig, sdk: Sdk, classes: Mapping[World, set[str]], fitting: int) -> Diagnostic:
    """The finding for a guest whose classes do not say which of an SDK's worlds it is for."""
    message = f"the SDK `{sdk.module}` has {len(classes)} worlds, and the classes of `{config.app}` fit "
    message += f"{fitting} of them" if fitting else "none of them"
    listed = [
        f"`{world.qualified_name}`" + (f" (needs {_list(sorted(names))})" if names else "")
        for world, names in classes.items()
    ]
    help = f"name one of {', '.join(listed)} with `-w`, or as `world` in `[tool.witkit.build]` of pyproject.toml"
    return error(NO_SDK_WORLD, message, file=str(sdk.wit), help=help)


def _classes(config: BuildConfig, sdk: Sdk, world: World) -> set[str]:
    """The classes that a guest of this world of the SDK must have."""
    chosen = ModuleNames(config.names.imports, config.names.exports, sdk.full_names or config.names.full)
    names = GuestNames(world, part(sdk.bindings or "", world, chosen, [sdk]).names)
    exported = [key for key, item in world.exports.items() if isinstance(item, WorldInterface)]
    own = [world_class(sdk.bindings or config.world_module)] if len(exported) < len(world.exports) else []
    return {*own, *(names.exported(key).protocol for key in exported)}


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
