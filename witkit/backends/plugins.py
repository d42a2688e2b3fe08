"""Backends of other distributions: what goes wrong in one is told as its own, and not as a defect of witkit."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witkit.text import WitkitError, error
from witkit.text.secrets import masked_by_form

from .base import CANNOT_OPEN, Backend, Opened, Settings

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

TRACEBACK = "WITKIT_TRACEBACK"
"""The variable that, set to 1, has the traceback of what a plug-in raised shown."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A backend that an entry point names. Whatever it raises but a WitkitError becomes one (WIT0802)."""

    point: EntryPoint
    backend: Any

    def open(self, settings: Settings) -> Opened:
        """The backend, opened. Raises WitkitError."""
        with _blamed(self.point, "does not open"):
            opened = self.backend.open(settings)
        if not isinstance(opened, Opened):
            problem = TypeError(f"its `open` gave {type(opened).__name__}, not `witkit.backends.base.Opened`")
            raise _failure(self.point, "does not open", problem)
        return Opened(opened.implementation, masked_by_form(opened.place))

    def close(self, opened: Opened) -> None:
        """Close the backend. Raises WitkitError."""
        with _blamed(self.point, "does not close"):
            self.backend.close(opened)


def plugin(point: EntryPoint) -> Backend:
    """The backend that an entry point names. Raises WitkitError (WIT0802) if it does not load."""
    with _blamed(point, "does not load"):
        return Plugin(point, point.load())


def blame(backend: Backend) -> str:
    """Whose fault it is what this backend does, in a sentence; empty for one of witkit's own."""
    return _source(backend.point) if isinstance(backend, Plugin) else ""


def told(problem: BaseException) -> str:
    """What a plug-in raised, without secrets: its class and its text in one line, and the traceback if it is wanted."""
    line = masked_by_form(" ".join(f"{type(problem).__name__}: {problem}".split()))
    if os.environ.get(TRACEBACK) != "1":
        return line
    return f"{line}\n{masked_by_form(''.join(traceback.format_exception(problem))).rstrip()}"


@contextmanager
def _blamed(point: EntryPoint, what: str) -> Iterator[None]:
    try:
        yield
    except WitkitError:
        raise
    except (Exception, SystemExit) as problem:
        # Not from the problem: its text may hold secrets in a form that nobody knows, and whoever shows the cause of
        # an exception would show it.
        raise _failure(point, what, problem) from None


def _failure(point: EntryPoint, what: str, problem: BaseException) -> WitkitError:
    capability, _, backend = point.name.partition(".")
    message = f"the backend `{backend}` for {capability} {what}: {told(problem)}"
    missing = isinstance(problem, ImportError)
    way = "install what it needs, or choose another backend" if missing else f"{TRACEBACK}=1 shows where it failed"
    return WitkitError([error(CANNOT_OPEN, message, help=f"{_source(point)}; {way}")])


def _source(point: EntryPoint) -> str:
    """Where a plug-in comes from."""
    owner = f" {point.dist.version}" if point.dist else ""
    distribution = f"the distribution `{point.dist.name}`{owner}" if point.dist else "another distribution"
    return f"it is of {distribution}, entry point `{point.name} = {point.value}`"
