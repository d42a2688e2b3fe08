"""Fixed answers from the configuration, for tests: nothing is sent.

[http-client]
backend = "memory"

[http-client.answers]
"GET https://api.example.com/price" = "3.20"
"POST https://api.example.com/orders" = { status = 201, headers = { location = "/orders/1" }, body = "" }
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from witkit.backends.backend import Backend
from witkit.backends.errors import WrongSetting, each_of, wrong_setting
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import TABLE, TEXT, BackendSettings, setting

from . import headers
from .protocol import HttpClient, Request, Response, closed
from .urls import Url, parse

KEPT: Final = 1000
"""How many of the last requests a test can look at."""

BASE: Final = "http://localhost"
"""The default for `base`."""


def _base(text: str) -> Url:
    try:
        return parse(text)
    except Failure as wrong:
        raise wrong_setting(f"`base` is wrong: {wrong.message}", setting="base") from None


def _read(answers: Mapping[str, Any], base: str) -> dict[tuple[str, str], Response]:
    """The responses by method and address. Raises WrongSettings (WIT0910) with all mistakes."""
    url = parse(base)
    return dict(each_of(lambda given: (_key(given[0], url), _answer(*given)), answers.items()))


@dataclass(frozen=True, slots=True, repr=False)
class MemorySettings(BackendSettings):
    answers: Mapping[str, Any] = setting(
        TABLE, "Responses by method and address: a body, or a table.", None, checked=lambda given: _read(given, BASE)
    )
    base: str = setting(TEXT, "The address that relative ones are relative to.", BASE, checked=_base)


class FixedAnswers(HttpClient):
    """Responses by method and address. `requests` has the last requests, oldest first."""

    limits = Limits()
    location = "fixed answers in memory"

    def __init__(self, settings: MemorySettings) -> None:
        self._base = _base(settings.base)
        self._answers = _read(settings.answers or {}, settings.base)
        self._requests: deque[Request] = deque(maxlen=KEPT)
        self._closed = False

    @property
    def requests(self) -> list[Request]:
        """What guests have requested; also after `close`."""
        return list(self._requests)

    def send(self, request: Request) -> Response:
        self.check()
        url = parse(request.url, self._base)
        headers.checked(request, url)
        self._requests.append(request)
        found = self._answers.get((request.method, str(url)))
        if found is None:
            raise Failure(Kind.UNREACHABLE, f"`answers` has none for {request.method} {url}")
        return found

    def check(self) -> None:
        if self._closed:
            raise closed()

    def close(self) -> None:
        self._closed = True


def _key(text: str, base: Url) -> tuple[str, str]:
    method, _, address = text.partition(" ")
    try:
        return method.upper(), str(parse(address.strip(), base))
    except Failure as wrong:
        raise _wrong(text, wrong.message) from None


def _answer(key: str, value: Any) -> Response:
    """The response that a value describes. Raises WrongSetting (WIT0910)."""
    given = value if isinstance(value, Mapping) else {"body": value}
    status, fields, body = given.get("status", 200), given.get("headers", {}), given.get("body", "")
    if unknown := given.keys() - {"status", "headers", "body"}:
        raise _wrong(key, f"there is no `{min(unknown)}`")
    if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
        raise _wrong(key, "`status` must be a number from 200 to 599")
    if not isinstance(body, str) or not isinstance(fields, Mapping):
        raise _wrong(key, "`body` must be a text, and `headers` a table")
    return Response(status, [(name, str(each)) for name, each in fields.items()], body.encode())


def _wrong(key: str, reason: str) -> WrongSetting:
    help = '"GET https://api.example.com/price" = { status = 200, body = "3.20" }'
    return wrong_setting(f"the answer `{key}` is wrong: {reason}", help, f"answers.{key}")


backend = Backend("Fixed answers from the configuration, for tests.", FixedAnswers, MemorySettings)
