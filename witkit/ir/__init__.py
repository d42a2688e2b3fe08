"""Floor 2: resolved packages: their model, loading and resolving (`load`, `resolve`, `decode`), printing (`show`)."""

from witkit.ir.features import ALL, NONE, Features
from witkit.ir.load.loading import Loaded, load, load_trees
from witkit.ir.load.select import select_world

__all__ = ["ALL", "NONE", "Features", "Loaded", "load", "load_trees", "select_world"]
