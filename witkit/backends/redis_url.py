"""The URLs of Redis servers. They are read before anything is opened, and so without the client library.

The client library takes parts that it cannot read for missing ones: it would write to another database, or to a server
on this machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from .errors import WrongSetting, wrong_setting

_FORMS: Final = "redis://user:password@host:6379/0, rediss://… for TLS, or unix:///path/of/socket"

_WRITTEN: Final = "in a password, write %23 for `#`, %2F for `/`, %3F for `?`, %40 for `@`"

_DATABASE: Final = re.compile(r"/?|/[0-9]{1,9}/?")


def _whole(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 10


def _seconds(value: str) -> bool:
    return re.fullmatch(r"(\d+(\.\d*)?|\.\d+)", value, re.ASCII) is not None and 0 < float(value) < 1 << 31


def _flag(value: str) -> bool:
    return value.lower() in ("0", "f", "false", "n", "no", "1", "t", "true", "y", "yes")


_OPTIONS: Final[dict[str, Callable[[str], bool]]] = {
    "db": _whole,
    "username": bool,
    "password": bool,
    "client_name": lambda value: re.fullmatch(r"[!-~]+", value) is not None,
    "health_check_interval": _whole,
    "socket_timeout": _seconds,
    "socket_connect_timeout": _seconds,
    "socket_keepalive": _flag,
    "ssl_cert_reqs": lambda value: value in ("none", "optional", "required"),
    "ssl_check_hostname": _flag,
    "ssl_ca_certs": bool,
    "ssl_ca_path": bool,
    "ssl_certfile": bool,
    "ssl_keyfile": bool,
    "ssl_password": bool,
}
"""The options of the client library that can be in a URL, and what their values must be.

Of the others, some would change what answers are, and some act on a pool of connections, which witkit does not use.
"""

_INSTEAD: Final = {
    "max_connections": "remove it: each call that runs has a connection, and `[instances]` bounds how many run",
    "retry_on_timeout": "remove it: each command is sent once",
    "retry_on_error": "remove it: each command is sent once",
    "protocol": "remove it: witkit chooses the protocol",
    "decode_responses": "remove it: values are bytes",
}
"""What to do about options that others use."""

_KNOWN: Final = {*_OPTIONS, *_INSTEAD}

_VALUES: Final = {
    **dict.fromkeys(("db", "health_check_interval"), "write a whole number"),
    **dict.fromkeys(("socket_timeout", "socket_connect_timeout"), "write a number of seconds, more than 0"),
    **dict.fromkeys(("socket_keepalive", "ssl_check_hostname"), "write true or false"),
    "client_name": "write a name without spaces",
    "ssl_cert_reqs": "write none, optional or required",
}

_FOR_TLS: Final = "ssl_"


def checked(url: str) -> None:
    """Raise WrongSetting (WIT0910) if a URL is not one, or has an option that witkit or its scheme does not have."""
    try:
        parts = urlsplit(url)
        port, has_scheme = parts.port, url.startswith(f"{parts.scheme}://")
    except ValueError:
        raise _wrong() from None
    if not has_scheme or parts.scheme not in ("redis", "rediss", "unix") or port == 0:
        raise _wrong()
    if "#" in url or not _has_place(parts):
        raise _wrong(f"{_FORMS}\n{_WRITTEN}")
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        _check_option(parts.scheme, name, value)


def _has_place(parts: SplitResult) -> bool:
    if parts.scheme == "unix":
        return not parts.netloc.rpartition("@")[2] and len(parts.path) > 1
    return _DATABASE.fullmatch(parts.path) is not None


def _check_option(scheme: str, name: str, value: str) -> None:
    allowed = [each for each in _OPTIONS if scheme == "rediss" or not each.startswith(_FOR_TLS)]
    if name not in allowed:
        # What is not the name of an option may be a part of the password.
        message = f"`url` cannot have the option `{name}`" if name in _KNOWN else "`url` has an unknown option"
        help = "it is for rediss://" if name in _OPTIONS else _INSTEAD.get(name, f"options: {', '.join(allowed)}")
        raise wrong_setting(message, help, "url")
    if not _OPTIONS[name](value):
        raise wrong_setting(
            f"`url` has an option `{name}` that is wrong", _VALUES.get(name, "write a value, or remove it"), "url"
        )


def _wrong(help: str = _FORMS) -> WrongSetting:
    return wrong_setting("`url` is not the URL of a Redis server", help, "url")
