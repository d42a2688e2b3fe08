"""SQL: `spiderlightning:sql`.

- `open` takes any name: each names a database of its own, made where there is none.
- Parameters are `$1`, `$2`, … or `?`; each stands for one text. The database converts it where it is compared with, or
  stored in, a column that has a type; elsewhere write `CAST($1 AS INTEGER)`. The numbers have to run from 1 to the
  number of values, and there has to be a `?` for each value.
- `query` answers with one flat list of items, row after row; a statement without rows gives none.
- `exec` has the change on disk when it returns, outside a transaction. A transaction that was begun and not ended
  when the handle is dropped is undone.
- A statement holds one SQL statement. It reaches its own database and nothing else of the host.
"""
