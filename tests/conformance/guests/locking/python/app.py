"""Every function of `spiderlightning:distributed-locking`, and every error that a guest can cause."""

from __future__ import annotations

import wit_world
from transcript import Transcript
from wit_world.imports.distributed_locking import DistributedLocking

ANY_BYTES = b"\x00\xff/.."


class WitWorld(wit_world.WitWorld):
    def run(self, name: str) -> list[str]:
        said = Transcript()
        with said.did("open", DistributedLocking.open, name) as locks, DistributedLocking.open(name) as same:
            first = said.did("lock", locks.lock, b"door")
            second = said.did("lock another one", locks.lock, ANY_BYTES)
            said.got("their keys are the same", lambda: first == second)
            said.failed("lock what is held", locks.lock, b"door")
            said.failed("lock what is held for a time", locks.lock_with_time_to_live, b"door", 60)
            with DistributedLocking.open(f"{name}-other") as other:
                key = said.did("lock the name in another service", other.lock, b"door")
                said.did("unlock it", other.unlock, key)
            unlocked(said, locks, first)
            said.did("unlock the other one from another handle", same.unlock, second)
            for_a_time(said, locks)
        return said.lines


def unlocked(said: Transcript, locks: DistributedLocking, key: bytes) -> None:
    said.did("unlock", locks.unlock, key)
    said.failed("unlock again", locks.unlock, key)
    said.failed("unlock with a key that nobody got", locks.unlock, b"no such key")
    said.failed("unlock with an empty key", locks.unlock, b"")
    new = said.did("lock it again", locks.lock, b"door")
    said.failed("unlock it with the old key", locks.unlock, key)
    said.did("unlock it with the new key", locks.unlock, new)


def for_a_time(said: Transcript, locks: DistributedLocking) -> None:
    said.failed("lock for no time", locks.lock_with_time_to_live, b"door", 0)
    timed = said.did("lock for a minute", locks.lock_with_time_to_live, b"door", 60)
    said.did("unlock before it is over", locks.unlock, timed)
    short = said.did("lock for a second", locks.lock_with_time_to_live, b"door", 1)
    after = said.did("lock when it is over", locks.lock, b"door")
    said.failed("unlock with the key whose time is over", locks.unlock, short)
    said.did("unlock with the key that holds it", locks.unlock, after)
