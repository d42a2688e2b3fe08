"""Floor 3: run guest code in this process, under CPython.

The generated bindings call `call`, `construct` and `drop`. To run a guest, bind implementations with `bound` and call
its exports through `Guest`. Values cross by the rules of wasm: if a component would trap, `WouldTrap` is raised.
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
