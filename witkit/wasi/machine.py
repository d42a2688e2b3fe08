"""The implementations of WASI's interfaces for one guest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Final, Self

from witkit import abi
from witkit.abi.versions import split, track
from witkit.interfaces import wasi as bindings
from witkit.runtime.wasi import Wasi

from . import cli, clocks, clocks3, filesystem, grants, lookup, poll, random, stdio, streams, tcp, udp
from .allowed import Allowed
from .room import DESCRIPTORS, Room
from .waits import Waits

_TERMINALS: Final = ("stdin", "stdout", "stderr")


class Machine:
    """WASI for one guest, which gets no more than is granted.

    `provided` is what a component needs as imports, `implementation` and `description` what a guest under CPython
    needs. Each interface is created when it is first used. Use it with `with`, or close it: that frees the files that
    it has opened. At most `descriptors` files, folders and sockets are open at once. `errors` is called with
    what it writes to standard error, wherever that goes. Raises `WitkitError` for what cannot be granted.
    """

    def __init__(
        self, granted: Wasi | None = None, *, descriptors: int = DESCRIPTORS,
        errors: Callable[[bytes], object] | None = None,
    ) -> None:  # fmt: skip
        granted = granted or Wasi()
        self._room = Room(descriptors)
        self._stack = ExitStack()
        self._made: dict[str, Any] = {}
        self.waits = waits = Waits()  # what makes interfaces must not keep the machine alive
        with ExitStack() as undo:
            undo.callback(self.close)
            self._makers = self._interfaces(granted, errors)
            self._makers_3 = {name: make for name, make in self._makers.items() if name in _IN_BOTH} | {
                # The others have streams: guests under CPython use Python's `print` and `input` instead.
                "wasi:clocks/monotonic-clock": lambda: clocks3.MonotonicClock3(waits),
                "wasi:clocks/system-clock": clocks3.SystemClock,
                "wasi:clocks/wall-clock": clocks3.SystemClock,  # its name in the drafts
            }
            undo.pop_all()

    def implementation(self, interface: str, /) -> Any:
        """The implementation for an interface with this name and version, or None."""
        path, version = split(interface)
        # The first tools were built with drafts of 0.3.
        draft = "0.3" if version.startswith("0.3.0-") else track(version)
        if draft == "0.2":
            return self._implementation(path) if path in self._makers else None
        if draft != "0.3" or path not in self._makers_3:
            return None
        if path in _IN_BOTH:
            return self._implementation(path)
        if interface not in self._made:
            self._made[interface] = self._makers_3[path]()
        return self._made[interface]

    def description(self, interface: str, /) -> abi.Interface | None:
        """The types that the implementation of an interface has, or None if those of its guest fit."""
        return described(interface)

    def provided(self) -> list[abi.Provided]:
        """All interfaces of WASI 0.2, as imports of a component."""
        return [abi.Provided(each, self._implementation(path)) for path, each in _DESCRIPTIONS.items()]

    def interrupt(self, cause: BaseException) -> None:
        """End the guest's present wait and all later ones: they raise `cause`. Any thread may call this."""
        self.waits.interrupt(cause)

    def close(self) -> None:
        """Free what was opened for the guest. A second time does nothing."""
        self._stack.close()
        self.waits.close()

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _implementation(self, path: str) -> Any:
        """The implementation for an interface of WASI 0.2, by its name without the version."""
        if path not in self._made:
            self._made[path] = self._makers[path]()
        return self._made[path]

    def _interfaces(
        self, granted: Wasi, errors: Callable[[bytes], object] | None
    ) -> dict[str, Callable[[], Any]]:  # fmt: skip
        waits, room = self.waits, self._room
        environment = cli.Environment(grants.arguments(granted), grants.variables(granted))
        source = grants.source(granted, self._stack)
        out = grants.sink(waits, "stdout", granted.stdout, self._stack)
        err = grants.sink(waits, "stderr", granted.stderr, self._stack)
        if errors is not None:
            err = stdio.Remembered(errors, err)
        preopens = filesystem.Preopens(waits, room, grants.folders(granted), self._stack)
        allowed = Allowed(granted.network)
        terminal = cli.Terminal([name for name in _TERMINALS if getattr(granted, name) == "inherit"])
        return {
            "wasi:cli/environment": lambda: environment,
            "wasi:cli/exit": cli.Exit,
            "wasi:cli/stdin": lambda: cli.Stdin(waits, source),
            "wasi:cli/stdout": lambda: cli.Stdout(waits, out),
            "wasi:cli/stderr": lambda: cli.Stderr(waits, err),
            "wasi:cli/terminal-input": cli.TerminalInputs,
            "wasi:cli/terminal-output": cli.TerminalOutputs,
            "wasi:cli/terminal-stdin": lambda: terminal,
            "wasi:cli/terminal-stdout": lambda: terminal,
            "wasi:cli/terminal-stderr": lambda: terminal,
            "wasi:clocks/monotonic-clock": lambda: clocks.MonotonicClock(waits),
            "wasi:clocks/timezone": clocks.Timezone,
            "wasi:clocks/wall-clock": clocks.WallClock,
            "wasi:io/error": streams.Errors,
            "wasi:io/poll": lambda: poll.Poll(waits),
            "wasi:io/streams": streams.Streams,
            "wasi:random/insecure": random.Insecure,
            "wasi:random/insecure-seed": random.InsecureSeed,
            "wasi:random/random": random.Random,
            "wasi:filesystem/preopens": lambda: preopens,
            "wasi:filesystem/types": filesystem.Files,
            "wasi:sockets/instance-network": lookup.InstanceNetwork,
            "wasi:sockets/ip-name-lookup": lambda: lookup.IpNameLookup(waits, allowed),
            "wasi:sockets/network": lookup.Networks,
            "wasi:sockets/tcp": tcp.Tcp,
            "wasi:sockets/tcp-create-socket": lambda: tcp.TcpCreateSocket(waits, room, allowed),
            "wasi:sockets/udp": udp.Udp,
            "wasi:sockets/udp-create-socket": lambda: udp.UdpCreateSocket(waits, room, allowed),
        }


_IN_BOTH: Final = frozenset({
    "wasi:cli/environment", "wasi:cli/exit", "wasi:random/insecure", "wasi:random/insecure-seed", "wasi:random/random",
})  # fmt: skip
"""What is the same in WASI 0.2 and 0.3, apart from names."""


_DESCRIPTIONS: Final[Mapping[str, abi.Interface]] = {
    split(each.interface.name)[0]: each.interface for each in bindings.WORLD.imports
}
"""The generated description of each interface, by its name without the version."""


def described(interface: str) -> abi.Interface | None:
    """The types that the implementation of an interface of WASI 0.2 has; None if WASI 0.2 has no such interface."""
    path, version = split(interface)
    return _DESCRIPTIONS.get(path) if track(version) == "0.2" else None
