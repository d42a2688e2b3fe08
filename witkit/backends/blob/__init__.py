"""Blob stores: `spiderlightning:blob-store`.

- `open` accepts any name, and creates the container if it does not exist. Any string can name an object.
- An object appears, whole and durably, when its write stream is closed or dropped by the guest. A stream that is
  still open when the guest ends stores nothing. A closed stream accepts no more data.
- After one failure, a stream always fails: it stores nothing, and the old object is kept.
- A read stream shows the object as it was when the stream was opened, even if the object is replaced or deleted. One
  `read` returns at most 1 MiB.
- `list-objects` is in ascending order of code points. Deleting a missing object succeeds.
- Reading a missing object, or asking for its metadata, is an error. The only case is `unexpected-error`.
"""
