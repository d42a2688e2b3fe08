"""Locks: `spiderlightning:distributed-locking`.

- `open` accepts any name; each name has its own lock service. Any list of bytes can name a lock, even the empty one.
- A lock has one holder at a time. Locking it twice without `unlock` waits, even for the same holder.
- Waiting ends with `lock-timeout-error` after the backend's `timeout`; the lock is then not held.
- A lock with a time to live frees itself that long after it was locked. The time must be positive
  (`lock-acquire-error`).
- The key holds the lock, not the handle: dropping the handle frees nothing, and another handle of the same service may
  unlock. `invalid-lock-id` means that the key does not hold a lock, or no longer does.
"""
