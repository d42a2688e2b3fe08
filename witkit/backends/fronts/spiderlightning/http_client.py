"""`spiderlightning:http/http-client` over backends that send requests."""

from __future__ import annotations

from typing import Final

from witkit.abi import Err
from witkit.backends.failure import Kind
from witkit.backends.fronts.failures import Cases, log
from witkit.backends.http_client import protocol
from witkit.backends.http_client.protocol import RefusedByProxy
from witkit.backends.selector import Selector
from witkit.interfaces.http import http_types as api

CASES: Final = Cases(
    api.HttpError_UnexpectedError,
    {
        Kind.INVALID_NAME: api.HttpError_InvalidUrl,
        Kind.DENIED: api.HttpError_InvalidUrl,
        Kind.TIMEOUT: api.HttpError_TimeoutError,
        Kind.PROTOCOL: api.HttpError_ProtocolError,
    },
)


class HttpClient:
    """`interface http-client`: the implementation for an import. `client` is its backend.

    The interface opens nothing by name: the backend is that of the import's label, or the default one.
    """

    def __init__(self, selector: Selector[protocol.HttpClient]) -> None:
        self._selector = selector

    @property
    def client(self) -> protocol.HttpClient:
        """The backend. Raises Failure if none is configured for this import."""
        return self._selector(self._selector.label)

    def request(self, req: api.Request) -> api.Response:
        """Send a request. `params` are for routes of servers, and are not sent. Raises every case of `http-error`."""
        with CASES.raised("http-client request"):
            request = protocol.Request(req.method.name, req.uri, req.headers, _bytes(req.body))
            try:
                found = self.client.send(request)
            except RefusedByProxy as refused:
                log("http-client request", refused)
                raise Err(api.HttpError_StatusError(refused.status)) from refused
        return api.Response(found.status, list(found.headers), found.body)


def _bytes(body: bytes | None) -> bytes | None:
    return None if body is None else bytes(body)
