"""The interfaces of WASI that a host gives every command, as the releases have them.

What WASI marks as unstable is not among them, and neither is `wasi:http`, which only some hosts have: a host that
promises more says so in its world.
"""

from __future__ import annotations

from typing import Final

from witkit._semver import version_key
from witkit.abi.versions import split, track

_CLI: Final = (
    "wasi:cli/environment wasi:cli/exit wasi:cli/stdin wasi:cli/stdout wasi:cli/stderr wasi:cli/terminal-input"
    " wasi:cli/terminal-output wasi:cli/terminal-stdin wasi:cli/terminal-stdout wasi:cli/terminal-stderr"
)
_SHARED: Final = (
    f"{_CLI} wasi:clocks/monotonic-clock wasi:filesystem/types wasi:filesystem/preopens wasi:random/random"
    " wasi:random/insecure wasi:random/insecure-seed wasi:sockets/ip-name-lookup"
)
INTERFACES: Final = {
    "0.2": frozenset(
        f"{_SHARED} wasi:clocks/wall-clock wasi:io/error wasi:io/poll wasi:io/streams wasi:sockets/instance-network"
        " wasi:sockets/network wasi:sockets/tcp wasi:sockets/tcp-create-socket wasi:sockets/udp"
        " wasi:sockets/udp-create-socket".split()
    ),
    "0.3": frozenset(f"{_SHARED} wasi:cli/types wasi:clocks/system-clock wasi:clocks/types wasi:sockets/types".split()),
}
"""The names of the interfaces by the track of the release."""


def has(release: str, interface: str) -> bool:
    """Whether a release of WASI has an interface in this version or a later one that is compatible."""
    name, version = split(interface)
    return (
        name in INTERFACES.get(track(release), ())
        and bool(version)
        and track(version) == track(release)
        and version_key(version) <= version_key(release)
    )
