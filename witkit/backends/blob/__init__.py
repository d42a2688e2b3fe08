"""Blob stores: `spiderlightning:blob-store`.

- `open` takes any name and makes the container where there is none; any string names an object.
- An object appears, whole and durably, when its write stream is closed, or dropped by the guest. One that the guest
  holds when it ends or stops leaves nothing; one that has been closed takes nothing more.
- A stream that failed once fails for ever: it stores nothing, and the old object stays.
- A read stream shows the object as it was when it was opened, even if it is replaced or deleted meanwhile. One `read`
  gives at most 1 MiB.
- `list-objects` is in ascending order of code points. Deleting what is not there succeeds.
- Reading an object that is not there, or asking about it, is an error. The interface has only `unexpected-error`.
"""
