"""Key-value stores: `spiderlightning:keyvalue`.

All backends follow the same rules, and pass the same tests.

- `open` accepts any name, even the empty one, and creates the store if it does not exist. Stores with different names
  share nothing; handles with the same name share everything.
- A key is any string except the empty one (`invalid-key`): of any length, with `/`, `..` and NUL in it. Keys are equal
  if their code points are: `a` and `A`, or `é` in its two spellings, are two keys.
- `get` of a missing key is `key-not-found` with the key. An empty value is a value.
- `keys` are in ascending order of their code points, which is the order of their UTF-8 bytes.
- `delete` of a missing key succeeds.
- Values are copied: nobody can change a stored value from outside.
- When `set` or `delete` has returned, the change is on disk (except for `memory`) and survives the process.
- Several threads may use a store, and several processes a file or folder.
- Messages do not name files or folders of the host, because the component reads them.
"""
