"""A host's side of an interface like `wasi:http`: it answers a request when its body has arrived, and makes guests
wait now and then.
"""

from __future__ import annotations

from typing import Any

from witkit import Err, abi


class Pollable:
    """Ready when it is asked for the second time."""

    def __init__(self) -> None:
        self.asked = 0

    def ready(self) -> bool:
        self.asked += 1
        return self.asked > 1

    def block(self) -> None:
        self.asked += 1


class Pipe:
    """A body on its way: every second look at it finds that it has to be waited for."""

    def __init__(self, data: bytes = b"", closed: Any = None) -> None:
        self.data, self.closed, self.looks, self.is_done = data, closed, 0, False

    def subscribe(self) -> Pollable:
        return Pollable()

    def _must_wait(self) -> bool:
        self.looks += 1
        return self.looks % 2 == 1


class InputStream(Pipe):
    def read(self, len: int) -> bytes:
        if self._must_wait():
            return b""
        if not self.data:
            raise Err(self.closed())
        found, self.data = self.data[:3], self.data[3:]
        return found


class OutputStream(Pipe):
    def check_write(self) -> int:
        return 0 if self._must_wait() else 4

    def write(self, contents: bytes) -> None:
        assert len(contents) <= 4
        self.data += contents

    def flush(self) -> None:
        pass


class OutgoingBody:
    def __init__(self) -> None:
        self.stream = OutputStream()

    def write(self) -> OutputStream:
        return self.stream

    @staticmethod
    def finish(this: OutgoingBody, trailers: int | None) -> None:
        this.stream.is_done = True


class OutgoingRequest:
    def __init__(self) -> None:
        self.sent = OutgoingBody()

    def body(self) -> OutgoingBody:
        return self.sent


class IncomingBody:
    def __init__(self, stream: InputStream) -> None:
        self._stream = stream

    def stream(self) -> InputStream:
        return self._stream

    @staticmethod
    def finish(this: IncomingBody) -> int:
        return 0


class IncomingResponse:
    def __init__(self, stream: InputStream) -> None:
        self._body = IncomingBody(stream)

    def consume(self) -> IncomingBody:
        return self._body


class FutureIncomingResponse:
    def __init__(self, request: OutgoingRequest, closed: Any, refused: Any) -> None:
        self._request, self._closed, self._refused = request, closed, refused

    def subscribe(self) -> Pollable:
        return Pollable()

    def get(self) -> Any:
        if self._refused is not None:
            return abi.Ok(abi.Err(self._refused()))
        pipe = self._request.sent.stream
        answer = InputStream(b"pong to " + pipe.data, self._closed)
        return abi.Ok(abi.Ok(IncomingResponse(answer))) if pipe.is_done else None


class RequestOptions:
    pass


class Error:
    def to_debug_string(self) -> str:
        return "none"


class Exchange:
    """Every interface that the guest imports.

    `closed` is the class of the error for a stream at its end, `refused` that of the answer to all requests, if any.
    """

    def __init__(self, closed: Any, refused: Any = None) -> None:
        self._closed, self._refused, self.polls = closed, refused, 0
        self.Pollable, self.InputStream, self.OutputStream, self.Error = Pollable, InputStream, OutputStream, Error
        self.OutgoingBody, self.OutgoingRequest, self.RequestOptions = OutgoingBody, OutgoingRequest, RequestOptions
        self.IncomingBody, self.IncomingResponse = IncomingBody, IncomingResponse
        self.FutureIncomingResponse = FutureIncomingResponse

    def handle(self, request: OutgoingRequest, options: RequestOptions | None) -> FutureIncomingResponse:
        return FutureIncomingResponse(request, self._closed, self._refused)

    def poll(self, pollables: list[Pollable]) -> list[int]:
        self.polls += 1
        while not (found := [number for number, each in enumerate(pollables) if each.ready()]):
            pass
        return found

    def imports(self) -> dict[str, Any]:
        return dict.fromkeys(("types", "outgoing_handler", "poll", "streams", "error"), self)
