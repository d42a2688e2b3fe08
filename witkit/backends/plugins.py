"""Backends of other distributions. Their failures are reported as theirs, not as defects of witkit."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from witkit._leaving import Terminated
from witkit.text import WitkitError, error
from witkit.text.bytecode import damaged
from witkit.text.secrets import masked_by_form
from witkit.text.values import value

from .backend import Backend, Opened
from .errors import CANNOT_OPEN, cannot_open
from .failure import Failure
from .settings import BackendSettings

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_NEEDED = ("limits", "check", "close")

TRACEBACK = "WITKIT_TRACEBACK"
"""If this variable is 1, messages include the traceback of what a plug-in raised."""


@value(frozen=True, slots=True)
class BackendPlugin:
    """A backend from an entry point. Whatever it raises becomes a WitkitError (WIT0802), unless it is one."""

    point: EntryPoint
    backend: Any

    @property
    def settings(self) -> type[BackendSettings]:
        """The settings that it declares."""
        found: type[BackendSettings] = self.backend.settings
        return found

    def opened(self, settings: BackendSettings) -> Opened:
        """Open the backend. Raises WitkitError."""
        with _blamed(self.point, "cannot be opened"):
            opened: Opened = self.backend.opened(settings)
            _expect_opened(opened)
        return opened

    def looked(self, look: Callable[[], None]) -> None:
        """Call what looks at what it has opened. Raises Failure and WitkitError."""
        with _blamed(self.point, "cannot be opened", Failure):
            look()

    def closed(self, opened: Opened) -> None:
        """Close what it has opened. Raises WitkitError."""
        with _blamed(self.point, "cannot be closed"):
            opened.close()


def plugin(points: Sequence[EntryPoint]) -> BackendPlugin:
    """The backend of the entry points with one name.

    Raises WitkitError (WIT0802) if it cannot be loaded, or if the entry points differ.
    """
    point = points[0]
    if len({each.value for each in points}) > 1:
        capability, _, backend = point.name.partition(".")
        message = f"the backend `{backend}` for {capability} is installed {len(points)} times"
        raise cannot_open(message, "\n".join(["uninstall all but one of these:", *map(_origin, points)]))
    with _blamed(point, "cannot be loaded"):
        found = point.load()
        if not isinstance(found, Backend):
            raise TypeError(f"it is {type(found).__name__}, not `witkit.backends.backend.Backend`")
        return BackendPlugin(point, found)


def blame(backend: object) -> str:
    """A sentence with the origin of a backend, or empty for witkit's own."""
    return _source(backend.point) if isinstance(backend, BackendPlugin) else ""


def described(problem: BaseException) -> str:
    """An exception of a plug-in without secrets: its class and message in one line, and the traceback if wanted."""
    said = damaged(problem) or f"{type(problem).__name__}: {_text(problem)}"
    line = masked_by_form(" ".join(said.split())).removesuffix(":")
    if os.environ.get(TRACEBACK) != "1":
        return line
    return f"{line}\n{masked_by_form(''.join(traceback.format_exception(problem))).rstrip()}"


def _text(problem: BaseException) -> str:
    try:
        return str(problem)
    except Exception as broken:
        return f"(its message cannot be shown: {type(broken).__name__})"


def _expect_opened(opened: object) -> None:
    """Raise TypeError if `open` returned something that is not open."""
    if not isinstance(getattr(opened, "location", None), str) or not all(hasattr(opened, name) for name in _NEEDED):
        raise TypeError(f"its `open` returned {type(opened).__name__}, which needs location, {', '.join(_NEEDED)}")


@contextmanager
def _blamed(point: EntryPoint, what: str, *said: type[Exception]) -> Iterator[None]:
    """`said` are other exceptions that the plug-in may raise."""
    passed: tuple[type[BaseException], ...] = (WitkitError, KeyboardInterrupt, Terminated, *said)
    try:
        yield
    except passed:
        raise
    except BaseException as problem:
        # Without a cause: its message may hold secrets in an unknown form, and tracebacks show the cause of an
        # exception.
        raise _failure(point, what, problem) from None


def _failure(point: EntryPoint, what: str, problem: BaseException) -> WitkitError:
    capability, _, backend = point.name.partition(".")
    message = f"the backend `{backend}` for {capability} {what}: {described(problem)}"
    missing = isinstance(problem, ImportError)
    way = "install what it needs, or choose another backend" if missing else f"{TRACEBACK}=1 shows where it failed"
    return WitkitError([error(CANNOT_OPEN, message, help=f"{_source(point)}; {way}")])


def _source(point: EntryPoint) -> str:
    """A sentence with the origin of a plug-in."""
    return f"it is from {_origin(point)}"


def _origin(point: EntryPoint) -> str:
    owner = f" {point.dist.version}" if point.dist else ""
    distribution = f"the distribution `{point.dist.name}`{owner}" if point.dist else "another distribution"
    return f"{distribution}, entry point `{point.name} = {point.value}`"
