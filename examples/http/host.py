"""The host side of `wit/gateway.wit`: a client and a server of HTTP, from Python's standard library.

`python host.py 127.0.0.1:9000` serves the component at port 8000; the argument is its weather service.
"""

from __future__ import annotations

import sys
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Protocol

from gateway import Err, GatewayComponent
from gateway.http_types import (
    HttpError_InvalidUrl,
    HttpError_ProtocolError,
    HttpError_TimeoutError,
    HttpError_UnexpectedError,
    Method,
    Request,
    Response,
)


class Client:
    """The imported interface `http-client`: requests that reach one service, and nothing else."""

    def __init__(self, service: str, timeout: float = 10.0) -> None:
        self._service, self._timeout = service, timeout

    def request(self, req: Request) -> Response:
        if not req.uri.startswith("/"):
            raise Err(HttpError_InvalidUrl(f"`{req.uri}` is not a path of the service"))
        connection = HTTPConnection(self._service, timeout=self._timeout)
        try:
            connection.request(req.method.name, req.uri, req.body, dict(req.headers))
            answer = connection.getresponse()
            return Response(answer.status, answer.getheaders(), answer.read())
        except TimeoutError:
            raise Err(HttpError_TimeoutError(f"no answer in {self._timeout:g} s")) from None
        except HTTPException as wrong:
            raise Err(HttpError_ProtocolError(type(wrong).__name__)) from wrong
        except OSError as failed:
            raise Err(HttpError_UnexpectedError("the service cannot be reached")) from failed
        finally:
            connection.close()


class Handler(Protocol):
    """The exported interface `http-handler`: of a component, or of a guest under CPython."""

    def handle_http(self, req: Request) -> Response: ...


def server(handler: Handler, port: int) -> HTTPServer:
    """A server of this machine that has every request answered by the handler. Port 0 is any that is free."""

    class Incoming(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))) or None
            try:
                answer = handler.handle_http(Request(Method[self.command], self.path, self.headers.items(), [], body))
            except Err as failed:
                answer = Response(500, None, repr(failed.value).encode())
            self.send_response(answer.status)
            for name, value in [*(answer.headers or []), ("content-length", str(len(answer.body or b"")))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body or b"")

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _handle

    return HTTPServer(("127.0.0.1", port), Incoming)


if __name__ == "__main__":
    component = GatewayComponent.load(Path(__file__).with_name("gateway.wasm"))
    with component.instantiate(http_client=Client(sys.argv[1])) as gateway:
        server(gateway.http_handler, 8000).serve_forever()
