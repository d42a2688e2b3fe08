"""Floor 4: build components from guests in Python, with componentize-py."""

from witkit.componentize.builder import Built, build
from witkit.componentize.config import BuildConfig, load_config

__all__ = ["BuildConfig", "Built", "build", "load_config"]
