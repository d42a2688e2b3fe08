"""One store and everything that belongs to it: its token, limits, functions, the exception under way."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import count, repeat
from math import inf
from threading import get_ident
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, Protocol, TypeAlias

from witkit.abi.traps import GuestExit, GuestTrap
from witkit.canonical.errors import Violation
from witkit.canonical.layout import SHARED
from witkit.runtime.core import callbacks, capi
from witkit.runtime.core.callbacks import BITS, LOST, POISONED, STATES, Run
from witkit.runtime.core.interrupting import WATCHDOG, reach
from witkit.runtime.core.rules import CoreTrap, Halted, exited, trap_for
from witkit.runtime.core.shares import Bounds, Shares
from witkit.runtime.core.store import Store
from witkit.runtime.core.tables import HostHandle, HostHandles
from witkit.runtime.errors import InstanceError, Reason, Trap, trap_of
from witkit.runtime.limits import FOREVER, Limits
from witkit.runtime.resource import GuestResource
from witkit.runtime.uncopied import Uncopied

if TYPE_CHECKING:
    from witkit.runtime.core.compiling import Mode
    from witkit.runtime.core.memory import Memory
    from witkit.runtime.tracebacks import Tail

_serials = count(1)


class HostFunction(NamedTuple):
    """A core function of the host's: its type (`Mode.function_type`), what `State.maker` makes its code of at the first
    call, and its name in messages."""

    type: Any
    key: Any
    label: str = ""


class Staying(Protocol):
    """A component instance."""

    may_leave: bool


_DEEP: Final = "the instance was closed after it was called in too deep a recursion"
Core: TypeAlias = Callable[[int, int], Callable[[], None]]

_UNBOUNDED = (None,) * 5
_ONE = capi.size_argument(1)
_ONE_POINTER = ctypes.c_void_p * 1


class State(Uncopied):
    """The life of one store.

    There is one token: who takes it may use the store, and gives it back. `take` and `give` are a list's
    methods, which are atomic and cost half of a lock's. `owner` is the thread that has it. `todo` is true
    if a call has something to prepare. `broken` says why the instance can no longer be used, and is empty while
    it can. A closed state never gives its token back, so that every call ends up in `reenter`, which says why.

    A call has to end before `deadline`, in seconds of `time.monotonic`, and stops for the exception `halted`.

    `context` is the argument that C functions take for the store, `trap` the one for where they leave a trap's pointer;
    `trapped` is the same memory as integers.
    """

    def __init__(self, mode: Mode, limits: Limits, shares: Shares | None = None) -> None:
        callbacks.listen()
        self.store, self.mode = Store(mode), mode
        self.context = self.store.context
        self._trap = _ONE_POINTER()
        self.trap = ctypes.byref(self._trap)
        self.trapped = memoryview(self._trap).cast("B").cast("Q")
        tokens = [1]
        self.take, self.give = tokens.pop, tokens.append
        self.owner = 0
        self.broken = ""
        self.closed = self.unfreed = False
        self.looking = False  # the guest was interrupted to look whether it has to stop
        self.pending: BaseException | None = None
        self.errors: Tail | None = None
        self.refused: tuple[str, Any] | None = None  # the last error that an import answered, and which
        self.room = SHARED  # how many bytes more than the memory has the calls under way may pass
        self.handles = HostHandles(self._drop)
        self.garbage: list[int] = []
        self.memories: list[Memory] = []
        self.at_close: list[Callable[[], object]] = []
        self.binder: Callable[[], Any] = lambda: None
        self.limits = limits
        self.deadline = inf
        self.passed = 0.0  # the deadline that passed and was made known to the call
        self.halted: Halted | None = None
        self.at_interrupt: list[Callable[[Halted], object]] = []
        self.todo = limits.timeout is not None or limits.fuel is not None
        serial = next(_serials)
        self._base = serial << BITS
        self._functions: list[HostFunction] = []
        self._made: list[int] = []
        self.maker: Callable[[Any], Run] = lambda key: key()
        self.stage: memoryview | None = None  # what adapters do; the first byte is not 0 while guests may not leave
        # Functions made before that; what makes each again, and of what.
        self.unstaged: dict[Run, tuple[Callable[[Run], Run], Run]] = {}
        capi.set_epoch_callback(self.store.pointer, callbacks.REACHED, capi.pointer_argument(serial), None)
        capi.set_epoch_deadline(self.context, _ONE)
        self._shares, self._bounded = shares, False
        self.apply(limits)
        STATES[serial] = self  # last: nothing else frees what is among them

    @property
    def has_fuel(self) -> bool:
        return self.mode.fuel

    # ---- how much it may use --------------------------------------------------------------------

    def apply(self, limits: Limits) -> None:
        """Bound what the store holds."""
        self.bounds = Bounds(limits.memory, limits.elements) if self._shares is None else self._shares.of(limits)
        self.bound(self.bounds, limits)

    def bound(self, bounds: Bounds, limits: Limits) -> None:
        """The same with other bounds for each memory and table."""
        chosen = (bounds.memory, bounds.table, limits.instances, limits.tables, limits.memories)
        if chosen == _UNBOUNDED and not self._bounded:
            return
        self._bounded = True
        self.store.set_limits(*(-1 if value is None else value for value in chosen))

    # ---- whose turn it is -----------------------------------------------------------------------

    def acquire(self) -> bool:
        """Take the token; false if it is taken."""
        try:
            self.take()
        except IndexError:
            return False
        except BaseException:  # a handler of a signal raised something as soon as it was taken
            self.give(1)
            raise
        return True

    def reenter(self) -> None:
        """A call found the token taken: fine within a call of the same thread, else an error.

        Raises InstanceError: the instance is closed, or another thread uses it, or a signal has interrupted the guest.
        """
        if self.closed or (self.broken and self.owner == get_ident()):
            if self.unfreed:
                self._free()
            raise InstanceError(self.broken or "the instance is closed")
        if self.owner != get_ident():
            raise InstanceError(
                "the instance is in use by another thread: an instance runs one call at a time, "
                "make one instance for each thread (the component can be shared)"
            )
        if self.looking:
            raise InstanceError(
                "the handler of a signal has interrupted the guest, and cannot call it: let the handler make a note, "
                "or `interrupt` the instance"
            )

    def enter(self) -> bool:
        """Begin to use the store; gives whether this is a nested use."""
        thread = get_ident()
        if not self.acquire():
            self.reenter()
            return True
        # Until the caller's `try` there must be no call: after one, a handler of a signal might raise something.
        self.owner = thread
        return False

    @callbacks.uninterrupted
    def leave(self, nested: bool) -> None:
        """The end of what `enter` began. What a handler of a signal raises comes before or after the token is given
        back, but not in between."""
        if not nested:
            self.owner = 0
            self.give(1)
            if self.broken:
                self.close()

    def prepare(self) -> None:
        """Before a call from outside: fuel, deadline, handles that were collected unclosed.

        Raises InstanceError if another thread has closed the instance meanwhile.
        """
        self.todo = self.limits.timeout is not None or self.limits.fuel is not None
        if self.broken:
            raise InstanceError(self.broken)
        self.arm(self.limits)
        while self.garbage:
            self.handles.drop(self.garbage.pop())

    def arm(self, limits: Limits) -> None:
        """Set fuel and deadline for what runs next."""
        if self.mode.fuel:
            self.store.set_fuel(FOREVER if limits.fuel is None else limits.fuel)
        self.halted = None  # of a call that has ended
        timeout = limits.timeout
        self.deadline = inf if timeout is None else monotonic() + timeout
        if self.deadline <= WATCHDOG.next or WATCHDOG.resting:
            WATCHDOG.wake()

    # ---- stopping what runs ---------------------------------------------------------------------

    def interrupt(self) -> None:
        """Stop the call that is under way, if there is one, and the calls that await an event loop. Any thread may call
        this."""
        cause = Halted(Reason.INTERRUPTED, "the guest was interrupted")
        if self.owner:
            self._halt(cause)
        for stop in list(self.at_interrupt):
            stop(cause)

    def _halt(self, cause: Halted) -> None:
        self.halted = self.halted or cause
        self.todo = True  # a cause that comes too late is forgotten
        reach(self)

    def check(self) -> None:
        """Raise what stops the call that is under way, if anything does."""
        if self.halted is not None:
            raise self.halted
        if monotonic() >= self.deadline:
            raise Halted(Reason.TIMEOUT, "the guest ran longer than its timeout")

    # ---- the host's handles to guests' resources ------------------------------------------------

    def resource_class(self, resource: Any) -> type[GuestResource]:
        """The class of handles to a guest's resource, given as `boundary.BoundResource`."""
        binder = self.binder()
        if binder is not None:
            found: type[GuestResource] = binder.resource_class(resource.description, resource.type)
            return found
        return resource.description.cls or GuestResource

    def _drop(self, handle: HostHandle) -> None:
        if self.broken:
            return
        try:
            handle.type.drop(handle.box)
        except Violation as rule:
            self.broke(rule, "destructor")

    # ---- functions ------------------------------------------------------------------------------

    def define(self, functions: Sequence[HostFunction], types: Sequence[Any], places: Sequence[Any]) -> None:
        """Make core functions of this store, of these types, at these places: arguments that each point to a
        `wasmtime_func_t`, which is written."""
        first = self._base + len(self._functions)
        self._functions += functions
        numbers = map(capi.pointer_argument, range(first, first + len(functions)))
        new, context, called = capi.func_new_unchecked, self.context, callbacks.CALLED
        every = map(new, repeat(context), types, repeat(called), numbers, repeat(None), places)
        deque(every, maxlen=0)

    def extern(self, function: HostFunction) -> Any:
        """A core function of this store, as an extern."""
        made = capi.Extern()
        self.define([function], [function.type], [ctypes.byref(made, capi.OF)])
        return made

    def make(self, number: int) -> Run:
        """What runs for a function that the guest calls for the first time."""
        self._made.append(number)
        return self.maker(self._functions[number - self._base].key)

    def look_at(self, stage: memoryview) -> None:
        """From now on, what adapters do decides, too, whether a guest may leave its instance."""
        self.stage = stage
        for number in self._made:
            run = callbacks.RUNS.get(number)
            if run in self.unstaged:
                make, inner = self.unstaged[run]
                callbacks.RUNS[number] = make(inner)
        self.unstaged.clear()

    def label(self, number: int) -> str:
        """How a function is called in messages; empty if it has no name there."""
        return self._functions[number - self._base].label

    def core(self, func: Any, name: str | None = None, staying: Staying | None = None) -> Core:
        """A core function of this store, given as an argument that points to its `wasmtime_func_t`, whose type must be
        known to be the expected one: `core(address, count)` gives what calls it.

        The raw values at the address must live as long as what is given; `count` is at least the number of the
        parameters and that of the results. A trap is raised as a Trap for the export `name`, as Stopped without a name.
        `staying` may not be left while the function runs; whoever calls it has entered wasm before, or calls `room`.
        """
        call, trapped, failed, lost = capi.call_unchecked, self.trapped, self.failed, LOST
        context, trap = self.context, self.trap
        frame, framed, levels = capi.frame, capi.FRAMED, capi.LEVELS

        def bind(address: int, count: int) -> Callable[[], None]:
            raw, size = capi.pointer_argument(address), capi.size_argument(count)

            def run() -> None:
                frame() if framed else isinstance(0, levels)
                error = call(context, func, raw, size, trap)
                if error or trapped[0] or lost:
                    failed(error, name)

            return run

        def bind_inside(address: int, count: int) -> Callable[[], None]:
            raw, size = capi.pointer_argument(address), capi.size_argument(count)
            owner = staying
            assert owner is not None

            def run() -> None:
                owner.may_leave = False
                error = call(context, func, raw, size, trap)
                if error or trapped[0] or lost:
                    failed(error, name)
                owner.may_leave = True

            return run

        return bind if staying is None else bind_inside

    # ---- how it ends ----------------------------------------------------------------------------

    def failed(self, error: int | None, name: str | None) -> None:
        """Raise the reason of a failed call of `name`: the host's own exception, the same object, a `Trap` or CoreTrap.

        Without an error or a trap it returns, unless an exception of this thread's waits in `LOST`.
        """
        trap, self._trap[0] = self._trap[0], None
        if not (error or trap or get_ident() in LOST):
            return
        try:
            capi.much_room()
        except RecursionError:
            # As `poison`, for which there may be no room either.
            self.broken, self.pending, self.todo = self.broken or _DEEP, None, True
            POISONED.add(self._base >> BITS)
            LOST.pop(get_ident(), None)
            raise
        self.failed_with(capi.take_error(error) if error else capi.take_trap(trap) if trap else None, name)

    def failed_with(self, found: Any, name: str | None) -> NoReturn:
        """As `failed`, for an error or a trap that was already taken from its pointer."""
        exception, self.pending = LOST.pop(get_ident(), None) or self.pending, None
        if exception is None and name is not None:
            self._trapped(trap_of(found, name, self._written()))
        if isinstance(exception, Violation | GuestTrap) and name is not None:
            self.broke(exception, name, found)
        if isinstance(exception, GuestExit) and name is not None:
            self._trapped(exited(exception, found, name))
        if exception is None:
            exception = CoreTrap(found)
        if not isinstance(exception, Violation | GuestTrap | GuestExit):
            # Without a name, it passes a call that has one.
            where = "a host function" if isinstance(exception, Exception) else "a call"
            of = f" of `{name}`" if name is not None else ""
            self.poison(f"the instance was closed after {type(exception).__name__} in {where}{of}")
        raise exception

    def stopped(self, rule: Violation, name: str) -> NoReturn:
        """Raise the Trap for a rule that the guest broke in a call of the export `name`."""
        self.broke(rule, name)

    def broke(self, rule: Violation | GuestTrap, name: str, found: Any = None) -> NoReturn:
        """As `stopped`; `found` is wasmtime's error for what was under way."""
        self._trapped(trap_for(rule, found, name, self._written()))

    def _trapped(self, trap: Trap) -> NoReturn:
        self.poison(f"the instance was closed after an earlier error: {trap.args[0]}")
        raise trap from trap.__cause__

    def _written(self) -> str:
        return self.errors.text() if self.errors is not None else ""

    def stop(self, reason: str) -> None:
        """No call begins from now on; the store is freed once the last one has returned."""
        self.broken = self.broken or reason
        self.todo = True  # if a signal keeps that one from freeing it, the next one finds out

    def poison(self, reason: str) -> None:
        """As `stop`, after an error has thrown the guest out of a call: calls of it further out do not go on either."""
        POISONED.add(self._base >> BITS)
        self.stop(reason)

    def close(self) -> None:
        """Free the store. While a call of it runs in another thread, stop that first, which raises a Trap there; while
        one of this thread runs, free the store as soon as that has returned."""
        if self.closed:
            if self.unfreed:
                self._free()
            return
        # First of all: a call that ends meanwhile either finds this, or has given the token back.
        self.stop("the instance is closed")
        if not self.acquire():
            if self.owner != get_ident():
                self._halt(Halted(Reason.INTERRUPTED, "the instance was closed"))
            return  # whoever uses the store closes it afterwards
        self.closed = self.unfreed = True
        self._free()

    def _free(self) -> None:
        """The end of `close`; at the recursion limit, for whoever uses the store or closes it once more."""
        try:
            capi.much_room()
        except RecursionError:
            return
        self.unfreed = False
        STATES.pop(self._base >> BITS, None)
        POISONED.discard(self._base >> BITS)
        for number in self._made:
            callbacks.RUNS.pop(number, None)
        self._functions.clear()
        self.unstaged.clear()
        self.maker = lambda key: key()
        self.handles.clear()
        self.at_interrupt.clear()
        self.store.close()
        for memory in self.memories:
            memory.end()
        self.memories.clear()
        ends, self.at_close = iter(self.at_close), []
        try:
            for end in ends:
                end()
        except BaseException:
            with ExitStack() as stack:  # all others, whatever they raise
                for end in reversed([*ends]):
                    stack.callback(end)
            raise
