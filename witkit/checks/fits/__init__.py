"""Does a component fit a world that a host promises? Everything that does not, found without running it."""

from __future__ import annotations

from witkit.checks.fits.compare import fits

__all__ = ["fits"]
