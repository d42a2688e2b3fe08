"""The front for guests with SpiderLightning's interfaces: with the routes of a router, or with one handler for all."""

from __future__ import annotations

from functools import partial
from typing import Final

from ..exchange import Endpoint, Refused
from .handlers import Call, Handler
from .routes import Routes

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
"""The methods that SpiderLightning knows."""


class OneHandler:
    """Gives every request to one handler, which looks at the address itself."""

    def __init__(self, handler: Handler, call: Call) -> None:
        self._endpoint = Endpoint(handler.name, "", partial(handler.answer, call, []))

    def find(self, method: str, path: str) -> Endpoint:
        if method not in METHODS:
            raise _not_allowed(METHODS)
        return self._endpoint


class Routed:
    """Gives each request to the handler of its route.

    A route for GET answers HEAD, too. OPTIONS is answered with the methods of the path, without the guest.
    """

    def __init__(self, routes: Routes, handlers: dict[str, Handler], call: Call) -> None:
        """`handlers` has those of all routes, by the names that the routes have for them."""
        self._routes, self._call = routes, call
        self._handlers = handlers
        self._plain = {
            (route.method, route.pattern): Endpoint(
                handlers[route.handler].name, route.pattern, partial(handlers[route.handler].answer, call, [])
            )
            for route in routes
        }

    def find(self, method: str, path: str) -> Endpoint:
        try:
            found, params = self._routes.find(path)
        except UnicodeDecodeError:
            raise Refused(400, "the path is not UTF-8") from None
        if not found:
            raise Refused(404, "no route has this path")
        route = found.get(method) or (found.get("GET") if method == "HEAD" else None)
        if route is None:
            allowed = [*found, *(["HEAD"] if "GET" in found else []), "OPTIONS"]
            if method == "OPTIONS":
                raise Refused(204, "the methods of the path", (("allow", ", ".join(sorted(allowed))),))
            raise _not_allowed(sorted(allowed))
        if route.method not in params:
            return self._plain[route.method, route.pattern]
        handler = self._handlers[route.handler]
        return Endpoint(handler.name, route.pattern, partial(handler.answer, self._call, params[route.method]))


def _not_allowed(methods: list[str] | tuple[str, ...]) -> Refused:
    return Refused(405, "another method", (("allow", ", ".join(methods)),))
