"""Selects one world of what was loaded."""

from __future__ import annotations

from witkit.ir.model import Resolve, World
from witkit.text import Related, Span, WitkitError, did_you_mean, error

NO_SUCH_WORLD = "WIT0513"
WORLD_NOT_NAMED = "WIT0514"


def select_world(resolve: Resolve, name: str | None) -> World:
    """The world called `name`: `w` of a main package, or `ns:pkg/w@version` of any. Without `name`, the only world.

    Raises WitkitError if there is no such world, or if `name` is None and there is more than one.
    """
    if name is None:
        return _only_world(resolve)
    for package in resolve.main:
        if name in package.worlds:
            return package.worlds[name]
    qualified = {w.qualified_name: w for w in resolve.worlds}
    short = {q.partition("@")[0]: w for q, w in qualified.items()}
    found = qualified.get(name) or short.get(name)
    if found is not None:
        return found
    known = [w for package in resolve.main for w in package.worlds]
    raise WitkitError(
        [
            error(
                NO_SUCH_WORLD,
                f"there is no world `{name}` in {_packages(resolve)}",
                _header(resolve),
                related=_places(resolve),
                help=did_you_mean(name, [*known, *qualified]) or _worlds(known),
            )
        ]
    )


def _only_world(resolve: Resolve) -> World:
    """The only world of the first main package that has worlds."""
    for package in resolve.main:
        if len(package.worlds) == 1:
            return next(iter(package.worlds.values()))
        if package.worlds:
            break
    known = [w for package in resolve.main for w in package.worlds]
    several = f"there are {len(known)} worlds in {_packages(resolve)}: choose one"
    message = several if known else f"there is no world in {_packages(resolve)}"
    raise WitkitError(
        [error(WORLD_NOT_NAMED, message, _header(resolve), related=_places(resolve), help=_worlds(known))]
    )


def _header(resolve: Resolve) -> Span | None:
    """The place of the first main package's name."""
    return resolve.main[0].span if resolve.main else None


def _places(resolve: Resolve) -> list[Related]:
    """The worlds of the main packages, for messages."""
    worlds = [world for package in resolve.main for world in package.worlds.values()]
    return [Related(world.span, f"world `{world.name}`") for world in worlds if world.span is not None]


def _packages(resolve: Resolve) -> str:
    names = [f"`{package.name}`" for package in resolve.main]
    return f"package{'s' if len(names) > 1 else ''} {', '.join(names)}" if names else "what was loaded"


def _worlds(known: list[str]) -> str:
    if not known:
        return "declare one: `world name { import …; export …; }`"
    return f"name one, as in `--world {known[0]}`: {', '.join(f'`{w}`' for w in known)}"
