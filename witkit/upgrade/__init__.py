"""Floor 3: old WIT rewritten as today's: the dialect of 2022, and today's with the names of 2023."""

from witkit.upgrade.upgrade import NO_EFFECT, Upgraded, UpgradedFile, load, package_name, upgrade
from witkit.upgrade.worlds import Directions

__all__ = ["NO_EFFECT", "Directions", "Upgraded", "UpgradedFile", "load", "package_name", "upgrade"]
