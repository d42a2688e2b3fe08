"""What stands behind each interface of WASI that nothing else is given for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from witkit.abi.versions import split, track

from . import cli, clocks, nothing, poll, random, streams

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
"""Those that the runtime has, in version 0.2: each is made when it is first called. `wasi:cli/environment` is the
machine's own."""


class Machine:
    """One guest's machine. `arguments` are those of its program, the program's own name first."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self._made: dict[str, Any] = {"wasi:cli/environment": cli.Environment(arguments)}

    def implementation(self, interface: str) -> Any:
        """What stands behind an interface of this name and version, None for one that is not of WASI 0.2."""
        path, version = split(interface)
        if track(version) != "0.2":
            return None
        if path not in self._made and path in INTERFACES:
            self._made[path] = INTERFACES[path]()
        return self._made.get(path)
