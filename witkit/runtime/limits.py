"""What a guest may use up, and the clock that stops it."""

from __future__ import annotations

import threading
import time
import weakref
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from witkit.text import WitkitError, error

if TYPE_CHECKING:
    import wasmtime

BAD_LIMIT = "WIT0720"

TICK = 0.005
"""Seconds between two ticks of an engine's epoch while a timed call runs."""

FOREVER = 1 << 62
"""An epoch deadline, in ticks, that no process lives to see."""

INTERRUPTED = 1 << 16
"""The deadline, in ticks, of a call without timeout that can be interrupted: `Clock.interrupt` passes it by as many.
While other calls of the engine have a timeout, the clock ticks for this one, too, which ends it after five minutes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for an instance, or for one call of it; None means no bound.

    `timeout` in seconds of wall clock and `fuel` (about one unit an instruction) start again for each call
    from the host. `memory` in bytes and `table` in elements bound every memory and table of the instance;
    `instances`, `tables` and `memories` bound how many core ones it may have.
    """

    memory: int | None = None
    fuel: int | None = None
    timeout: float | None = None
    table: int | None = None
    instances: int | None = None
    tables: int | None = None
    memories: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            allowed = (int, float) if field.name == "timeout" else (int,)
            if isinstance(value, bool) or not isinstance(value, allowed) or not 0 <= value < 1 << 62:
                raise WitkitError([
                    error(BAD_LIMIT, f"the limit `{field.name}` is {value!r}", help="a limit is a number, 0 or more")
                ])  # fmt: skip

    def apply(self, store: Any) -> None:
        """Set what counts for the whole life of a store."""
        chosen = (self.memory, self.table, self.instances, self.tables, self.memories)
        store.set_limits(*(-1 if value is None else value for value in chosen))


class Clock:
    """Advances the epoch of one engine of wasmtime, in a thread that runs only while calls with a timeout do.

    `untimed` is the deadline, in ticks, of calls without timeout.
    """

    def __init__(self, raw: wasmtime.Engine, untimed: int = FOREVER) -> None:
        self._raw, self.untimed = weakref.ref(raw), untimed
        self._running = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def ticks(self, seconds: float) -> int:
        """The deadline for a call that may run `seconds`: never early, at most two ticks late."""
        return int(seconds / TICK) + 2

    def interrupt(self) -> None:
        """Pass the deadline of the calls without timeout, and of those with one that ends within five minutes."""
        if (raw := self._raw()) is not None:
            for _ in range(INTERRUPTED):
                raw.increment_epoch()

    def start(self) -> None:
        """A timed call begins."""
        with self._lock:
            self._running += 1
            self._wake.set()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="witkit-clock", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """A timed call ended."""
        with self._lock:
            self._running -= 1
            if not self._running:
                self._wake.clear()

    def _run(self) -> None:
        """Tick as often as time passed, so that a late wake-up does not stretch the timeouts."""
        last = time.monotonic()
        while True:
            if not self._wake.is_set():
                if not self._wake.wait(5):
                    with self._lock:
                        if not self._running:
                            self._thread = None
                            return
                last = time.monotonic()
            time.sleep(TICK)
            raw = self._raw()
            if raw is None:
                return
            passed = int((time.monotonic() - last) / TICK)
            for _ in range(passed):
                raw.increment_epoch()
            last += passed * TICK
            del raw
