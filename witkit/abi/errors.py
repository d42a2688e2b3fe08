"""What a host gets for a handle that cannot be used, whichever way the guest runs."""

from __future__ import annotations

from witkit.text import Error


class HandleError(Error, ValueError):
    """A handle was used that cannot be used here: closed, given away, never made, or of another instance."""
