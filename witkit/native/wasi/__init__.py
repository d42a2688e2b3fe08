"""WASI 0.2 for guests under CPython, with the same rules as in the runtime.

`machine` has the table of interfaces. The other modules implement them: `clocks`, `random`, `cli` with `stdio`, `poll`
and `streams` for `wasi:io`, and `nothing` for files and sockets, which are never granted.
"""
