"""What generated functions need of the engine that binds them to an instance.

    bind = export_codec(func, options)              # compiled once, kept with `func`
    place = bind(inst, tools, core, post_return)   # for one instance: the Python callable (and see `fused`)
    bind = import_codec(func, options)
    run = bind(inst, tools, target)                # for one instance: `run(address of the raw values)`

Raw values are wasmtime's: 16 bytes each, little-endian, parameters on the way in, results in the same place on the
way out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, Protocol, TypeAlias

from witkit import abi
from witkit.canonical.errors import Violation


class Memory(Protocol):
    """A linear memory. It grows, and does not move: an old view is a valid, shorter one.

    `size` is the length of `view`, which shows all bytes and can be written.
    """

    view: memoryview
    size: int

    def grown(self) -> int:
        """Make the view again; gives how many bytes larger it is now."""

    def span(self, pointer: int, size: int) -> memoryview:
        """The view of the whole memory, made again if `pointer + size` is past its end. Raises a trap (`Violation` or
        the engine's own) if that is past the memory's end."""


Gather: TypeAlias = Callable[[int, int, int, tuple[int, ...]], bytes | None]
"""`gather(at, count, step, places)`: the bytes of strings, with a zero byte between them.

`count` elements begin at `at`, `step` bytes apart, and have a pointer and a length at each of the `places`; the strings
come one place after the other. None if they take too much room, or if one is out of bounds.
"""


class Tools(Protocol):
    """What belongs to one set of canonical options in one instance; each is None if the options do not have it."""

    memory: Memory | None
    realloc: Callable[[int, int], int] | None
    """`realloc(alignment, size)`: a pointer that was checked for alignment and bounds (of an empty block, too)."""
    place: Callable[[list[bytes]], list[int]] | None
    """Allocates a block of alignment 1 for each of the byte strings and copies them: pointers, in order."""
    gather: Gather | None


Core: TypeAlias = Callable[[int, int], Callable[[], None]]
"""A core function: `core(address, count)` gives, once for a bound codec, a function that calls it with the raw values
at that address. The call raises whatever stopped the guest."""


class State(Protocol):
    """The store: who uses it, and what has to happen before and after.

    There is one token. A call takes it (`take` raises IndexError if it is taken) and gives it back; `owner` is
    the thread that has it. `prepare` is called after it was taken if `todo` is true, `close` after it was given back
    if `broken` is not empty. `refused` gets the name of an import and the error that it answered, the last one.
    `room` is how many bytes more than the memory has the calls under way may pass (`layout.SHARED` at first).
    """

    take: Callable[[], Any]
    give: Callable[[Any], Any]
    owner: int
    todo: bool
    broken: str
    refused: tuple[str, Any] | None
    room: int

    def prepare(self) -> None: ...
    def close(self) -> None: ...
    def stopped(self, violation: Violation, function: str) -> NoReturn:
        """Mark the instance as broken and raise the engine's trap for a violation that ends an export."""


class Handles(Protocol):
    """The handles of one call. `sent` is set to true when what was lowered belongs to the other side."""

    sent: bool

    def lift_own(self, resource: Any, index: int) -> Any: ...
    def lift_borrow(self, resource: Any, index: int) -> Any: ...
    def lower_own(self, resource: Any, value: Any) -> int:
        """Raises TypeError or `abi.HandleError` for a value that is not such a resource."""

    def lower_borrow(self, resource: Any, value: Any) -> int: ...
    def returned(self) -> None:
        """The export has returned: a trap if the guest still holds a handle that it was lent."""

    def end(self) -> None:
        """Always called: gives back what was lent, takes back what was lowered and not sent."""


class ComponentInstance(Protocol):
    """A component instance."""

    state: State

    def reenter(self) -> None:
        """The token is taken. Returns if a call within a call may begin; raises InstanceError, or a trap, if not."""

    def begin(self) -> Handles: ...
    def resource(self, resource: abi.Resource) -> Any:
        """What the functions of `Handles` and `lent` take for a resource of the function's type."""

    def is_host(self, resource: abi.Resource) -> bool:
        """Whether the host implements the resource: `lent` can be used for it."""

    def lent(self, resource: Any, index: int) -> Any:
        """The host's object that the guest lends to an import, if nothing has to be done after the call."""
