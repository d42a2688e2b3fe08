"""witkit: check, generate and run with WIT (WebAssembly Interface Types)."""

from witkit._version import __version__

__all__ = ["__version__"]
