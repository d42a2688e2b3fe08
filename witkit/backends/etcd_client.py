"""Calls of etcd's JSON gateway, and its errors as failures."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from .backend import Requirement
from .errors import wrong_setting
from .failure import Failure, Kind

ETCD: Final = Requirement("urllib3", "etcd")

URL: Final = "http://127.0.0.1:2379"
"""The default for `url`."""

_DENIED: Final = ("authentication failed", "user name is empty", "invalid auth token", "revision of auth store is old")
_KINDS: Final = {4: Kind.TIMEOUT, 7: Kind.DENIED, 8: Kind.FULL, 14: Kind.UNREACHABLE, 16: Kind.DENIED}
"""Codes of gRPC, by what they mean."""

_MESSAGES: Final = {
    Kind.DENIED: "the server refuses the credentials, or these may not do it",
    Kind.FULL: "the server has no room left",
    Kind.TIMEOUT: "the server did not answer in time",
    Kind.UNREACHABLE: "there is no connection to the server",
    Kind.PROTOCOL: "the server does not answer as etcd does",
    Kind.OTHER: "the server refuses the operation",
}


class Etcd:
    """One server. Threads may share it."""

    def __init__(self, url: str, timeout: float) -> None:
        """Connect to nothing yet. Raises WitkitError (WIT0910) if the URL is wrong."""
        from urllib3 import PoolManager, Timeout

        place = parts_of(url)
        self._user, self._password = unquote(place.username or ""), unquote(place.password or "")
        host = place.netloc.rpartition("@")[2]
        self._base, self._token = f"{place.scheme}://{host}", ""
        self._http = PoolManager(maxsize=8, timeout=Timeout(total=max(timeout, 0.001)), retries=False)
        self.location = f"etcd at {host}"

    def call(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What a method such as `kv/range` answers. Raises Failure. It is sent once, unless it needs a new token."""
        if self._user and not self._token:
            self._authenticate()
        try:
            return self._post(method, body)
        except Failure as failure:
            # A token ends after some minutes; what was sent with an old one had no effect.
            if not self._user or "auth" not in failure.detail or failure.kind is not Kind.DENIED:
                raise
        self._authenticate()
        return self._post(method, body)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._http.clear()

    def _authenticate(self) -> None:
        self._token = ""
        answer = self._post("auth/authenticate", {"name": self._user, "password": self._password})
        self._token = str(answer.get("token", ""))

    def _post(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", **({"Authorization": self._token} if self._token else {})}
        with _failures():
            answer = self._http.request("POST", f"{self._base}/v3/{method}", body=json.dumps(body), headers=headers)
        return _read(answer.status, answer.data)


def text(data: bytes) -> str:
    """Bytes as the gateway writes them."""
    return base64.b64encode(data).decode("ascii")


@contextmanager
def understood() -> Iterator[None]:
    """Raise Failure (PROTOCOL) if the body does not find in an answer what etcd puts there."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise _failure(Kind.PROTOCOL, f"{type(error).__name__}: {error}") from error


def parts_of(url: str) -> SplitResult:
    """The parts of a URL; `host:port` alone is enough. Raises WitkitError (WIT0910)."""
    try:
        place = urlsplit(url if "://" in url else f"http://{url}")
        if place.scheme in ("http", "https") and place.hostname and (place.port is None or place.port):
            return place
    except ValueError:
        pass
    raise wrong_setting("`url` is not the URL of an etcd server", "http://user:password@host:2379, or https://…", "url")


def _read(status: int, data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _failure(Kind.PROTOCOL, f"status {status}")
    if status == 200:
        return found
    said, code = str(found.get("message") or f"status {status}"), found.get("code")
    if not isinstance(code, int):
        raise _failure(Kind.PROTOCOL, said)
    raise _failure(Kind.DENIED if any(words in said for words in _DENIED) else _KINDS.get(code, Kind.OTHER), said)


def _failure(kind: Kind, detail: str) -> Failure:
    return Failure(kind, _MESSAGES[kind], detail)


@contextmanager
def _failures() -> Iterator[None]:
    """Raise errors of the client as Failure."""
    from urllib3 import exceptions

    try:
        yield
    except exceptions.NewConnectionError as error:
        raise _failure(Kind.UNREACHABLE, str(error)) from error
    except exceptions.TimeoutError as error:
        raise _failure(Kind.TIMEOUT, str(error)) from error
    except exceptions.HTTPError as error:
        raise _failure(Kind.UNREACHABLE, str(error)) from error
