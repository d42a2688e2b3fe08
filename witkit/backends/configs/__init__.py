"""Configuration: `spiderlightning:configs`.

- `open` takes any name: each names a set of settings of its own. A set that nothing is in is empty.
- `get` of a setting that is not set is `not-found` with the key; an empty value is a value.
- `set` on a backend that cannot be changed is `permission-denied`.
- A key is any string, the empty one included.
"""
