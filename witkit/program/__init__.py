"""A component run as a program: its imports connected, `wasi:cli/run` or a named function called."""
