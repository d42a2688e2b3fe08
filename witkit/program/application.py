"""An application: one guest, a component or a `.py` file, with its connected imports, ready to be called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from witkit import abi

from .exported import Exporting
from .instances import Described, of_component, of_native
from .pool import Closed, Pool, PoolSettings
from .preflight import Wanted
from .settings import RunSettings

GRACE: Final = 5.0
"""The seconds that calls have to end when an application is closed: less than `ending.CLOSING`."""


class Application:
    """A guest that is called. All threads may share it.

    `name` is its file, `exports` has its interfaces and functions.
    """

    def __init__(self, path: Path) -> None:
        self.name, self.exports = str(path), tuple[str, ...]()
        self._opened: tuple[Exporting, Pool] | None = None

    @property
    def pool(self) -> Pool:
        """Its instances. Raises Closed until all imports are connected."""
        return self._ready()[1]

    def ready(self, exporting: Exporting, pool: Pool) -> None:
        """It can be called from now on."""
        self.exports, self._opened = tuple(exporting.exports), (exporting, pool)

    def _ready(self) -> tuple[Exporting, Pool]:
        if self._opened is None:
            raise Closed("the application has not been opened yet")
        return self._opened

    def interface(self, name: str) -> abi.Interface:
        """An exported interface; "" has the functions of the world. Raises WitkitError."""
        return self._ready()[0].interface(name)

    def call(self, interface: str | None, function: str, *values: Any) -> Any:
        """Call an export; see `Pool.call`. A guest that stopped raises `Stopped`, which is a `Trap`."""
        return self.pool.call(interface, function, *values)


@dataclass(frozen=True, slots=True)
class Anything:
    """Every component will do."""

    def of(self, component: Exporting, tracks: Sequence[str] = ()) -> None:
        """Raises nothing."""


@contextmanager
def open_application(
    path: Path,
    settings: RunSettings | None = None,
    pool: PoolSettings | None = None,
    *,
    wanted: Wanted | None = None,
    described: Described = lambda exporting: (),
    grace: float = GRACE,
) -> Iterator[Application]:
    """The guest in a file, until the `with` statement ends: then no call begins, and those that run have `grace`
    seconds.

    `wanted` says what it has to export. Raises WitkitError with everything that prevents calls, as `run` does.
    """
    opened = of_native if path.suffix == ".py" else of_component
    application = Application(path)
    given = replace(settings or RunSettings(), callee=application)
    with opened(path, given, pool or PoolSettings(), wanted or Anything(), described) as source:
        made = Pool(source.make, source.settings, source.interrupt)
        application.ready(source.exporting, made)
        try:
            yield application
        finally:
            made.close(grace)
