"""Locks: `spiderlightning:distributed-locking`.

All backends follow the same rules, and pass the same tests.

- Each name that is opened has locks of its own. Any list of bytes can name a lock, even the empty one.
- A lock has one holder at a time. Locking it twice without `unlock` waits, even for the same holder.
- Waiting ends with `lock-timeout-error` after the backend's `timeout`; the lock is then not held.
- A lock with a time to live is free that long after it was locked, also if its host has ended before. The time must be
  positive (`lock-acquire-error`); more than a hundred years count as a hundred years.
- A lock without time to live belongs to the host that took it. It is free when it is unlocked, when the host closes the
  backend, and soon after the host has died.
- The key holds the lock, not the handle: dropping the handle frees nothing, and another handle of the same service may
  unlock, also in another process. `invalid-lock-id` means that the key does not hold a lock, or no longer does.
- Several threads may use a service, and several processes a file or server.
"""
