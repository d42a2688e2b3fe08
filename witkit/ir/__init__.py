"""Floor 2: resolved packages: loading, resolving, walking, printing as JSON, WIT or an outline."""

from witkit.ir.dump import to_json
from witkit.ir.features import ALL, NONE, Features
from witkit.ir.load import Loaded, load, load_trees
from witkit.ir.outline import to_tree
from witkit.ir.select import select_world
from witkit.ir.wit_text import to_wit

__all__ = ["ALL", "NONE", "Features", "Loaded", "load", "load_trees", "select_world", "to_json", "to_tree", "to_wit"]
