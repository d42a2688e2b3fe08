"""Addresses to listen at: `host:port`."""

from __future__ import annotations

import re
import socket
from typing import Final, Self

from witkit.text import WitkitError, error
from witkit.text.values import value

NO_ADDRESS: Final = "WIT0916"

_FORM: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:\[\]/@]+)):(\d{1,5})")


@value(frozen=True, slots=True)
class Address:
    """A host, which may be a name, and a port; 0 is any that is free."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: object) -> Self:
        """The address in `127.0.0.1:8080`, `localhost:8080` or `[::1]:8080`. Raises ValueError."""
        parts = _FORM.fullmatch(text) if isinstance(text, str) else None
        if parts is None or int(parts[3]) > 0xFFFF:
            raise ValueError("an address has the form HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080")
        return cls(parts[1] or parts[2], int(parts[3]))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def nth(self, number: int) -> Address:
        """The address of one of several processes, from 1: each has its own port, the first one this one."""
        return Address(self.host, min(self.port + number - 1, 0xFFFF) if self.port else 0)

    def reserved(self) -> socket.socket:
        """A socket at the address that does not listen, so that processes of this user can.

        Raises WitkitError (WIT0916) if there cannot be one.
        """
        return self._bound(reuse_port=True)

    def listen(self, reuse_port: bool = False) -> socket.socket:
        """A socket that listens at the address. Raises WitkitError (WIT0916) if there cannot be one.

        With `reuse_port`, other processes of this user may do so, too, and the system gives each of them connections.
        """
        listener = self._bound(reuse_port)
        try:
            listener.listen(2048)
        except OSError as refused:
            listener.close()
            raise self._refused(refused) from None
        return listener

    def _bound(self, reuse_port: bool) -> socket.socket:
        try:
            family, kind, protocol, _, place = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(family, kind, protocol)
        except OSError as unknown:
            raise self._refused(unknown) from None
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if reuse_port:
                listener.setsockopt(socket.SOL_SOCKET, _reuse_port(), 1)
            listener.bind(place)
        except OSError as refused:
            listener.close()
            raise self._refused(refused) from None
        return listener

    def _refused(self, problem: OSError) -> WitkitError:
        reason = (problem.strerror or str(problem)).lower()
        help = "choose another port, or 0 for any that is free" if "in use" in reason else ""
        return WitkitError([error(NO_ADDRESS, f"cannot listen at {self}: {reason}", help=help)])


def _reuse_port() -> int:
    """The option of sockets. Raises OSError on a system without it."""
    try:
        return socket.SO_REUSEPORT
    except AttributeError:
        raise OSError("this system does not let processes share a port") from None
