"""Addresses of requests, read strictly: nothing that two readers could understand differently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from witkit.backends.failure import Failure, Kind

PORTS: Final = {"http": 80, "https": 443}
LONGEST: Final = 16_384
"""The most characters of an address."""

_VISIBLE: Final = "".join(map(chr, range(0x21, 0x7F)))
_STRANGE: Final = re.compile(r"[\x00-\x20\x7f]")
_NAME: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_BRACKETED: Final = re.compile(r"\[[^\[\]]*\](?::[0-9]*)?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute address. `host` is in lower case and without brackets, `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str = "/"

    @property
    def is_usual(self) -> bool:
        """Whether the port is that of the scheme."""
        return self.port == PORTS[self.scheme]

    @property
    def authority(self) -> str:
        """Host and port as the header `host` has them: without the port if it is that of the scheme."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.is_usual else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The address without path and query."""
        return f"{self.scheme}://{self.authority}"

    @property
    def address(self) -> IPv4Address | IPv6Address | None:
        """The host as an IP address, or None if it is a name."""
        return literal(self.host)

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a host is, or None."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def parse(text: str, base: Url | None = None) -> Url:
    """An address, if need be relative to `base`. Raises Failure (INVALID_NAME) with the reason.

    Characters outside ASCII are percent-encoded in path and query. A fragment is dropped. Numbers as hosts must be
    IP addresses as they are usually written: `127.1`, `0x7f000001` and `2130706433` mean the same to some readers only.
    """
    if len(text) > LONGEST:
        raise _invalid(f"it has more than {LONGEST:,} characters")
    if _STRANGE.search(text):
        raise _invalid("it has a blank or a control character, which must be percent-encoded")
    try:
        parts = urlsplit(urljoin(str(base), text) if base else text)
        port = parts.port
    except ValueError as wrong:
        raise _invalid(str(wrong)) from None
    if parts.scheme not in PORTS:
        is_relative = not parts.scheme and not parts.netloc
        begin = "it must begin with https:// or http://"
        raise _invalid("it is relative, and no `base` is configured" if is_relative else begin)
    if "@" in parts.netloc:
        raise _invalid("user and password cannot be in it; send the header `authorization`")
    if "[" in parts.netloc and not _BRACKETED.fullmatch(parts.netloc):
        raise _invalid("its host is not an IPv6 address")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    chosen = PORTS[parts.scheme] if port is None else port
    return Url(
        parts.scheme, _host(parts.hostname or "", bracketed="[" in parts.netloc), chosen, quote(target, safe=_VISIBLE)
    )


def _host(host: str, *, bracketed: bool) -> str:
    """The host, in lower case. Raises Failure (INVALID_NAME)."""
    if ":" in host or bracketed:
        if (found := literal(host)) is None or found.version != 6 or "%" in host:
            raise _invalid("its host is not an IPv6 address")
        return str(found)
    if not host.isascii():
        raise _invalid("its host has characters outside ASCII; write them in Punycode, as in xn--bcher-kva.example")
    if not _NAME.fullmatch(host):
        raise _invalid("its host is not a name or an address" if host else "it has no host")
    if _NUMBER.fullmatch(host.rpartition(".")[2]) and literal(host) is None:
        raise _invalid("its host is not an IPv4 address of four decimal numbers")
    return host


def _invalid(reason: str) -> Failure:
    return Failure(Kind.INVALID_NAME, f"the address cannot be used: {reason}")
