"""What a guest may reach: a list of addresses and names, each with its ports.

An entry is `PROTOCOL://HOST:PORT`.

- The protocol is `tcp` or `udp` for peers, `tcp-listen` or `udp-listen` for addresses of this machine where peers may
  reach the guest.
- The host is an address, a network such as `10.0.0.0/8`, a name, all names below one (`*.example.com`), or `*`. Version
  6 of the Internet Protocol is in brackets: `[::1]`, `[fd00::/8]`.
- The port is a number, a range such as `8000-8080`, or `*`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from witkit.text.values import value

from .addresses import Ip
from .grants import bad

_ENTRY: Final = re.compile(
    r"(?P<protocol>tcp|udp|tcp-listen|udp-listen)://(?P<host>\[[0-9a-fA-F:./]+\]|[^:\[\]]+):(?P<ports>\*|\d+(-\d+)?)"
)
_NAME: Final = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
_HELP: Final = "write `tcp://HOST:PORT`, `udp://HOST:PORT`, `tcp-listen://HOST:PORT` or `udp-listen://HOST:PORT`"
_ALL_PORTS: Final = range(1 << 16)


@value(frozen=True, slots=True)
class AllowedAddress:
    """One entry of the list. It has a `network`, or a `name`, or neither, which is every host."""

    protocol: str
    ports: range
    network: IPv4Network | IPv6Network | None = None
    name: str | None = None

    @classmethod
    def parsed(cls, text: str) -> AllowedAddress:
        """An entry from its text. Raises `WitkitError`."""
        found = _ENTRY.fullmatch(text)
        if found is None:
            raise bad(f"`{text}` is not an entry of `network`", _HELP)
        protocol, host, ports = found["protocol"], found["host"].lower(), _ports(found["ports"], text)
        if host == "*":
            return cls(protocol, ports)
        try:
            return cls(protocol, ports, network=ip_network(host.strip("[]")))
        except ValueError as wrong:
            # Numbers, dots and slashes are never a name.
            if not _NAME.fullmatch(host) or re.fullmatch(r"[\d./]+", host):
                raise bad(f"`{text}` has no usable host: {wrong}", _HELP) from None
        if protocol.endswith("-listen"):
            raise bad(
                f"`{text}` has a name, but a guest listens at an address", "write an address of this machine, or `*`"
            )
        return cls(protocol, ports, name=host.rstrip("."))

    def has_name(self, name: str) -> bool:
        """Whether the entry lets a guest reach what has this name."""
        if self.name is None:
            return self.network is None and not self.protocol.endswith("-listen")
        if self.name.startswith("*."):
            return name.endswith(self.name[1:])
        return name == self.name


class Allowed:
    """What one guest may reach. `network` is `Wasi.network`: everything, nothing, or a list.

    The addresses of a name are those that this guest has got when it looked the name up.
    """

    def __init__(self, network: bool | Sequence[str]) -> None:
        if isinstance(network, str):
            raise bad(f"`network` is the text {network!r}", "give a list of texts, or True")
        self._is_everything = network is True
        self._entries = [] if isinstance(network, bool) else [AllowedAddress.parsed(text) for text in network]
        self._names: dict[Ip, set[str]] = {}

    @property
    def is_nothing(self) -> bool:
        """Whether the guest has no network at all."""
        return not self._is_everything and not self._entries

    def may_look_up(self, name: str) -> bool:
        """Whether the guest may look up a name."""
        return self._is_everything or any(entry.has_name(_plain(name)) for entry in self._entries)

    def learn(self, name: str, addresses: Sequence[Ip]) -> None:
        """The guest has got the addresses of a name."""
        for address in addresses:
            self._names.setdefault(address, set()).add(_plain(name))

    def may_reach(self, protocol: str, address: Ip, port: int) -> bool:
        """Whether an address with its port is allowed for a protocol."""
        return self._is_everything or any(
            entry.protocol == protocol and port in entry.ports and self._has(entry, address) for entry in self._entries
        )

    def may_bind(self, protocol: str, address: Ip, port: int) -> bool:
        """Whether a socket may have an address of this machine.

        Any free port (0) is part of reaching a peer. Being reached on it needs an entry of its own.
        """
        listens = self.may_reach(f"{protocol}-listen", address, port)
        return listens or (port == 0 and any(entry.protocol == protocol for entry in self._entries))

    def _has(self, entry: AllowedAddress, address: Ip) -> bool:
        if entry.network is not None:
            return address in entry.network
        return entry.name is None or any(entry.has_name(name) for name in self._names.get(address, ()))


def _plain(name: str) -> str:
    return name.lower().rstrip(".")


def _ports(text: str, entry: str) -> range:
    if text == "*":
        return _ALL_PORTS
    first, _, last = text.partition("-")
    found = range(int(first), int(last or first) + 1)
    if not found or found[-1] not in _ALL_PORTS:
        raise bad(f"`{entry}` has no usable port", "ports are numbers from 0 to 65535, the smaller one first")
    return found
