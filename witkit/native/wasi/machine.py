"""The default implementations of WASI's interfaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from witkit.abi.versions import split, track

from . import cli, clocks, nothing, poll, random, streams

_ENVIRONMENT: Final = "wasi:cli/environment"

INTERFACES: Final[Mapping[str, Callable[[], Any]]] = {
    "wasi:cli/exit": cli.Exit,
    "wasi:cli/stdin": cli.Stdin,
    "wasi:cli/stdout": cli.Stdout,
    "wasi:cli/stderr": cli.Stderr,
    "wasi:cli/terminal-input": cli.TerminalInputs,
    "wasi:cli/terminal-output": cli.TerminalOutputs,
    "wasi:cli/terminal-stdin": cli.TerminalStdin,
    "wasi:cli/terminal-stdout": cli.TerminalStdout,
    "wasi:cli/terminal-stderr": cli.TerminalStderr,
    "wasi:clocks/monotonic-clock": clocks.MonotonicClock,
    "wasi:clocks/wall-clock": clocks.WallClock,
    "wasi:filesystem/preopens": nothing.Preopens,
    "wasi:filesystem/types": nothing.Files,
    "wasi:io/error": streams.Errors,
    "wasi:io/poll": poll.Poll,
    "wasi:io/streams": streams.Streams,
    "wasi:random/insecure": random.Insecure,
    "wasi:random/insecure-seed": random.InsecureSeed,
    "wasi:random/random": random.Random,
    "wasi:sockets/instance-network": nothing.InstanceNetwork,
    "wasi:sockets/ip-name-lookup": nothing.IpNameLookup,
    "wasi:sockets/network": nothing.Networks,
    "wasi:sockets/tcp": nothing.Tcp,
    "wasi:sockets/tcp-create-socket": nothing.TcpCreateSocket,
    "wasi:sockets/udp": nothing.Udp,
    "wasi:sockets/udp-create-socket": nothing.UdpCreateSocket,
}
"""The interfaces of WASI 0.2 that the runtime has. Each is created when it is first called.

`wasi:cli/environment` belongs to the machine.
"""


INTERFACES_3: Final[Mapping[str, Callable[[], Any]]] = {
    "wasi:cli/exit": cli.Exit,
    "wasi:clocks/monotonic-clock": clocks.MonotonicClock3,
    "wasi:clocks/system-clock": clocks.SystemClock,
    "wasi:clocks/wall-clock": clocks.SystemClock,  # its name in the drafts
    "wasi:random/insecure": random.Insecure,
    "wasi:random/insecure-seed": random.InsecureSeed,
    "wasi:random/random": random.Random,
}
"""The interfaces of WASI 0.3 without streams. Guests use Python's `print` and `input` instead of the others."""


class Machine:
    """The machine of one guest. `arguments` are those of its program, beginning with the program's name.

    `variables` are its environment.
    """

    def __init__(self, arguments: Sequence[str] = (), variables: Mapping[str, str] | None = None) -> None:
        self._made: dict[str, Any] = {_ENVIRONMENT: cli.Environment(arguments, variables or {})}

    def implementation(self, interface: str) -> Any:
        """The implementation for an interface with this name and version, or None."""
        path, version = split(interface)
        # The first tools were built with drafts of 0.3.
        draft = "0.3" if version.startswith("0.3.0-") else track(version)
        known = {"0.2": INTERFACES, "0.3": INTERFACES_3}.get(draft)
        if known is None or path == _ENVIRONMENT:
            return self._made[path] if known is not None else None
        key = f"{path}@{draft}"
        if key not in self._made and path in known:
            self._made[key] = known[path]()
        return self._made.get(key)
