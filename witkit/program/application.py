"""An application: one guest, a component or a `.py` file, with its connected imports, ready to be called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from witkit import abi
from witkit.backends.selector import Selector

from .exported import Exporting
from .instances import Caller, OpenedGuest, of_component, of_native
from .pool import Closed, InstancePool, PoolSettings
from .preflight import WantedExports
from .settings import RunSettings

if TYPE_CHECKING:
    from .telemetry.spans import Spans

GRACE: Final = 5.0
"""The seconds that calls have to end when an application is closed: less than `ending.CLOSING`."""


_CALLING: Final[ContextVar[tuple[Application, ...]]] = ContextVar("calling", default=())
"""The applications with a call around this one."""


class Application:
    """A guest that is called. All threads may share it.

    `name` is its file, `exports` has its interfaces and functions. `spans` is for those who call it.
    """

    def __init__(self, path: Path, spans: Spans | None = None) -> None:
        self.spans = spans
        self.name, self.exports = str(path), tuple[str, ...]()
        self._opened: tuple[OpenedGuest, InstancePool] | None = None
        self._inner: InstancePool | None = None

    @property
    def pool(self) -> InstancePool:
        """Its instances. Raises Closed until all imports are connected."""
        return self._ready()[1]

    def ready(self, source: OpenedGuest, pool: InstancePool) -> None:
        """It can be called from now on."""
        self.exports, self._opened = tuple(source.exporting.exports), (source, pool)
        self._inner = InstancePool(source.make, replace(source.settings, instances="fresh"), source.interrupt)

    def close(self, grace: float) -> None:
        """End all calls, see `InstancePool.close`."""
        self.pool.close(grace)
        if self._inner is not None:
            self._inner.close(0)

    def _ready(self) -> tuple[OpenedGuest, InstancePool]:
        if self._opened is None:
            raise Closed("the application has not been opened yet")
        return self._opened

    def interface(self, name: str) -> abi.Interface:
        """An exported interface; "" has the functions of the world. Raises WitkitError."""
        return self._ready()[0].exporting.interface(name)

    def selector(self, capability: str) -> Selector[Any]:
        """The open backends of a capability that is imported or that the caller needs. Raises KeyError."""
        return self._ready()[0].selectors[capability]

    def call(self, interface: str | None, function: str, *values: Any) -> Any:
        """Call an export; see `InstancePool.call`. A guest that stopped raises `Stopped`, which is a `Trap`.

        A call from inside a call, such as that of a front for the guest's own events, gets an instance beyond those of
        the pool: its caller keeps one of them, and both would wait for each other if there were no other.
        """
        around = _CALLING.get()
        if around and self in around and self._inner is not None:
            return self._inner.call(interface, function, *values)
        pool = self._ready()[1]
        before = _CALLING.set((*around, self))
        try:
            return pool.call(interface, function, *values)
        finally:
            _CALLING.reset(before)


@dataclass(frozen=True, slots=True)
class Calls:
    """A `Caller` that needs no backends. Without `wanted`, every component will do; `types` are those of exports."""

    wanted: WantedExports | None = None
    types: Sequence[abi.Interface] = ()

    def of(self, component: Exporting, tracks: Sequence[str] = ()) -> None:
        """Raises WitkitError as `wanted` does."""
        if self.wanted is not None:
            self.wanted.of(component, tracks)

    def described(self, exporting: Exporting) -> Sequence[abi.Interface]:
        return self.types

    def capabilities(self, exporting: Exporting) -> Sequence[str]:
        return ()


@contextmanager
def open_application(
    path: Path,
    settings: RunSettings | None = None,
    pool: PoolSettings | None = None,
    *,
    caller: Caller | None = None,
    wanted: WantedExports | None = None,
    grace: float = GRACE,
) -> Iterator[Application]:
    """The guest in a file, until the `with` statement ends: then no call begins, and those that run have `grace`
    seconds.

    `caller`, or `wanted` alone, says what it has to export. Raises WitkitError with everything that prevents calls, as
    `run` does.
    """
    opened = of_native if path.suffix == ".py" else of_component
    chosen = settings or RunSettings()
    application = Application(path, chosen.spans)
    given = replace(chosen, callee=application)
    with opened(path, given, pool or PoolSettings(), caller or Calls(wanted)) as source:
        made = InstancePool(source.make, source.settings, source.interrupt)
        application.ready(source, made)
        try:
            yield application
        finally:
            application.close(grace)
