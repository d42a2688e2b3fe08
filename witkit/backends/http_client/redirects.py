"""What is sent after a redirect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from . import headers
from .protocol import Response
from .urls import Url, parse

_LOOSE: Final = frozenset({301, 302})
_STATUSES: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class SentRequest:
    """One request on its way."""

    method: str
    url: Url
    fields: headers.Fields
    body: bytes | None


def redirected(sent: SentRequest, answer: Response) -> SentRequest | None:
    """The request that a response leads to, or None if it is not a redirect. Raises Failure for a wrong address.

    307 and 308 keep method and body. After 303, and after 301 and 302 for POST, it is a GET without a body. What
    authorizes a guest with one origin is not sent to another.
    """
    location = next((value for name, value in answer.headers if name.lower() == "location"), None)
    if answer.status not in _STATUSES or location is None:
        return None
    then = replace(sent, url=parse(location, sent.url))
    if (answer.status == 303 and sent.method != "HEAD") or (answer.status in _LOOSE and sent.method == "POST"):
        then = replace(then, method="GET", body=None, fields=headers.without(then.fields, headers.OF_BODY))
    if then.url.origin != sent.url.origin:
        then = replace(then, fields=headers.without(then.fields, headers.PRIVATE))
    return then
