"""The names of what has none in its binary: a component or core module is a world `root` of one of these packages."""

from __future__ import annotations

from typing import Final

from witkit.ir.model import PackageName, World

COMPONENT: Final = PackageName("root", "component")
MODULE: Final = PackageName("root", "root")
ROOT_WORLD: Final = "root"


def is_nameless(world: World) -> bool:
    """Whether it is the world of a component or core module."""
    return world.package.name in (COMPONENT, MODULE) and world.name == ROOT_WORLD
