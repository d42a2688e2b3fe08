"""Open the backends that were chosen, each once, and close them together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from witkit.text import Diagnostic, Span, WitkitError
from witkit.text.secrets import masked, masked_by_form
from witkit.text.values import value

from .backend import Backend, Opened, Prepares
from .errors import cannot_open
from .failure import Failure, Kind
from .new_places import hindrance, new_places
from .plugins import BackendPlugin, blame
from .selector import Selector
from .settings import BackendSettings, declared, example, miswritten, read

if TYPE_CHECKING:
    from .connect import Choice
    from .table import Capability


_ADDRESSES: Final = ("url", "endpoint", "account", "bucket", "container")
"""Settings that say where a server is, and what it has to have."""


@value(frozen=True, slots=True)
class Location:
    """Where the data of a name is. `name` is None for all names that are not configured."""

    capability: Capability
    name: str | None
    place: str


class Openings:
    """Open backends. A backend that is chosen twice with the same settings is opened once.

    `blame` has the distribution of a backend that is not witkit's own, by capability. They are open until `stack` is
    closed. With `only_look`, nothing is created on servers before `prepare`: the backends may not be able to hold data.
    """

    def __init__(self, stack: ExitStack, *, only_look: bool = False) -> None:
        self._stack, self._only_look = stack, only_look
        self._unprepared: list[Callable[[], None]] = []
        self._opened: list[tuple[str, object, object, Opened]] = []
        self.blame: dict[str, str] = {}
        self.locations: list[Location] = []

    def selector(self, capability: Capability, choice: Choice) -> Selector[Any]:
        """Open what is chosen for a capability. Raises WitkitError with all mistakes."""
        problems: list[WitkitError] = []

        def attempt(name: str | None, chosen: Choice) -> Any:
            try:
                opened = self.wrapped(capability, chosen)
            except WitkitError as problem:
                problems.append(problem)
                return None
            self._locate(capability, name, opened)
            return opened

        default = None if choice.refuses else attempt(None, choice)
        names = {name: attempt(name, each) for name, each in choice.effective_names(capability).items()}
        if problems:
            # A name takes over settings, and so the mistakes in them.
            raise WitkitError(dict.fromkeys(said for problem in problems for said in problem.diagnostics))
        return Selector(default, names)

    def prepare(self) -> list[Diagnostic]:
        """Create what the servers of the opened backends need before they can hold data, and return what failed."""
        found: list[Diagnostic] = []
        for prepare in self._unprepared:
            try:
                prepare()
            except WitkitError as problem:
                found += problem.diagnostics
        self._unprepared.clear()
        return list(dict.fromkeys(found))

    def problems(self, capability: Capability, choice: Choice) -> list[Diagnostic]:
        """All mistakes in what is chosen for a capability, found without creating data.

        A backend is opened to find out whether its server answers, unless its file or folder does not exist yet.
        """
        found: list[Diagnostic] = []
        chosen = [] if choice.refuses else [choice]
        for each in (*chosen, *choice.effective_names(capability).values()):
            try:
                new = new_places(_chosen(capability, each)[1])
                found += [said for place in new if (said := _cannot_be_made(place, each))]
                if not new:
                    self.open(capability, each)
            except WitkitError as problem:
                found += problem.diagnostics
        return list(dict.fromkeys(found))

    @staticmethod
    def miswritten(capability: Capability, choice: Choice) -> list[Diagnostic]:
        """The mistakes in what is chosen for a capability that nothing uses. Backends of others are not loaded.

        An unknown backend in a file is none: readers of `witkit.toml` refuse it, and a file for slight may have one.
        """
        found: list[Diagnostic] = []
        for each in (*([] if choice.refuses else [choice]), *choice.effective_names(capability).values()):
            name = each.backend or capability.default
            if name not in capability.backends and (each.places or name in capability.names()):
                continue
            try:
                backend = each.backend_of(capability)
                found += miswritten(backend.settings, each.settings, each.places)
            except WitkitError as problem:
                found += problem.diagnostics
        return list(dict.fromkeys(found))

    def wrapped(self, capability: Capability, choice: Choice) -> Any:
        """The opened backend of one choice, with what the choice puts around it. Raises WitkitError."""
        opened = self.open(capability, choice)
        return opened if choice.wrap is None else choice.wrap(opened)

    def open(self, capability: Capability, choice: Choice) -> Opened:
        """The opened backend of one choice, whose server answers. Raises WitkitError."""
        backend, settings = _chosen(capability, choice)
        for known, same, with_settings, found in self._opened:
            if (known, same, with_settings) == (capability.name, backend, settings):
                return found
        with choice.placed():
            opened = self._checked(backend, settings, capability, choice)
        self._opened.append((capability.name, backend, settings, opened))
        if origin := blame(backend):
            self.blame[capability.name] = origin
        return opened

    def _checked(
        self, backend: Backend[Any] | BackendPlugin, settings: Any, capability: Capability, choice: Choice
    ) -> Opened:
        opened, close = _open(backend, settings)
        look = partial(_looked, backend, capability, choice)
        try:
            look(opened.check)
            if isinstance(opened, Prepares) and not self._only_look:
                look(opened.prepare)
        except BaseException:
            with suppress(WitkitError):  # The first mistake says more.
                close()
            raise
        self._stack.callback(close)
        if isinstance(opened, Prepares) and self._only_look:
            self._unprepared.append(partial(look, opened.prepare))
        return opened

    def _locate(self, capability: Capability, name: str | None, opened: Opened) -> None:
        self.locations.append(Location(capability, name, masked(masked_by_form(opened.location))))


def _chosen(capability: Capability, choice: Choice) -> tuple[Backend[Any] | BackendPlugin, BackendSettings]:
    """A backend and its settings. Raises WitkitError."""
    backend = choice.backend_of(capability)
    return backend, read(backend.settings, choice.settings, choice.places, choice.table(capability))


def _looked(
    backend: Backend[Any] | BackendPlugin, capability: Capability, choice: Choice, look: Callable[[], None]
) -> None:
    """Call what looks at an opened backend or prepares it. Raises WitkitError."""
    try:
        with choice.placed():
            if isinstance(backend, BackendPlugin):
                backend.looked(look)
            else:
                look()
    except Failure as failure:
        raise _refused(failure, capability, choice) from failure


def _cannot_be_made(place: Path, choice: Choice) -> Diagnostic | None:
    """What is wrong with a place that does not exist yet, if nothing can be created there."""
    if (found := hindrance(place)) is None:
        return None
    (said,) = cannot_open(*found, str(place), choice.places.get("path")).diagnostics
    return said


def _open(backend: Backend[Any] | BackendPlugin, settings: Any) -> tuple[Opened, Callable[[], None]]:
    if isinstance(backend, BackendPlugin):
        opened = backend.opened(settings)
        return opened, partial(backend.closed, opened)
    opened = backend.opened(settings)
    return opened, opened.close


def _refused(failure: Failure, capability: Capability, choice: Choice) -> WitkitError:
    """The error for a backend that does not answer, at the line that chooses it."""
    name = choice.backend or capability.default
    message = f"the backend `{name}` for {capability.name} cannot be used: {failure.shown}"
    settings = [each for each in declared(choice.backend_of(capability).settings) if each.name in _ADDRESSES]
    help = "check its settings and, if it has one, its server"
    if failure.kind is Kind.DENIED:
        help = f"check the user and the password or key in its settings: witkit backends {capability.name}"
    elif settings:
        way = "name another server" if failure.kind is Kind.UNSUPPORTED else "start its server, or correct where it is"
        help = f"{way}:\n{example(choice.table(capability), name, settings)}"
    return cannot_open(message, help, place=_place(choice))


def _place(choice: Choice) -> Span | None:
    return next((choice.places[key] for key in ("url", "path", "backend") if key in choice.places), None)
