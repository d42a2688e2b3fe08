"""Settings for programs, in named sets.

- Any text names a set, and each name has its own set. One without settings is empty.
- Any text can be a key, even the empty one, as far as the limits allow. An empty value is a value.
- `set` on a backend that can only be read is a failure (DENIED), which leaves everything as it is.
"""
