"""WASI 0.2 for guests under CPython: what a component gets from the runtime, by the same rules.

`machine` has the table of interfaces, the other modules what stands behind them: `clocks`, `random`, `cli` with
`stdio`, `poll` and `streams` of `wasi:io`, and `nothing`, the files and sockets that nobody is granted.
"""
