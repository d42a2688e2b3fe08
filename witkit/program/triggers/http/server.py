"""Servers: uvicorn in a thread of its own, so that the main thread is free for signals and for programs."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from contextlib import suppress
from threading import Event, Thread
from typing import Any, Final

from witkit.text import WitkitError, error

from ..meters import NO_SERVER
from .addresses import NO_ADDRESS, Address
from .settings import HttpSettings, Tls

LOG: Final = logging.getLogger("witkit.http")
TICK: Final = 0.1
"""The seconds after which uvicorn looks again whether it should end."""


class Server:
    """One server for one ASGI application, from `start` to `stop`. `address` has the actual port."""

    def __init__(self, app: Any, settings: HttpSettings, address: Address) -> None:
        """Listen at the address, so that connections wait from now on. Raises WitkitError: WIT0917 if uvicorn is not
        installed, WIT0916 if the address or the files for TLS cannot be used."""
        self._config = _config(app, settings)
        self._socket = address.listen(settings.reuse_port)
        host, port = self._socket.getsockname()[:2]
        self.address = Address(host, port)
        self._server: Any = None
        self._loop: Any = None
        self._started = Event()
        self._thread = Thread(target=self._run, name="witkit-server", daemon=True)

    @property
    def is_secure(self) -> bool:
        """Whether it speaks TLS."""
        return self._config.ssl is not None

    @property
    def running(self) -> bool:
        """Whether connections are accepted."""
        return self._server is not None and self._thread.is_alive() and not self._server.should_exit

    def start(self) -> None:
        """Begin to answer requests."""
        self._thread.start()
        self._started.wait()

    def stop(self, grace: float) -> None:
        """Accept no more connections, and wait `grace` seconds for requests that are being answered.

        Those that are not answered by then are cut off. A second time does nothing.
        """
        self.stop_accepting(grace)
        if self._server is not None:
            self._thread.join(grace + 20 * TICK)

    def stop_accepting(self, grace: float) -> None:
        """Begin to stop, as `stop` does, and return at once."""
        if self._server is None:
            self._socket.close()
            return
        self._config.timeout_graceful_shutdown = grace
        self._server.should_exit = True
        with suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(self._close_listeners)

    def _close_listeners(self) -> None:
        """In the loop, and before uvicorn does it: between two of its ticks, it would still accept connections, and
        keep those whose requests are answered."""
        for each in self._server.servers:
            each.close()
        for connection in list(self._server.server_state.connections):
            connection.shutdown()

    def join(self) -> None:
        """Wait until it is stopped."""
        self._thread.join()

    def _run(self) -> None:
        import uvicorn

        outer, started = self, self._started

        class Noting(uvicorn.Server):
            """Says when it has begun."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                outer._loop = asyncio.get_running_loop()
                await super().startup(sockets)
                started.set()

        self._server = Noting(self._config)
        try:
            self._server.run(sockets=[self._socket])
        except (Exception, SystemExit):
            LOG.exception("the server ended")
        finally:
            started.set()


def _until_cut_off(app: Any) -> Any:
    """The application, which answers 503 if uvicorn cancels a request because the time to stop is over."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            LOG.warning("%s %s was cut off: the server stops", scope["method"], scope["path"])
            headers = [(b"content-length", b"0"), (b"connection", b"close")]
            with suppress(RuntimeError):  # its answer has begun
                await send({"type": "http.response.start", "status": 503, "headers": headers})
                await send({"type": "http.response.body"})

    return answer


def _config(app: Any, settings: HttpSettings) -> Any:
    try:
        import uvicorn

        from .protocol import limited
    except ImportError as missing:
        help = "pip install 'witkit[serve]'"
        raise WitkitError([error(NO_SERVER, f"`{missing.name}` is not installed", help=help)]) from None
    config = uvicorn.Config(
        _until_cut_off(app),
        http=limited(settings.headers, settings.timeout),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=settings.connections + 1,  # uvicorn counts the connection that it asks for
    )
    config.timeout_keep_alive = settings.keep_alive  # type: ignore[assignment]  # it is given to a timer
    config.load()
    config.ssl = _context(settings.tls) if settings.tls else None
    return config


def _context(tls: Tls) -> ssl.SSLContext:
    """The context for TLS 1.2 and 1.3. Raises WitkitError (WIT0916) for files that cannot be used."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    for name, path in (("certificate", tls.certificate), ("key", tls.key)):
        try:
            path.open("rb").close()
        except OSError as wrong:
            raise _no_tls(f"cannot read `{name}` of `[http.tls]`", wrong) from None
    try:
        # Without a password, OpenSSL would ask for one on the terminal.
        context.load_cert_chain(tls.certificate, tls.key, password="")
    except (OSError, ssl.SSLError) as wrong:
        raise _no_tls("cannot use `certificate` and `key` of `[http.tls]`", wrong) from None
    return context


def _no_tls(what: str, wrong: OSError) -> WitkitError:
    """Without the paths: that of the key may be covered as a secret."""
    reason = (getattr(wrong, "reason", None) or wrong.strerror or str(wrong)).lower().replace("_", " ")
    help = "both are in PEM; the key belongs to the certificate, and has no password"
    return WitkitError([error(NO_ADDRESS, f"TLS is not possible: {what}: {reason}", help=help)])
