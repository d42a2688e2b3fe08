# Source: wasi:http/proxy@0.2.8

"""Host bindings of the world `wasi:http/proxy@0.2.8`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from witkit import abi, runtime
from witkit.abi import Err, Ok, Some

from . import (
    error,
    incoming_handler,
    monotonic_clock,
    outgoing_handler,
    poll,
    random,
    stderr,
    stdin,
    stdout,
    streams,
    types,
    wall_clock,
)
from .error import ErrorInterface
from .incoming_handler import IncomingHandler
from .monotonic_clock import MonotonicClock
from .outgoing_handler import OutgoingHandler
from .poll import Poll
from .random import Random
from .stderr import Stderr
from .stdin import Stdin
from .stdout import Stdout
from .streams import Streams
from .types import Types
from .wall_clock import WallClock

__all__ = [
    "WORLD",
    "Err",
    "Ok",
    "Proxy",
    "ProxyComponent",
    "Some",
    "error",
    "incoming_handler",
    "monotonic_clock",
    "outgoing_handler",
    "poll",
    "random",
    "stderr",
    "stdin",
    "stdout",
    "streams",
    "types",
    "wall_clock",
]


# What the runtime knows of these types and functions.
WORLD = abi.World(
    "wasi:http/proxy@0.2.8",
    imports=(
        abi.Import("poll", poll.INTERFACE),
        abi.Import("monotonic_clock", monotonic_clock.INTERFACE),
        abi.Import("wall_clock", wall_clock.INTERFACE),
        abi.Import("random", random.INTERFACE),
        abi.Import("error", error.INTERFACE),
        abi.Import("streams", streams.INTERFACE),
        abi.Import("stdout", stdout.INTERFACE),
        abi.Import("stderr", stderr.INTERFACE),
        abi.Import("stdin", stdin.INTERFACE),
        abi.Import("types", types.INTERFACE),
        abi.Import("outgoing_handler", outgoing_handler.INTERFACE),
    ),
    exports=(incoming_handler.INTERFACE,),
)


class Proxy(runtime.Instance):
    """An instance of the world `wasi:http/proxy@0.2.8`."""

    _world = WORLD

    @cached_property
    def incoming_handler(self) -> IncomingHandler:
        """The exported interface `wasi:http/incoming-handler@0.2.8`."""
        return IncomingHandler(self)


class ProxyComponent(runtime.Component):
    """A compiled component of the world `wasi:http/proxy@0.2.8`.

    `load` reads it from a file. Any number of instances can be made of it, in several threads.
    """

    _world = WORLD

    def instantiate(
        self,
        *,
        poll: Poll | None = None,
        monotonic_clock: MonotonicClock | None = None,
        wall_clock: WallClock | None = None,
        random: Random | None = None,
        error: ErrorInterface | None = None,
        streams: Streams | None = None,
        stdout: Stdout | None = None,
        stderr: Stderr | None = None,
        stdin: Stdin | None = None,
        types: Types | runtime.ExportedInterface[Literal["wasi:http/types"]] | None,
        outgoing_handler: (
            OutgoingHandler
            | runtime.ExportedInterface[Literal["wasi:http/outgoing-handler"]]
            | None
        ),
        wasi: runtime.Wasi | None = None,
        limits: runtime.Limits | None = None,
        optional: Iterable[str] = (),
    ) -> Proxy:
        """Make an instance.

        An import may be `None` only if `optional` names it, or if it belongs to WASI 0.2.
        """
        return self._instantiate(
            Proxy,
            {
                "poll": poll,
                "monotonic_clock": monotonic_clock,
                "wall_clock": wall_clock,
                "random": random,
                "error": error,
                "streams": streams,
                "stdout": stdout,
                "stderr": stderr,
                "stdin": stdin,
                "types": types,
                "outgoing_handler": outgoing_handler,
            },
            wasi,
            limits,
            optional,
        )

    def prepare(
        self,
        *,
        poll: Poll | None = None,
        monotonic_clock: MonotonicClock | None = None,
        wall_clock: WallClock | None = None,
        random: Random | None = None,
        error: ErrorInterface | None = None,
        streams: Streams | None = None,
        stdout: Stdout | None = None,
        stderr: Stderr | None = None,
        stdin: Stdin | None = None,
        types: Types | runtime.ExportedInterface[Literal["wasi:http/types"]] | None,
        outgoing_handler: (
            OutgoingHandler
            | runtime.ExportedInterface[Literal["wasi:http/outgoing-handler"]]
            | None
        ),
        optional: Iterable[str] = (),
    ) -> runtime.Prepared[Proxy]:
        """Match and link the imports once, to make many instances."""
        return self._prepare(
            Proxy,
            {
                "poll": poll,
                "monotonic_clock": monotonic_clock,
                "wall_clock": wall_clock,
                "random": random,
                "error": error,
                "streams": streams,
                "stdout": stdout,
                "stderr": stderr,
                "stdin": stdin,
                "types": types,
                "outgoing_handler": outgoing_handler,
            },
            optional,
        )
