"""What stops a guest that uses the canonical ABI wrongly, and what no codec can carry yet."""

from __future__ import annotations

from witkit.text import Error


class Violation(Error):
    """The guest broke a rule of the canonical ABI: where `CanonicalABI.md` says `trap`. The engine stops the guest.

    The message gives the reason in wasmtime's words if it has any: "unaligned pointer".
    """


class NotCarried(Error, NotImplementedError):
    """A function was called whose type has values that cannot cross yet: streams, futures, error contexts."""
