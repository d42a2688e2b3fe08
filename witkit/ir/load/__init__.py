"""From a path to resolved packages: which files belong together, and in which order they are resolved."""

from witkit.ir.load.loading import Loaded, load, load_trees

__all__ = ["Loaded", "load", "load_trees"]
