"""Floor 5: WASI 0.2 in Python: cli, clocks, random, io, filesystem and sockets.

`Machine` has the implementations of all interfaces for one guest, by what `Wasi` grants it. They are written against
the generated package `witkit.interfaces.wasi` and know no engine: components and guests under CPython use the same.
"""

from witkit.wasi.machine import Machine, described

__all__ = ["Machine", "described"]
