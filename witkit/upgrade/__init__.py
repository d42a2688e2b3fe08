"""Floor 3: old WIT rewritten as today's: the dialect of 2022, and today's with the names of 2023."""

from witkit.upgrade.upgrade import Upgraded, UpgradedFile, load, package_name, upgrade
from witkit.upgrade.worlds import Directions

__all__ = ["Directions", "Upgraded", "UpgradedFile", "load", "package_name", "upgrade"]
