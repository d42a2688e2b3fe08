"""The import `http-server`: routers and servers that a guest makes.

The import gets a `Serving`, which says what it means that the guest serves a router: an application that a server has
already only wants the routes; a program that runs by itself gets a server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from witkit.abi import Err
from witkit.interfaces.http import http_server as described
from witkit.interfaces.http.http_types import HttpRouterError_InvalidUrl, HttpRouterError_UnexpectedError
from witkit.text import WitkitError

from ..addresses import Address
from .handlers import Handler
from .routes import BadRoute, Routes

SERVER_IMPORT = "spiderlightning:http/http-server@0.5.1"


class Serving(Protocol):
    """What becomes of the routers that a guest serves."""

    def handler(self, name: str) -> Handler | None:
        """The handler that the guest exports under a name, or None."""

    def serve(self, address: Address, routes: Routes) -> Callable[[], object]:
        """Serve these routes from now on; gives what ends that. Raises WitkitError."""


def http_server(serving: Serving) -> Any:
    """The implementation of the import for one guest."""

    class Router(described.Router):
        """A table of routes; a method that adds a route gives another one."""

        def __init__(self, routes: Routes) -> None:
            self.routes = routes

        @classmethod
        def new(cls) -> Router:
            return cls(Routes())

        @classmethod
        def new_with_base(cls, base: str) -> Router:
            try:
                return cls(Routes.below(base))
            except BadRoute as wrong:
                raise Err(HttpRouterError_InvalidUrl(str(wrong))) from None

        def get(self, route: str, handler: str) -> Router:
            return self._added("GET", route, handler)

        def put(self, route: str, handler: str) -> Router:
            return self._added("PUT", route, handler)

        def post(self, route: str, handler: str) -> Router:
            return self._added("POST", route, handler)

        def delete(self, route: str, handler: str) -> Router:
            return self._added("DELETE", route, handler)

        def _added(self, method: str, route: str, handler: str) -> Router:
            name = handler.replace("_", "-")
            if serving.handler(name) is None:
                message = f"no function `{name}` with the signature of `handle-http` is exported"
                raise Err(HttpRouterError_UnexpectedError(message))
            try:
                return Router(self.routes.added(method, route, name))
            except BadRoute as wrong:
                raise Err(HttpRouterError_InvalidUrl(str(wrong))) from None

    class Server(described.Server):
        """A server that runs until it is stopped, also if its handle is dropped before."""

        def __init__(self, stop: Callable[[], object]) -> None:
            self._stop = stop

        @classmethod
        def serve(cls, address: str, router: described.Router) -> Server:
            assert isinstance(router, Router)
            try:
                return cls(serving.serve(Address.parse(address), router.routes))
            except ValueError as wrong:
                raise Err(HttpRouterError_InvalidUrl(str(wrong))) from None
            except WitkitError as refused:
                raise Err(HttpRouterError_UnexpectedError(refused.diagnostics[0].message)) from None

        def stop(self) -> None:
            self._stop()

    return HttpServer(Router, Server)


class HttpServer:
    """The interface, with the classes of its resources for one guest."""

    def __init__(self, router: type, server: type) -> None:
        self.Router, self.Server = router, server
