"""`wasi:sockets/network`, `instance-network` and `ip-name-lookup`."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from threading import Semaphore, Thread
from typing import Any, Final

from witkit.interfaces.wasi.network import ErrorCode, IpAddress

from .addresses import Ip, from_ip, refused
from .allowed import Allowed
from .poll import Pollable
from .resources import Resource
from .streams import Error
from .waits import Waits

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_MOST: Final = 16
"""How many names one guest can look up at the same time: each needs a thread."""

_NEVER: Final = frozenset(" #%/:<>?@[\\]^|\x7f")
"""Characters that no name has, as in URLs."""


class Network(Resource):
    """The resource `network`."""


class Networks:
    """The interface `wasi:sockets/network`."""

    Network = Network

    def network_error_code(self, err: Any, /) -> ErrorCode | None:
        return err.socket if isinstance(err, Error) else None


class InstanceNetwork:
    """The interface `wasi:sockets/instance-network`. Having the network permits nothing by itself."""

    def instance_network(self) -> Network:
        return Network()


class ResolveAddressStream(Resource):
    """The resource `resolve-address-stream`: addresses, an error, or neither while the look-up goes on."""

    def __init__(self, waits: Waits, addresses: list[Ip] | None = None) -> None:
        super().__init__()
        self._waits = waits
        self.addresses, self.error = addresses, ErrorCode.WOULD_BLOCK

    def resolve_next_address(self) -> IpAddress | None:
        if self.addresses is None:
            raise refused(self.error)
        return from_ip(self.addresses.pop(0)) if self.addresses else None

    def subscribe(self) -> Pollable:
        return _Resolved(self._waits, self)


class _Resolved(Pollable):
    def __init__(self, waits: Waits, stream: ResolveAddressStream) -> None:
        super().__init__(waits, stream)
        self._stream = stream

    def ready(self) -> bool:
        return self._stream.addresses is not None or self._stream.error is not ErrorCode.WOULD_BLOCK


_Stream = ResolveAddressStream


class IpNameLookup:
    """The interface `wasi:sockets/ip-name-lookup`. The look-up runs in a thread, whose end ends the guest's wait."""

    ResolveAddressStream = ResolveAddressStream

    def __init__(self, waits: Waits, allowed: Allowed) -> None:
        self._waits, self._allowed, self._free = waits, allowed, Semaphore(_MOST)

    def resolve_addresses(self, network: Network, name: str, /) -> _Stream:
        address = _literal(name)
        if address is None:
            _check(name)
        if self._allowed.is_nothing:
            raise refused(ErrorCode.PERMANENT_RESOLVER_FAILURE)
        if address is not None:
            return _Stream(self._waits, [address])
        if not self._allowed.may_look_up(name):
            raise refused(ErrorCode.ACCESS_DENIED)
        if not self._free.acquire(blocking=False):
            raise refused(ErrorCode.TEMPORARY_RESOLVER_FAILURE)
        stream = _Stream(self._waits)
        self._waits.prepare()
        try:
            Thread(target=self._look_up, args=(name, stream), daemon=True).start()
        except RuntimeError:  # the system has no more threads
            self._free.release()
            raise refused(ErrorCode.TEMPORARY_RESOLVER_FAILURE) from None
        return stream

    def _look_up(self, name: str, stream: _Stream) -> None:
        try:
            found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
            addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
            addresses = list(dict.fromkeys(addresses))
            self._allowed.learn(name, addresses)
            stream.addresses = addresses
        except socket.gaierror as failure:
            stream.error = _code(failure)
        except (OSError, UnicodeError):
            stream.error = ErrorCode.NAME_UNRESOLVABLE  # it is too long, or has an empty part
        finally:
            self._free.release()
            self._waits.nudge()


def _literal(name: str) -> Ip | None:
    """An address in text form."""
    try:
        return ip_address(name[1:-1] if name.startswith("[") and name.endswith("]") else name)
    except ValueError:
        return None


def _check(name: str) -> None:
    """Raise `invalid-argument` for what is not a name."""
    if not name or any(each in _NEVER or ord(each) < 32 for each in name):
        raise refused(ErrorCode.INVALID_ARGUMENT)


def _code(failure: socket.gaierror) -> ErrorCode:
    if failure.errno == socket.EAI_AGAIN:
        return ErrorCode.TEMPORARY_RESOLVER_FAILURE
    if failure.errno == socket.EAI_FAIL:
        return ErrorCode.PERMANENT_RESOLVER_FAILURE
    return ErrorCode.NAME_UNRESOLVABLE
