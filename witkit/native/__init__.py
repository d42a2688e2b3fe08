"""Floor 3: guest code run in this process.

The generated bindings call `call`, `construct` and `drop`; whoever runs the guest binds implementations with
`bound` and calls its exports through `Guest`. Values cross by the rules of wasm: what would stop the
component there raises `WouldTrap` here.
"""

from witkit.native.binding import Binding, bound, generated
from witkit.native.calls import call, call_async, construct
from witkit.native.errors import WouldTrap
from witkit.native.guest import Guest
from witkit.native.handles import drop
from witkit.native.streams import Future, Stream, future, stream

__all__ = [
    "Binding",
    "Future",
    "Guest",
    "Stream",
    "WouldTrap",
    "bound",
    "call",
    "call_async",
    "construct",
    "drop",
    "future",
    "generated",
    "stream",
]
