"""What the resources of WASI share: a child has to be dropped before its parent."""

from __future__ import annotations

from witkit.abi.traps import GuestTrap

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


class Resource:
    """A resource. `parent` is the one that it belongs to, such as the stream of a pollable."""

    def __init__(self, parent: Resource | None = None) -> None:
        self._parent, self._children, self._has_ended = parent, 0, False
        if parent is not None:
            parent._children += 1

    def release(self) -> None:
        """Free what the resource holds. Called once, and must not raise."""

    def end(self) -> None:
        """Release the resource, unless that has been done."""
        if not self._has_ended:
            self._has_ended = True
            if self._parent is not None:
                self._parent._children -= 1
            self.release()

    def __wit_dropped__(self) -> None:
        """The guest dropped its handle. Raises `GuestTrap` if it still has a child of the resource."""
        if self._children:
            name = type(self).__name__
            message = f"a resource ({name}) was dropped while another one that belongs to it was in use"
            raise GuestTrap(f"{message}: drop pollables and streams before what they come from")
        self.end()

    def __wit_ended__(self) -> None:
        """The guest has ended, with everything that it had."""
        self.end()
