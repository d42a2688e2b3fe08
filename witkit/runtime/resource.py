"""Python objects for resources of the guest."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from witkit import abi
from witkit.runtime.errors import InstanceError
from witkit.runtime.uncopied import Uncopied

if TYPE_CHECKING:
    from witkit.runtime.core.resources import ResourceType
    from witkit.runtime.core.state import State
    from witkit.runtime.core.tables import HostHandle


class _Unbound(Mapping[str, Callable[..., Any]]):
    """The functions of a resource class that belongs to no instance: there are none."""

    def __getitem__(self, name: str) -> Callable[..., Any]:
        raise TypeError(
            f"`{name}` needs an instance: use the class of an instance's interface, "
            "as in `instance.catalog.Item(…)`, not the module's"
        )

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class GuestResource(Uncopied):
    """A handle to a resource that the guest implements; the base of generated classes.

    Close it (`with`, or `close()`) when done: that runs the guest's destructor. One that is collected
    unclosed is dropped at the next call, with a ResourceWarning that says where it was made.
    It cannot be copied or pickled, since a handle exists once.
    """

    _exports: ClassVar[Mapping[str, Callable[..., Any]]] = _Unbound()
    if TYPE_CHECKING:
        _state: State | None = None
    else:
        _state = None  # no annotation: `get_type_hints` of generated classes would look for `State`
    _binder: object = None
    _number: int = 0
    _made: str = ""

    @classmethod
    def _lifted(cls, state: State, handle: HostHandle) -> Self:
        """An object for a handle, which belongs to the store's table from now on."""
        made = cls.__new__(cls)
        made._state, made._number = state, state.handles.add(handle)
        made._binder, made._made = state.binder(), _place(cls)
        return made

    def _adopt(self, other: GuestResource) -> None:
        """Take over the handle of `other`: how a constructor fills its object, once."""
        if self._number:
            other._drop()
            raise TypeError(
                f"this {type(self).__name__} was already made: call its class for another one, not `__init__`"
            )
        self._state, self._binder, self._made = other._state, other._binder, other._made
        self._number = other._number
        other._number = 0

    def _drop(self) -> None:
        state = self._state
        if state is None or state.handles.get(self._number) is None:
            return
        nested = state.enter()
        try:
            if state.todo and not nested:
                state.prepare()
            state.handles.drop(self._number)
        finally:
            state.leave(nested)

    def __wit_dropped__(self) -> None:
        """Another instance, which was given this handle, dropped it."""
        self._drop()

    def __wit_ended__(self) -> None:
        """Another instance, which was given this handle, is closed."""
        try:
            self._drop()
        except InstanceError:  # another thread uses the instance: its next call drops the handle
            self._leave()

    def _leave(self) -> None:
        """Let the next call drop the handle."""
        if (state := self._state) is not None:
            state.garbage.append(self._number)
            state.todo = True

    def close(self) -> None:
        """Drop the handle; the guest's destructor runs. A second time does nothing.

        Raises InstanceError while another thread uses the instance; the handle stays usable then.
        """
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()

    def __del__(self) -> None:
        state = self._state
        if state is None or state.handles.get(self._number) is None:
            return
        # A destructor is guest code: it cannot run at any moment in any thread, so the next call does it.
        self._leave()
        message = f"{type(self).__name__} was never closed; made at {self._made}"
        warnings.warn(message, ResourceWarning, source=self, stacklevel=2)


def number_of(resource: abi.Resource, value: Any, state: State, expected: ResourceType) -> int:
    """The number of the live handle that `value` holds, in the table of `state`.

    `expected` is the type of the resource in the instance. Raises TypeError for another type of value, HandleError
    for a handle that cannot be used here.
    """
    cls = resource.cls or GuestResource
    # By its true class: an object may claim another one (`__class__`) and have none of its parts.
    kind = type(value)
    if not issubclass(kind, cls):
        raise TypeError(f"expected {resource.name} ({cls.__name__}), got {kind.__name__}")
    owner, number = value._state, value._number
    if owner is None:
        raise abi.HandleError(f"this {kind.__name__} holds no handle: it was not made by calling its class")
    if owner is not state:
        raise abi.HandleError(f"this {kind.__name__} belongs to another instance")
    handle = state.handles.get(number)
    if handle is None:
        raise abi.HandleError(f"this {kind.__name__} was closed, or given away to the guest")
    if handle.type is not expected:
        raise TypeError(f"expected {resource.name}, got a handle to another resource of the component")
    return int(number)


def _place(cls: type) -> str:
    """File and line of the user's code that led to a new handle."""
    own = cls.__module__.rpartition(".")[0] or cls.__module__
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        inside = module == own or module.startswith((f"{own}.", "witkit.runtime")) or "C_CODEC" in frame.f_globals
        if not inside:
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return "an unknown place"
