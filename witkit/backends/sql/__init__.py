"""SQL: `spiderlightning:sql`.

- `open` accepts any name; each name has its own database, which is created if it does not exist.
- Parameters are `$1`, `$2`, … or `?`, and their values are strings. The database converts a value when it compares it
  with a typed column, or stores it in one; elsewhere, write `CAST($1 AS INTEGER)`. The numbers must run from 1 to the
  number of values, or there must be one `?` per value.
- `query` returns one flat list of items, row after row. A statement without rows returns an empty list.
- Outside a transaction, the change is on disk when `exec` returns. If a transaction is still open when the handle is
  dropped, it is undone.
- A statement has exactly one SQL statement. It can access its own database and nothing else of the host.
"""
