"""The protocol of triggers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from witkit import abi

from ..application import Application
from ..exported import Exporting
from ..project import Configuration
from ..settings import RunSettings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

CHECKS: Final = 0.02
"""The seconds between two looks at what is busy."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a trigger starts with: its configuration, as `read` gave it.

    `announce` takes a line for the operator, before anything is served. `registry` is for figures; None if nobody asks
    for them.
    """

    application: Application
    configuration: Any
    announce: Callable[[str], None]
    registry: CollectorRegistry | None = None


class Running(Protocol):
    """A trigger that runs, in threads of its own."""

    @property
    def busy(self) -> bool:
        """Whether something that it has accepted may still need a call."""

    def stop(self) -> None:
        """Accept nothing more. Returns at once. Calls that run go on."""

    def close(self) -> None:
        """Wait until nothing runs any more. By now the application has no more calls, so this is soon."""


def drained(running: Iterable[Running], seconds: float) -> float:
    """Wait until none of them is busy, for at most `seconds`. Returns the seconds that are left."""
    deadline, watched = time.monotonic() + seconds, list(running)
    while (left := deadline - time.monotonic()) > 0 and any(each.busy for each in watched):
        time.sleep(min(CHECKS, left))
    return max(left, 0.0)


class Trigger(Protocol):
    """What calls exports of a guest. Its methods from `lacks` on are for guests that it fits, except `prepared`."""

    @property
    def name(self) -> str:
        """Its name in the table."""

    @property
    def exports(self) -> Sequence[str]:
        """The exports that it calls, as a message to the user names them."""

    def read(self, project: Configuration, options: Mapping[str, Any]) -> Any:
        """Its configuration: that of the project, with options of the command line over it."""

    def fits(self, exporting: Exporting) -> bool:
        """Whether the guest has its exports."""

    def lacks(self, configuration: Any) -> str:
        """What has to be configured before it is of use; empty if nothing is missing."""

    def prepared(self, path: Path, settings: RunSettings, configuration: Any) -> RunSettings:
        """The settings with which the guest in a file is opened: with imports that the trigger provides, for example.

        This is called before the guest is known, and also if it does not fit.
        """

    def described(self, exporting: Exporting) -> Iterable[abi.Interface]:
        """The types of the exports, see `instances.Caller`."""

    def capabilities(self, exporting: Exporting) -> Iterable[str]:
        """The capabilities whose backends it uses itself."""

    def start(self, start: Start) -> Running:
        """Begin to call. Raises WitkitError if that is impossible; nothing runs then."""
