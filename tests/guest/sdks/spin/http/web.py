"""HTTP of WASI 0.3 as the SDK sees it, for one request and its answer, without a network."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from componentize_py_types import Ok
from hosts import written
from spin_sdk import wit
from spin_sdk.wit.imports import wasi_http_types_0_3_0 as types


class Fields:
    def __init__(self) -> None:
        self.entries: list[tuple[str, bytes]] = []

    @classmethod
    def from_list(cls, entries: list[tuple[str, bytes]]) -> Fields:
        made = cls()
        made.entries = list(entries)
        return made

    def copy_all(self) -> list[tuple[str, bytes]]:
        return self.entries


class _Message:
    """A request or an answer: fields, and a body that is read once."""

    def __init__(self, headers: Fields, contents: Any) -> None:
        self.headers, self.contents = headers, contents

    def get_headers(self) -> Fields:
        return self.headers

    @classmethod
    def consume_body(cls, this: Any, res: Any) -> tuple[Any, Any]:
        return this.contents or written(wit.byte_stream(), b""), _trailers()


class Request(_Message):
    method: Any = types.Method_Get()
    path: str | None = None
    scheme: Any = None
    authority: str | None = None

    @classmethod
    def new(cls, headers: Fields, contents: Any, trailers: Any, options: Any) -> tuple[Request, Any]:
        return cls(headers, contents), _sent()

    def get_method(self) -> Any:
        return self.method

    def set_method(self, method: Any) -> None:
        self.method = method

    def get_path_with_query(self) -> str | None:
        return self.path

    def set_path_with_query(self, path_with_query: str | None) -> None:
        self.path = path_with_query

    def set_scheme(self, scheme: Any) -> None:
        self.scheme = scheme

    def set_authority(self, authority: str | None) -> None:
        self.authority = authority


class Response(_Message):
    status = 200

    @classmethod
    def new(cls, headers: Fields, contents: Any, trailers: Any) -> tuple[Response, Any]:
        return cls(headers, contents), _sent()

    def get_status_code(self) -> int:
        return self.status

    def set_status_code(self, status_code: int) -> None:
        self.status = status_code


class Client:
    """Answers what is sent with the address and the body of the request."""

    async def send(self, request: Request) -> Response:
        target = f"{type(request.method).__name__} {request.authority}{request.path} "
        body = target.encode() + await read(request.contents)
        return Response(Fields.from_list([("content-type", b"text/plain")]), written(wit.byte_stream(), body))


async def read(stream: Any) -> bytes:
    """The whole of a body."""
    body = b""
    if stream is not None:
        with stream:
            while not stream.writer_dropped:
                body += await stream.read(1024)
    return body


def _trailers() -> Any:
    made = wit.result_option_wasi_http_types_0_3_0_fields_wasi_http_types_0_3_0_error_code_future
    return made(lambda: Ok(None))[1]


def _sent() -> Any:
    return wit.result_unit_wasi_http_types_0_3_0_error_code_future(lambda: Ok(None))[1]


HTTP = {
    "wasi_http_types_0_3_0": SimpleNamespace(Fields=Fields, Request=Request, Response=Response),
    "wasi_http_client_0_3_0": Client(),
}
