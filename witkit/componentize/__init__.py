"""Floor 4: building a component from a guest's Python, with componentize-py underneath."""

from witkit.componentize.builder import Built, build
from witkit.componentize.config import BuildConfig, load_config

__all__ = ["BuildConfig", "Built", "build", "load_config"]
