"""The trigger `watch`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from threading import Event, Thread
from typing import Any, Final

from witkit import abi
from witkit.backends.errors import cannot_open
from witkit.backends.failure import Failure, Kind
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.keyvalue.watching import KeyChange, Watch
from witkit.backends.selector import Selector
from witkit.text import Span
from witkit.text.visible import visible

from ...application import Application
from ...call_ids import call_id
from ...exported import Exporting
from ...pool import Busy
from ...project import Configuration
from ...settings import RunSettings
from ...telemetry.events import change_span
from ...worker import THIS
from ..meters import Meter
from ..reasons import reason
from ..trigger import Start
from .handlers import Handler, handlers_of
from .settings import Watched

LOG: Final = logging.getLogger("witkit.watch")
CAPABILITY: Final = "key-value"
READ: Final = 1.0
"""The seconds of one wait for a change."""
PAUSES: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
"""The seconds before a watch that failed begins again; the last one stays."""
BUSY: Final = 0.1
"""The seconds after which a change is tried again that found no free instance."""


@dataclass(frozen=True, slots=True)
class Watching:
    """Calls the guest for each change of the stores that are watched."""

    name: str = "watch"

    @property
    def exports(self) -> Sequence[str]:
        """The handlers."""
        from .handlers import HANDLERS

        return [each.interface for each in HANDLERS]

    def read(self, project: Configuration, options: Mapping[str, Any]) -> Sequence[Watched]:
        """The watches of the file. No option has any."""
        return project.watches

    def fits(self, exporting: Exporting) -> bool:
        """Whether the guest exports a handler."""
        return bool(handlers_of(exporting))

    def lacks(self, configuration: Sequence[Watched]) -> str:
        """A store, if there is none."""
        return "" if configuration else "a store to watch: `[[key-value.watch]]` in witkit.toml"

    def prepared(self, path: Path, settings: RunSettings, configuration: Sequence[Watched]) -> RunSettings:
        """The settings as they are."""
        return settings

    def described(self, exporting: Exporting) -> Iterable[abi.Interface]:
        """The interfaces of the handlers."""
        return [each.described() for each in handlers_of(exporting)]

    def capabilities(self, exporting: Exporting) -> Iterable[str]:
        """Key-value stores."""
        return [CAPABILITY]

    def start(self, start: Start) -> Running:
        """Set up all watches, and begin. Raises WitkitError.

        Of several workers, only the first one does: each would handle every change.
        """
        application: Application = start.application
        selector, handlers = application.selector(CAPABILITY), handlers_of(application)
        running = Running(application, selector, handlers, Meter(start.registry, "changes", "store"))
        if THIS.number not in (None, 1):
            return running
        try:
            for watched in start.configuration:
                running.watch(watched)
        except BaseException:
            running.stop()
            raise
        for watched in start.configuration:
            what = "all keys" if watched.keys is None else ", ".join(f"`{key}`" for key in watched.keys)
            start.announce(f"changes of {what} in the store `{watched.store}` are handled")
        running.start()
        return running


@dataclass(slots=True)
class Running:
    """The watches, with a thread each: changes of one are handled in their order."""

    application: Application
    selector: Selector[KeyValue]
    handlers: Sequence[Handler]
    meter: Meter
    _watches: list[tuple[Watched, list[Watch]]] = field(default_factory=list)
    _threads: list[Thread] = field(default_factory=list)
    _ended: Event = field(default_factory=Event)

    def watch(self, watched: Watched) -> None:
        """Set up one watch. Raises WitkitError."""
        self.meter.expect(watched.store)
        try:
            self._watches.append((watched, [self._opened(watched)]))
        except Failure as failure:
            raise _refused(watched.store, failure, watched.place) from None

    def start(self) -> None:
        """Begin to handle changes."""
        for watched, opened in self._watches:
            name = f"witkit-watch-{watched.store}"
            thread = Thread(target=self._follow, args=(watched, opened), daemon=True, name=name)
            self._threads.append(thread)
            thread.start()

    @property
    def busy(self) -> bool:
        """Never: what nobody has handled is read again."""
        return False

    def stop(self) -> None:
        """Read nothing more."""
        self._ended.set()
        for watched, opened in self._watches:
            for watch in opened:
                _close(watch, watched.store)

    def close(self) -> None:
        """Wait for the threads."""
        for thread in self._threads:
            thread.join(2 * READ)

    def _opened(self, watched: Watched) -> Watch:
        stores = self.selector(watched.store)
        for key in watched.keys or ():
            stores.limits.check_key(key)
        stores.create(watched.store)
        return stores.watch(watched.store, watched.keys)

    def _follow(self, watched: Watched, opened: list[Watch]) -> None:
        """Handle changes until `stop`. A watch that fails begins again."""
        try:
            self._handle_all(watched, opened)
        finally:
            _close_all(opened, watched.store)  # also one that has begun again after `stop` had closed the others

    def _handle_all(self, watched: Watched, opened: list[Watch]) -> None:
        failures = 0
        while not self._ended.is_set():
            try:
                if not opened:
                    opened.append(self._opened(watched))
                    LOG.warning("the store `%s` is watched again; changes meanwhile were not seen", watched.store)
                change = opened[0].next(READ)
                failures = 0
            except Exception as problem:  # Also a mistake of a backend: the store is watched again.
                _close_all(opened, watched.store)
                if self._ended.is_set() or (isinstance(problem, Failure) and problem.kind is Kind.CLOSED):
                    return
                LOG.warning("the watch of the store `%s` failed: %s", watched.store, reason(problem))
                self._ended.wait(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
                continue
            if change is not None:
                id = call_id.set(token_hex(8))
                try:
                    with (
                        self.meter.counted(watched.store) as outcome,
                        change_span(self.application.spans, change.store) as failed,
                    ):
                        outcome.said = "handled" if self._handle(change, failed) else "failed"
                finally:
                    call_id.reset(id)

    def _call(self, handler: Handler, change: KeyChange) -> None:
        """Call a handler. If no instance is free, wait on: nobody else keeps the change."""
        while True:
            function, values = handler.call(self.selector, change)
            try:
                self.application.call(handler.interface, function, *values)
                return
            except Busy:
                if self._ended.wait(BUSY):
                    raise

    def _handle(self, change: KeyChange, failed: Callable[[Exception], object]) -> bool:
        """Call every handler. What they refuse is in the log, because nothing can be given back.

        Gives whether all of them have handled it.
        """
        are_well = True
        for handler in self.handlers:
            try:
                self._call(handler, change)
            except Exception as problem:  # Also a mistake of a backend: the other handlers are called.
                failed(problem)
                are_well = False
                key, id = visible(change.key), call_id.get()
                LOG.error("a change of `%s` in the store `%s` failed: %s id=%s", key, change.store, reason(problem), id)
        return are_well


def _close_all(opened: list[Watch], store: str) -> None:
    while opened:
        _close(opened.pop(), store)


def _close(watch: Watch, store: str) -> None:
    """Close a watch. A mistake of a backend in it does not end the others, or what comes next."""
    try:
        watch.close()
    except Exception as problem:
        LOG.warning("a watch of the store `%s` cannot be closed: %s", store, reason(problem))


def _refused(store: str, failure: Failure, place: Span | None) -> Exception:
    return cannot_open(f"the store `{store}` cannot be watched: {failure.shown}", place=place)


WATCHING: Final = Watching()
