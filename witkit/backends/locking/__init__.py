"""Locks: `spiderlightning:distributed-locking`.

- `open` takes any name: each names a lock service of its own. Every list of bytes names a lock, the empty one too.
- A lock has one holder at a time, whoever takes it: taking it twice without `unlock` waits for itself.
- Waiting ends with `lock-timeout-error` after the backend's `timeout`; the lock is then not held.
- A lock with a time to live frees itself; the time runs from taking it. It has to be positive
  (`lock-acquire-error`).
- The key is what holds the lock, not the handle: dropping the handle frees nothing, and another handle of the
  same service may unlock. A key that holds no lock (any more) is `invalid-lock-id`.
"""
