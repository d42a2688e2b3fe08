"""Open the backends that were chosen, each once, and close them together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from witkit.text import Span, WitkitError
from witkit.text.secrets import masked, masked_by_form

from .backend import Backend, Opened
from .base import cannot_open
from .failure import Failure
from .plugins import Plugin, blame
from .references import looked_up
from .route import Route
from .settings import read

if TYPE_CHECKING:
    from .connect import Choice
    from .table import Capability


@dataclass(frozen=True, slots=True)
class Location:
    """Where the data of a name is. `name` is None for all names that are not configured."""

    capability: Capability
    name: str | None
    place: str


class Openings:
    """Open backends. A backend that is chosen twice with the same settings is opened once.

    `blame` has the distribution of a backend that is not witkit's own, by capability. They are open until `stack` is
    closed.
    """

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._opened: list[tuple[str, object, object, Opened]] = []
        self.blame: dict[str, str] = {}
        self.locations: list[Location] = []

    def route(self, capability: Capability, choice: Choice) -> Route[Any]:
        """Open what is chosen for a capability. Raises WitkitError with all mistakes."""
        problems: list[WitkitError] = []

        def attempt(name: str | None, chosen: Choice) -> Any:
            try:
                opened = self.open(capability, chosen)
            except WitkitError as problem:
                problems.append(problem)
                return None
            self._locate(capability, name, opened)
            return opened

        default = None if choice.refuses else attempt(None, choice)
        names = {name: attempt(name, each) for name, each in choice.effective_names(capability).items()}
        if problems:
            raise WitkitError([said for problem in problems for said in problem.diagnostics])
        return Route(default, names)

    def open(self, capability: Capability, choice: Choice) -> Opened:
        """The opened backend of one choice, whose server answers. Raises WitkitError."""
        backend = choice.backend_of(capability)
        given = looked_up(choice.settings, choice.places)
        settings: Any = read(backend.settings, given, choice.places)
        for known, same, with_settings, found in self._opened:
            if (known, same, with_settings) == (capability.name, backend, settings):
                return found
        with choice.placed():
            opened = self._checked(backend, settings, capability, choice)
        self._opened.append((capability.name, backend, settings, opened))
        if origin := blame(backend):
            self.blame[capability.name] = origin
        return opened

    def _checked(self, backend: Backend[Any] | Plugin, settings: Any, capability: Capability, choice: Choice) -> Opened:
        opened, close = _open(backend, settings)
        try:
            opened.check()
        except Failure as failure:
            close()
            raise _refused(failure, capability, choice) from failure
        except BaseException:
            close()
            raise
        self._stack.callback(close)
        return opened

    def _locate(self, capability: Capability, name: str | None, opened: Opened) -> None:
        self.locations.append(Location(capability, name, masked(masked_by_form(opened.location))))


def _open(backend: Backend[Any] | Plugin, settings: Any) -> tuple[Opened, Callable[[], None]]:
    if isinstance(backend, Plugin):
        opened = backend.opened(settings)
        return opened, partial(backend.closed, opened)
    opened = backend.opened(settings)
    return opened, opened.close


def _refused(failure: Failure, capability: Capability, choice: Choice) -> WitkitError:
    """The error for a backend that does not answer, at the line that chooses it."""
    said = f"{failure.message}: {failure.detail}" if failure.detail else failure.message
    name = choice.backend or capability.default
    message = f"the backend `{name}` for {capability.name} cannot be used: {masked_by_form(said)}"
    return cannot_open(message, "check its settings and, if it has one, its server", place=_place(choice))


def _place(choice: Choice) -> Span | None:
    return next((choice.places[key] for key in ("url", "path", "backend") if key in choice.places), None)
