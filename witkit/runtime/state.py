"""One store and everything that belongs to it: its lock, limits, handles, the exception under way.

An instance owns one `State`. Generated functions (see `codec.functions`) use its attributes directly.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from threading import get_ident
from typing import TYPE_CHECKING, Any, NoReturn

from witkit import abi
from witkit.runtime import callbacks, capi
from witkit.runtime.codec.functions import LOST
from witkit.runtime.errors import InstanceError, host_failure, trap_of
from witkit.runtime.handles import Call, HostResources, rep
from witkit.runtime.limits import FOREVER, Limits
from witkit.runtime.tables import GuestTable, HostTable
from witkit.runtime.tracebacks import Tail
from witkit.runtime.uncopied import Uncopied

if TYPE_CHECKING:
    from wasmtime import Store

    from witkit.runtime.binder import Binder
    from witkit.runtime.engine import Mode


AWAITING = -1
"""The owner of a store while an async call waits for its next poll: nobody may use the store then."""


class State(Uncopied):
    """The life of one store.

    There is one token: who takes it may use the store, and gives it back. `take` and `give` are a list's
    methods, which are atomic and cost half of a lock's. `owner` is the thread that has it. `todo` is true
    if a call has something to prepare. `broken` says why the instance can no longer be used, and is empty while
    it can. A closed state never gives its token back, so that every call ends up in `reenter`, which says why.
    """

    def __init__(self, store: Store, limits: Limits, mode: Mode) -> None:
        self.store, self._mode = store, mode
        self.address = capi.address(store._context())
        self.context = ctypes.c_void_p(self.address)
        tokens = [1]
        self.take, self.give = tokens.pop, tokens.append
        self.owner = 0
        self.broken = ""
        self.closed = False
        self.pending: BaseException | None = None
        self.refused: tuple[str, Any] | None = None  # the last error that an import answered, and which
        self.table = HostTable()
        self.handles = GuestTable()
        self.host = HostResources()
        self.runs = callbacks.Runs(self)
        self.binder: Callable[[], Binder | None] = lambda: None
        self.numbers: list[int] = []
        self.kept: list[Any] = []
        self.errors: Tail | None = None
        self.garbage: list[int] = []
        self.limits = limits
        self.has_fuel = mode.fuel
        self._timed = False
        self.todo = limits.timeout is not None or limits.fuel is not None

    def acquire(self) -> bool:
        """Take the token; false if it is taken."""
        try:
            self.take()
        except IndexError:
            return False
        return True

    def reenter(self) -> None:
        """A call found the token taken: fine within a call of the same thread, else an error.

        Raises InstanceError: the instance is closed, or another thread uses it.
        """
        if self.closed or (self.broken and self.owner == get_ident()):
            raise InstanceError(self.broken or "the instance is closed")
        if self.owner == AWAITING:
            raise InstanceError("an async call of the instance is under way: await it first")
        if self.owner != get_ident():
            raise InstanceError(
                "the instance is in use by another thread: an instance runs one call at a time, "
                "make one instance for each thread (the component can be shared)"
            )

    def enter(self) -> bool:
        """Begin to use the store outside a generated function; gives whether this is a nested use."""
        if not self.acquire():
            self.reenter()
            return True
        self.owner = get_ident()
        return False

    def leave(self, nested: bool) -> None:
        """The end of what `enter` began."""
        if not nested:
            self.owner = 0
            self.give(1)
            if self.broken:
                self.close()

    def prepare(self) -> None:
        """Before a call from outside: fuel, deadline, handles that were collected unclosed."""
        self.arm(self.limits)
        while self.garbage:
            self.drop_handle(self.garbage.pop())
        self.todo = self.limits.timeout is not None or self.limits.fuel is not None

    def arm(self, limits: Limits) -> None:
        """Set fuel and deadline for what runs next."""
        if self.has_fuel:
            self.store.set_fuel(FOREVER if limits.fuel is None else limits.fuel)
        if limits.timeout is None:
            self.store.set_epoch_deadline(self._mode.clock.untimed)
        else:
            if not self._timed:
                self._timed = True
                self._mode.clock.start()
            self.store.set_epoch_deadline(self._mode.clock.ticks(limits.timeout))

    def failed(self, pointer: int | None, function: str) -> None:
        """Raise the reason of a failed call: the host's own exception, the same object, or a `Trap`.

        Without an error it returns, unless an exception of this thread's waits in `LOST`.
        """
        if pointer or get_ident() in LOST:
            self.failed_with(capi.take_error(pointer) if pointer else None, function)

    def failed_with(self, error: Any, function: str) -> NoReturn:
        """As `failed`, for an error that was already taken from its pointer."""
        exception, self.pending = LOST.pop(get_ident(), None) or self.pending, None
        if exception is not None:
            exception = host_failure(exception, function)
            self.broken = f"the instance was closed after {type(exception).__name__} in a host function of `{function}`"
            raise exception
        trap = trap_of(error, function, self.errors.text() if self.errors is not None else "")
        self.broken = f"the instance was closed after an earlier error: {trap.args[0]}"
        raise trap

    def begin(self, types: Mapping[abi.Resource, int]) -> Call:
        """The bookkeeping for the handles of one call; `types` as in `Call`."""
        return Call(self, types)

    def lent(self, address: int) -> Any:
        """The host's object that the guest lends for a call, if nothing has to be done after the call."""
        return self.table.get(rep(self.context, address))

    def drop_handle(self, number: int) -> None:
        """Drop a handle of the guest's, if it is still there."""
        if (handle := self.handles.take(number)) is not None:
            self.drop_box(handle.box)

    def drop_box(self, box: int) -> None:
        """Drop a handle (a guest's destructor may run) and free the box that names it."""
        pointer = capi.resource_drop(self.context, box)
        capi.resource_delete(box)
        if pointer:
            self.failed(pointer, "destructor")

    def close(self) -> None:
        """Free the store; while a call of it runs, as soon as that has returned."""
        if self.closed:
            return
        # First of all: a call that ends meanwhile either finds this, or has given the token back.
        self.broken = self.broken or "the instance is closed"
        if not self.acquire():
            return  # whoever uses the store closes it afterwards
        self.closed = True
        if self._timed:
            self._mode.clock.stop()
        # Before the store is freed: another thread's may get the same address.
        callbacks.detach(self)
        self.store.close()
        self.runs.clear()
        for number in self.numbers:
            callbacks.remove(number)
        self.table.clear()
        self.handles.clear()
        self.kept.clear()
