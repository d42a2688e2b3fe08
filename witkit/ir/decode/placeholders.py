"""Placeholder names: an unnamed component or core module is a world `root` of one of these packages."""

from __future__ import annotations

from typing import Final

from witkit.ir.model import PackageName, World

COMPONENT: Final = PackageName("root", "component")
MODULE: Final = PackageName("root", "root")
ROOT_WORLD: Final = "root"


def is_nameless(world: World) -> bool:
    """Whether it is the world of a component or core module, which has no name of its own."""
    return world.package.name in (COMPONENT, MODULE) and world.name == ROOT_WORLD
