"""Blob stores: containers of objects that are read and written as streams.

- Any text is the name of a container or an object, within the limits that a backend declares.
- An object appears, whole and durably, when its writer commits. A writer that is not committed stores nothing.
- After one failure, a writer always fails: it stores nothing, and the old object is kept.
- A reader shows the object as it was when reading began, even if the object is replaced or deleted, or it fails; it
  never mixes two objects. One `read` returns at most 1 MiB.
- Names are in ascending order of code points. Deleting a missing object succeeds.
"""
