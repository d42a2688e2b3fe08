"""Open a guest as an ASGI application."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal, Self

from witkit import abi
from witkit.text import WitkitError

from ...application import Application, open_application
from ...exported import Exporting
from ...pool import PoolSettings
from ...pool_settings import pool_over
from ...project import Configuration, read_configuration
from ...providers import Provider
from ...settings import RunSettings
from ...telemetry.opened import spans_of_process
from .addresses import Address
from .application import HttpApplication
from .cloudevents import described, with_events
from .logs import access_log, log_failures
from .settings import HttpSettings, checked
from .spiderlightning.opened import Recorded, answers, nothing_answers
from .spiderlightning.router import SERVER_IMPORT, http_server


@dataclass(frozen=True, slots=True)
class Answering:
    """The guest has to answer requests."""

    def of(self, component: Exporting, tracks: Any = ()) -> None:
        """Raises WitkitError (WIT0813) if nothing in it does."""
        if not answers(component):
            raise WitkitError([nothing_answers(component.name)])

    def described(self, exporting: Exporting) -> Iterable[abi.Interface]:
        """That of the handler for events."""
        return described(exporting)

    def capabilities(self, exporting: Exporting) -> Iterable[str]:
        """None."""
        return ()


class Prepared:
    """What a guest gets to answer requests, before and after it is open."""

    def __init__(self) -> None:
        self._recorded = Recorded()

    def over(self, settings: RunSettings, http: HttpSettings) -> RunSettings:
        """The settings of a guest that answers requests: with the import `http-server`, and calls with a time limit."""
        given = Provider.given(http_server(self._recorded))
        limits = settings.limits
        if limits.timeout is None:
            limits = replace(limits, timeout=http.timeout)
        return replace(settings, providers={SERVER_IMPORT: given, **settings.providers}, limits=limits)

    def opened(self, guest: Application, http: HttpSettings) -> HttpApplication:
        """The ASGI application of an open guest, which has started when this returns. Raises WitkitError."""
        self._recorded.opened(guest)
        front = with_events(self._recorded.front(guest), guest, http.events)
        pool = guest.pool.settings
        watchers = [log_failures, *filter(None, [access_log(http.access_log)])]
        return HttpApplication(front, http, calls=pool.size, wait=pool.wait, watchers=watchers, spans=guest.spans)

    @property
    def address(self) -> Address | None:
        """Where the guest wants to be served."""
        return self._recorded.served[0] if self._recorded.served else None


@contextmanager
def open_http(path: Path, settings: RunSettings, pool: PoolSettings, http: HttpSettings) -> Iterator[HttpApplication]:
    """The guest in a file as an ASGI application, until the `with` statement ends. Raises WitkitError."""
    prepared = Prepared()
    with open_application(path, prepared.over(settings, http), pool, caller=Answering()) as guest:
        application = prepared.opened(guest, http)
        try:
            yield application
        finally:
            application.close()


class Asgi:
    """An ASGI application that a guest answers: what `witkit.asgi` gives.

    Any ASGI server runs it, and frameworks mount it. Its backends are open until it is closed: by `close`, at the end
    of a `with` statement, or when the program ends.
    """

    def __init__(self, application: HttpApplication, stack: ExitStack) -> None:
        self._application = application
        self._close = weakref.finalize(self, stack.close)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._application(scope, receive, send)

    def close(self) -> None:
        """Close the guest and its backends. A second time does nothing."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def asgi(
    path: str | PathLike[str],
    *,
    config: str | PathLike[str] | None = None,
    instances: Literal["fresh", "pooled"] | None = None,
    size: int | None = None,
    **http: Any,
) -> Asgi:
    """A component, or a guest's `.py` file, as an ASGI application: `app = witkit.asgi("app.wasm")`.

    Its imports get the backends of `config`, by default of the nearest `witkit.toml` from the current folder upwards.
    `instances` and `size` go over its table `[instances]`, and other arguments, such as `timeout=10`, over `[http]`,
    with `_` for `-`. The guest is opened at once: raises WitkitError with everything that prevents it from answering.
    """
    project = read_configuration(None if config is None else Path(fspath(config)))
    pool, over = pool_over(project.pool, instances, size), replace(project.http, **checked(http))
    with ExitStack() as stack:
        opened = open_http(Path(fspath(path)), _settings(project), pool, over)
        application = stack.enter_context(opened)
        return Asgi(application, stack.pop_all())


def _settings(project: Configuration) -> RunSettings:
    return RunSettings(
        project=project.choices,
        providers=project.providers,
        grants=project.grants,
        limits=project.limits,
        spans=spans_of_process(),
    )
