"""Configuration: `spiderlightning:configs`.

- `open` accepts any name; each name has its own set of settings. A set without settings is empty.
- `get` of a missing setting is `not-found` with the key. An empty value is a value.
- `set` on a read-only backend is `permission-denied`.
- Any string can be a key, even the empty one.
"""
