"""Resource types at run time: whose they are, and what dropping the last handle does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from witkit.abi import drops

if TYPE_CHECKING:
    from witkit.runtime.core.component_instance import ComponentInstance
    from witkit.wasm.types import Defined


class ResourceType:
    """A resource type of one instance of a component.

    `owner` is the component instance that implements it, None for the host. `fits` says whether an object of the
    host's may be one; `destructor` is called with the guest's number for a resource.
    """

    __slots__ = ("destructor", "fits", "name", "owner")

    def __init__(self, name: str, owner: ComponentInstance | None, fits: Callable[[Any], bool] | None = None) -> None:
        self.name, self.owner, self.fits = name, owner, fits
        self.destructor: Callable[[int], None] | None = None

    def drop(self, rep: Any, by: ComponentInstance | None = None) -> None:
        """The last handle is gone: notify the host's object, or call the guest's destructor. `by` is the component
        instance that has dropped it, None for the host: the destructor is part of the task that runs only if that is
        one of its own instance."""
        if self.owner is None:
            drops.notify(rep)
        elif self.destructor is not None:
            if by is self.owner:
                self.destructor(rep)
            else:
                self.owner.without_task(self.destructor, rep)


class EndType(ResourceType):
    """The type of a stream or future, whose readable ends are carried as resources are. `type` is as in the plan."""

    __slots__ = ("type",)

    def __init__(self, type: Defined) -> None:
        super().__init__("stream or future", None)
        self.type = type
