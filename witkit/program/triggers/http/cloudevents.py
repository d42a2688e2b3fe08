"""CloudEvents that come by HTTP: a front that hands them to the guest's `handle-event`.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md, structured and binary
mode. An event that the guest returns is the response, in the mode of the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final, Protocol

from witkit import abi
from witkit.abi.versions import find
from witkit.backends.cloudevents import STRUCTURED, CloudEvent, InvalidEvent, from_http
from witkit.backends.fronts.spiderlightning.events import FUNCTION, HANDLER, record_of

from ...failures import spelled
from .exchange import Endpoint, GuestFailed, HttpFront, Refused, Request, Response

ALLOW: Final = (("allow", "OPTIONS, POST"),)
FORMATS: Final = "application/cloudevents"


class Exporting(Protocol):
    """A guest, of which only the names of its exports are needed."""

    @property
    def exports(self) -> Sequence[str]: ...


class Called(Exporting, Protocol):
    """A guest that can be called."""

    def call(self, interface: str | None, function: str, *values: Any) -> Any: ...


def handler_of(guest: Exporting) -> str | None:
    """The name of the handler for events that a guest exports, with its version, or None."""
    return find(HANDLER, list(guest.exports))


def described(guest: Exporting) -> Iterable[abi.Interface]:
    """The types of the handler, if there is one."""
    if handler_of(guest) is None:
        return ()
    from witkit.interfaces.events.event_handler import INTERFACE

    return (INTERFACE,)


def with_events(front: HttpFront, guest: Called, path: str | None) -> HttpFront:
    """The front, and CloudEvents at a path if there is one and the guest handles them."""
    handler = None if path is None else handler_of(guest)
    return front if path is None or handler is None else Events(path, handler, guest, front)


class Events:
    """CloudEvents at one path. Everything else is for another front, if there is one."""

    def __init__(self, path: str, handler: str, guest: Called, other: HttpFront | None) -> None:
        self._path, self._handler, self._guest, self._other = path, handler, guest, other
        self._endpoint = Endpoint(FUNCTION, path, self._handle)

    def find(self, method: str, path: str) -> Endpoint:
        if path != self._path:
            if self._other is None:
                raise Refused(404, "events come at another path")
            return self._other.find(method, path)
        if method == "OPTIONS":
            raise Refused(204, "the methods of the path", ALLOW)
        if method != "POST":
            raise Refused(405, "events come with POST", ALLOW)
        return self._endpoint

    def _handle(self, request: Request) -> Response:
        """Have the guest handle an event. Raises GuestFailed for its error, and what a call raises."""
        kind = next((value for name, value in request.headers if name == "content-type"), "")
        is_structured = _media_type(kind) == STRUCTURED
        if kind.lower().startswith(FORMATS) and not is_structured:
            return _wrong(415, "batches, and other formats than JSON, are not supported")
        try:
            event = from_http(request.headers, request.body)
        except InvalidEvent as wrong:
            return _wrong(400, str(wrong))
        try:
            found = self._guest.call(self._handler, FUNCTION, record_of(event))
        except abi.Err as refused:
            raise GuestFailed(f"the guest returned {spelled(refused.value)}") from None
        return Response(204) if found is None else _response(found, is_structured)


def _response(record: Any, is_structured: bool) -> Response:
    """The event that a guest returned. Raises GuestFailed if it is none."""
    try:
        event = CloudEvent(
            record.ty,
            record.source,
            record.id,
            None if record.data is None else bytes(record.data),
            record.datacontenttype,
            record.dataschema,
            record.subject,
            record.time,
            record.specversion,
        )
    except InvalidEvent as wrong:
        raise GuestFailed(f"the guest returned something that is not an event: {wrong}") from None
    if is_structured:
        return Response(200, (("content-type", STRUCTURED),), event.to_json())
    headers, body = event.to_http()
    return Response(200, headers, body)


def _wrong(status: int, reason: str) -> Response:
    """A response that says what is wrong with a request: `reason` names attributes, and has none of its values."""
    text = f"{HTTPStatus(status).phrase}: {reason}\n"
    return Response(status, (("content-type", "text/plain; charset=utf-8"),), text.encode())


def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()
