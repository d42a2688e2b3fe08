"""What a backend is: a name in the table, typed settings, and what it opens. It knows no WIT."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from witkit.text.values import value

from .errors import cannot_open
from .limits import Limits
from .settings import BackendSettings

T = TypeVar("T", bound="Opened", covariant=True)


class Opened(Protocol):
    """What every backend opens, whatever its capability. Safe to use from several threads."""

    location: str
    """Where data is, in a few words without secrets: `the SQLite file orders.db`, `Redis at db.example:6379`."""

    limits: Limits
    """What is checked before a call."""

    def check(self) -> None:
        """Raise Failure if the server cannot be reached or refuses the credentials, or if files are not usable.

        It only looks: nothing is different on the server afterwards.
        """

    def close(self) -> None:
        """Release files and connections. Acknowledged changes are kept; later calls raise Failure (CLOSED)."""


@runtime_checkable
class Prepares(Protocol):
    """What is opened by a backend whose server needs something before it can hold data: a table, a bucket."""

    def prepare(self) -> None:
        """Create that if it does not exist. Raises Failure.

        Called once, after `check`, but not by `witkit run --check`. A program's backends are all checked first.
        """


@value(frozen=True, slots=True)
class Requirement:
    """A client library that is not always installed: its module, and the extra of witkit that installs it."""

    module: str
    extra: str


@value(frozen=True, slots=True)
class Backend(Generic[T]):
    """A backend of one capability, as the table and the entry points in `witkit.backends` name it.

    `open` takes the settings that `settings` declares. It raises WitkitError if it cannot open the backend with these
    (WIT0802, WIT0910), and connects no later than `check`. What it opens may be `Prepares`, too. `description` is one
    sentence. `limits` are those of what it opens.
    """

    description: str
    open: Callable[[Any], T]
    settings: type[BackendSettings] = BackendSettings
    limits: Limits = field(default_factory=Limits)
    requires: Requirement | None = None

    @property
    def installed(self) -> bool:
        """Whether the client library that it needs is there."""
        return self.requires is None or find_spec(self.requires.module) is not None

    def opened(self, settings: BackendSettings) -> T:
        """What `open` gives. Raises WitkitError (WIT0802) also for a client library that cannot be imported."""
        if self.requires is not None:
            needs = f"this backend needs the Python module `{self.requires.module}`, which"
            help = f"install it: pip install 'witkit[{self.requires.extra}]'"
            if not self.installed:
                raise cannot_open(f"{needs} is not installed", help)
            try:
                import_module(self.requires.module)
            except ImportError as problem:  # psycopg without libpq, for example
                raise cannot_open(f"{needs} cannot be imported: {' '.join(str(problem).split())}", help) from None
        return self.open(settings)
