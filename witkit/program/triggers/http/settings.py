"""`[http]` in `witkit.toml`: how a program answers requests.

[http]
address = "127.0.0.1:8080"
monitoring = "127.0.0.1:9464"    # /healthz and /metrics
body = "1MiB"                    # the largest body of a request
headers = "64KiB"                # the largest head of a request: its first line and its headers
timeout = 30                     # seconds for a request, its body and its answer
concurrency = 256                # requests at once, those that wait included
connections = 1000               # connections at once
keep-alive = 5                   # seconds after which an idle connection is closed
reuse-port = false               # let several processes listen at the address
request-ids = "accept"           # take `x-request-id` of requests; "make" ignores it
access-log = "text"              # or "json", or "none"
events = "/events"               # the path at which CloudEvents come; without it, none do

[http.tls]
certificate = "server.pem"       # with those of the authorities after it; relative to this file
key = "server.key"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from witkit.backends.references import folder_of
from witkit.text import WitkitError, error
from witkit.text.settings import WRONG_VALUE, SettingsTable
from witkit.text.suggest import did_you_mean

from ...grants import seconds, size
from .addresses import Address

_PATH: Final = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")

KEYS: Final = (
    "access-log",
    "address",
    "body",
    "concurrency",
    "connections",
    "events",
    "headers",
    "keep-alive",
    "monitoring",
    "request-ids",
    "reuse-port",
    "timeout",
    "tls",
)


_CHOICES: Final = {"request-ids": ("accept", "make"), "access-log": ("text", "json", "none")}


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM: the server's certificate with those of its authorities, and its key."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """How requests are answered. Sizes are in bytes, times in seconds.

    `address` is None for the one that the guest names, and `monitoring` None for no such port. `body` bounds the body
    of a request, `headers` its head, and `timeout` the time from its head to its answer. At most `concurrency` requests
    are read or answered at once, over at most `connections` connections. With `reuse_port`, several processes of a
    user can listen at one address; with `is_alone`, this one is the first of them. `events` is the path of CloudEvents.
    """

    address: Address | None = None
    monitoring: Address | None = None
    body: int = 1 << 20
    headers: int = 1 << 16
    timeout: float = 30.0
    concurrency: int = 256
    connections: int = 1000
    keep_alive: float = 5.0
    reuse_port: bool = False
    is_alone: bool = False
    request_ids: Literal["accept", "make"] = "accept"
    access_log: Literal["text", "json", "none"] = "text"
    tls: Tls | None = None
    events: str | None = None


def read_http(table: SettingsTable) -> HttpSettings:
    """`[http]`. Mistakes are problems of the table."""
    table.reject_unknown_keys(*KEYS)
    found: dict[str, Any] = {}
    for key in _readers().keys() & table.values.keys():
        try:
            found[key.replace("-", "_")] = _readers()[key](table.values[key])
        except ValueError as wrong:
            table.wrong(key, f"`{key}` is wrong: {wrong}")
    for key, choices in _CHOICES.items():
        if (chosen := table.one_of(key, choices)) is not None:
            found[key.replace("-", "_")] = chosen
    found["reuse_port"] = table.flag("reuse-port") or False
    return replace(HttpSettings(**found), tls=_tls(table.table("tls")))


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as arguments in Python, with `_` for `-`. Raises TypeError for an argument that there is none of, and
    WitkitError (WIT0904) for a wrong value."""
    found, problems = dict(given), []
    for name, value in given.items():
        key = name.replace("_", "-")
        if key not in KEYS:
            meant = did_you_mean(name, [each.replace("-", "_") for each in KEYS])
            raise TypeError(" ".join(filter(None, [f"there is no setting `{name}` for requests;", meant])).rstrip(";"))
        try:
            if value is not None and key in _readers():
                found[name] = _readers()[key](value)
            elif value not in _CHOICES.get(key, (value,)):
                raise ValueError(f"it must be one of {', '.join(_CHOICES[key])}")
        except ValueError as wrong:
            problems.append(error(WRONG_VALUE, f"`{name}` is wrong: {wrong}"))
    if problems:
        raise WitkitError(problems)
    return found


def _readers() -> dict[str, Callable[[Any], Any]]:
    """What reads the values of most keys. Raises ValueError."""
    return {
        "address": Address.parse,
        "monitoring": Address.parse,
        "body": size,
        "headers": size,
        "timeout": seconds,
        "events": event_path,
        "keep-alive": seconds,
        "concurrency": count,
        "connections": count,
    }


def count(value: object) -> int:
    """A number of things, at least 1. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1 << 31:
        raise ValueError("it must be a whole number, at least 1")
    return value


def event_path(value: object) -> str:
    """The path of a URL, as requests have it. Raises ValueError."""
    if not isinstance(value, str) or _PATH.fullmatch(value) is None:
        raise ValueError("it must be the path of a URL, such as `/events`")
    return value


def _tls(table: SettingsTable) -> Tls | None:
    if not table.values:
        return None
    table.reject_unknown_keys("certificate", "key")
    table.require("certificate", "key")
    certificate, key = table.text("certificate"), table.text("key")
    if certificate is None or key is None:
        return None
    return Tls(folder_of(table.place("certificate")) / certificate, folder_of(table.place("key")) / key)
