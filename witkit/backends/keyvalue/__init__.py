"""Key-value stores: `spiderlightning:keyvalue`.

Every backend keeps to the same rules; the tests hold all of them against one list.

- `open` takes any name, the empty one included, and makes the store where there is none. Stores of
  different names share nothing; handles of one name share everything.
- A key is any string but the empty one (`invalid-key`): of any length, with `/`, `..` and NUL in it.
  Keys are equal when their code points are; `a` and `A`, or `é` in its two spellings, are two keys.
- `get` of a key without value is `key-not-found` with the key. An empty value is a value.
- `keys` are in ascending order of their code points, which is that of their UTF-8 bytes.
- `delete` of a key without value succeeds.
- A value is handed in and out as it was when it was handed over: nobody can change it afterwards.
- When `set` or `delete` has returned, the change is on disk (`memory` apart) and survives the process.
- A store may be used from several threads; a file or folder by several processes.
- Messages name neither files nor folders of the host: the component reads them.
"""
